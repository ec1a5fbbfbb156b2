"""What `qkvtui list` writes, once its options are read."""

from __future__ import annotations

import os
import sys

from .command_line import LessonOptions
from .environment import writable
from .files.course import group_of
from .files.headings import bundled_headings
from .memory.folders import is_there, state_path


def listed(options: LessonOptions) -> str:
    """The bundled lessons, by groups."""
    headings, seen = bundled_headings(), _seen_lessons()
    width = max((len(heading.example.name) for heading in headings), default=0)
    sign = "v" if options.ascii or writable("✓", sys.stdout.encoding) != "✓" else "✓"
    lines: list[str] = []
    before = None
    for heading in headings:
        group = group_of(heading.example.name)
        if group is not None and group is not before:
            lines += [*([""] if lines else []), group.title.in_language(options.lang)]
        mark = sign if heading.example.name in seen else " "
        lines.append(f"{mark} {heading.example.name:<{width}}  {heading.title.in_language(options.lang)}")
        before = group
    return "".join(f"{line}\n" for line in lines)


def _seen_lessons() -> frozenset[str]:
    """The lessons to be marked as seen: on a terminal only, so that a script reads the same list everywhere."""
    if not sys.stdout.isatty() or not is_there(state_path(os.environ)):
        return frozenset()
    from .memory.state import memory_of

    return memory_of(os.environ).known.seen
