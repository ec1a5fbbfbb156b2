"""The lines of standard input, one after the other, for a lesson that is walked through without a screen."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TextIO

from ..errors import UsageError
from ..memory.state import Memory
from ..report.output import Output
from ..said import say
from ..signals import put_right_first
from ..trace.lesson import Lesson
from ..views.look import Look
from .session import LinearSession

_PROMPT = "> "


def run(lesson: Lesson, look: Look, memory: Memory, open_lesson: Callable[[str], Lesson]) -> int:
    """Until it is left, or nobody types any more; the exit status. Raises UsageError where nothing can be typed."""
    if sys.stdin is None:
        raise UsageError(say("--linear reads commands from standard input, which is closed"))
    output = Output()
    session = LinearSession(lesson, look, memory, open_lesson, output.write)

    def leave() -> None:
        if not session.is_over:
            session.ended()
        memory.save()

    with put_right_first(leave):
        try:
            while not session.is_over and (line := _read(sys.stdin, output)):
                session.typed(line)
        finally:
            leave()
    return 0


def _read(lines: TextIO, output: Output) -> str:
    """The next line, empty at the end; who sees it typed is shown where."""
    if lines.isatty():
        output.write(_PROMPT)
    try:
        return lines.readline()
    except UnicodeDecodeError:
        return "\n"
    except OSError:  # the terminal is gone
        return ""
