"""A lesson with blanks to fill in: as text, and its answers as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO

from rich.console import RenderableType
from rich.text import Text

from ..files.answers import HEADER
from ..narration.formats import cell_format
from ..narration.numbers import INFINITY
from ..operations.operation import Drawing
from ..operations.tensors import Address
from ..trace.addresses import format_address, value_at
from ..trace.blanks import Blanks
from ..trace.grading import LEAST_DECIMALS
from ..trace.lesson import Lesson
from ..trace.trace import Trace
from ..trace.walk import Place, step_at, to_step
from ..views.filling import blank_lines
from ..views.look import Look
from ..views.page import as_lines, body, step_heading
from ..views.wrapping import wrap
from .as_text import opening, step_places
from .console import plain_lines, report_console
from .request import Request

_BLANK = Text("")


def worksheets_as_text(request: Request) -> str:
    """Every lesson as a worksheet, or as its key: the same pages with the numbers filled in."""
    console = report_console(request.look, request.color, request.no_color)
    for index, lesson in enumerate(request.lessons):
        asked = request.blanks_of(lesson)
        assert asked is not None
        for part in _sheet(lesson, asked, request, first=index == 0):
            console.print(part)
    return plain_lines(console)


def answers_as_csv(request: Request) -> str:
    """The addresses of all blanks, and with the key what belongs into them: a file that `check --answers` reads."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(HEADER)
    for lesson in request.lessons:
        asked = request.blanks_of(lesson)
        assert asked is not None
        for cell in asked.cells:
            answer = _answer(lesson.trace, cell, request.look.digits) if request.key else ""
            writer.writerow((format_address(lesson.trace, cell), answer))
    return written.getvalue()


def _answer(trace: Trace, cell: Address, digits: int) -> str:
    """A number as a good learner would hand it in."""
    text = cell_format(trace, cell, max(digits, LEAST_DECIMALS)).text(value_at(trace, cell))
    return text.replace(INFINITY, "inf")


def _sheet(lesson: Lesson, asked: Blanks, request: Request, *, first: bool) -> Iterator[RenderableType]:
    look = replace(request.look, hidden=asked.hidden, revealed=request.key)
    if not first:
        yield _BLANK
    if request.steps is None:
        yield from opening(lesson.trace, lesson.place, look)
        yield _BLANK
    yield as_lines(_instructions(asked, look))
    for step, head in step_places(lesson, request):
        place = replace(to_step(lesson.trace, lesson.place, step.number - 1), head=head)
        yield _BLANK
        yield step_heading(lesson.trace, place, look)
        yield _BLANK
        yield _step(lesson.trace, place, asked, look)


def _instructions(asked: Blanks, look: Look) -> list[Text]:
    says = look.texts.worksheet
    texts = (says["answers" if look.revealed else "fill_in"].format(count=len(asked.cells)), says["how"])
    return [line for text in texts for line in wrap(Text(look.signs(text), look.palette.marked), look.width)]


def _step(trace: Trace, place: Place, asked: Blanks, look: Look) -> RenderableType:
    step = step_at(trace, place)
    if step.type.kind is Drawing.SUMMARY and look.hidden.touches("weights", place.head):
        return as_lines(wrap(Text(_question(trace, place, look)), look.width))
    cells = asked.of_step(step.id, place.head if step.type.per_head else 0)
    return body(trace, place, look, numbers=blank_lines(trace, cells, look) if cells else None)


def _question(trace: Trace, place: Place, look: Look) -> str:
    """What to answer in words where the weights are left to the learner."""
    opening, closing = look.texts.quotes
    text = look.texts.worksheet["in_words"]
    before, after = (look.signs(part) for part in text.split("{query}"))
    token = trace.example.tokens[place.query]
    return f"{before}{look.signs(opening)}{token}{look.signs(closing)}{after}"
