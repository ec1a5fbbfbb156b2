"""Lessons as text: what the application shows, one step below the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from ..views.page import WrittenLines, drawn
from .console import plain_lines, report_console
from .request import PrintedLesson, Request


def lessons(printed: Sequence[PrintedLesson], request: Request) -> str:
    """All lessons, or their worksheets, with escape codes only where a colour system is asked for."""
    console = report_console(request.look, request.color, request.no_color)
    for index, part in enumerate(part for one in printed for part in _parts(one)):
        if index:
            console.print()
        console.print(part)
    return plain_lines(console)


def _parts(one: PrintedLesson) -> Iterator[RenderableType]:
    """What stands on the pages, with a blank line between."""
    for words in one.front():
        yield WrittenLines(words.lines, one.look.palette)
    for page in one.pages():
        if page.heading is not None:
            yield WrittenLines(page.heading.rule(one.look), one.look.palette)
        yield drawn(page, one.look.palette)
