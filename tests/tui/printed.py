"""What the screen ought to show: the views of print mode, laid out as plain text by rich alone."""

from __future__ import annotations

from io import StringIO

from rich.cells import cell_len
from rich.console import Console, RenderableType

from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import Place
from qkvtui.views.look import Look
from tests.views.drawings import as_lines, body, heading_lines, sentence_lines, side

SIDE_FROM, LEAST_BODY, WIDEST_SIDE, SIDE_GAP = 116, 78, 64, 2
GAP_FROM = 16
"""Rows from which on an empty one stands below the sentence."""


def printed(view: RenderableType, width: int) -> list[str]:
    """The lines of a view, without the spaces at their ends."""
    console = Console(
        file=StringIO(), width=width, height=1000, color_system=None, markup=False, emoji=False, highlight=False
    )
    console.print(view, no_wrap=True, crop=True)
    assert isinstance(console.file, StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def body_room(trace: Trace, place: Place, columns: int, rows: int, language: str = "en") -> tuple[int, int]:
    """Columns and rows that are left for the step itself."""
    strip = len(_sentence(trace, place, columns, rows, language))
    width = max(LEAST_BODY, columns - WIDEST_SIDE) if columns >= SIDE_FROM else columns
    return width, rows - strip - 3 - (rows >= GAP_FROM)


def lesson_screen(trace: Trace, place: Place, columns: int = 80, rows: int = 24, language: str = "en") -> list[str]:
    """The whole lesson screen but for its last line, the footer."""
    look = Look(columns, rows, language=language)
    width, height = body_room(trace, place, columns, rows, language)
    is_beside = width < columns
    middle = printed(body(trace, place, look.sized(width, height), is_told=not is_beside), width)[:height]
    middle += [""] * (height - len(middle))
    if is_beside:
        room = columns - width - SIDE_GAP
        told = printed(side(trace, place, look.sized(room, height)), room)
        told += [""] * (height - len(told))
        middle = [
            (line + " " * (width + SIDE_GAP - cell_len(line)) + beside).rstrip()
            for line, beside in zip(middle, told, strict=False)
        ]
    heading = printed(as_lines(heading_lines(trace, place, look.sized(columns, 2))), columns)
    return [*heading, *_sentence(trace, place, columns, rows, language), *[""] * (rows >= GAP_FROM), *middle]


def _sentence(trace: Trace, place: Place, columns: int, rows: int, language: str) -> list[str]:
    most = 2 if rows < 20 else 4 if rows < 36 else 6
    look = Look(columns, most + (trace.example.context is not None), language=language)
    return printed(as_lines(sentence_lines(trace, place, look)), columns)
