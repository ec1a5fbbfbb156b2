"""The list of questions, those that arise at a step first; and the page of an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...narration.sentences import Role, filled
from ...trace.parts import Step
from ...trace.trace import Trace
from ...trace.walk import Place, step_at, to_step
from ..lines import Line, Pen, cropped, ends, line_of
from ..listings import Listing, fitting_table
from ..page import Page, PageWords, said, turned_to, turning_line
from ..room import PageRoom
from ..scene import Scene
from ..tables import PageTable
from ..windows import around
from .inquiry import HiddenNumberError, Inquiry, Said, WhyQuestion
from .table import arises_at, questions_of

_LEAST_ROWS = 4
"""Lines of a table that sentences do not take from it: its heading and three tokens."""
_MOST_ROWS = 18
"""Lines of a table on paper."""
_DIGITS = 9
"""How many questions have a digit."""


def questions_at(trace: Trace, place: Place) -> tuple[WhyQuestion, ...]:
    """All questions; those that arise at the step one is at come first."""
    step = step_at(trace, place)
    asked = questions_of(trace)
    first = [question for question in asked if arises_at(question, step)]
    return (*first, *(question for question in asked if question not in first))


def place_of(question: WhyQuestion, trace: Trace, place: Place) -> Place:
    """The first step of a lesson at which a question arises; where one is, if at none."""
    found = next((step for step in trace.steps if arises_at(question, step)), None)
    return place if found is None else to_step(trace, place, found.number - 1)


def printed_pages(trace: Trace, place: Place, steps: Sequence[Step], room: PageRoom) -> Iterator[Page]:
    """Every question that arises at one of the steps with its answer, where it first arises; of all steps, all."""
    whole = len(steps) == len(trace.walk)
    for question in questions_of(trace):
        if whole or any(arises_at(question, step) for step in steps):
            yield answer_page(trace, place_of(question, trace, place), question, room)


def list_page(trace: Trace, place: Place, chosen: int, room: PageRoom) -> Page:
    """The questions, one a line, and behind them the words; the chosen one marked."""
    asked, found = Inquiry(Scene(trace, place, room)), questions_at(trace, place)
    here = sum(arises_at(question, step_at(trace, place)) for question in found)
    titles = [line_of(room.word("questions_here" if here else "questions_all"), Role.DIM)]
    lines = [_entry(asked, index, question_line(asked, question), chosen) for index, question in enumerate(found)]
    lines.append(_entry(asked, len(found), line_of(room.word("glossary"), Role.TITLE), chosen))
    most = len(lines) if room.height is None else max(1, room.height - len(titles))
    shown = around(chosen, len(lines), most)
    if not shown.whole:
        counted = f"{chosen + 1}/{len(lines)}"
        titles = [ends(titles[0], line_of(counted, Role.DIM), room.width, room.signs("…"), Role.DIM)]
    return Page((PageWords("question", (*titles, *lines[shown.start : shown.stop]), (*titles, *lines)),))


def _entry(asked: Inquiry, index: int, line: Line, chosen: int) -> Line:
    mark = asked.room.signs("▸") if index == chosen else " "
    digit = str(index + 1) if index < _DIGITS else " "
    pen = Pen(Role.MARKED if index == chosen else Role.PLAIN).write(f"{mark}{digit} ", click=("question", index))
    for piece in line.pieces:
        pen.write(piece.text, piece.role, click=("question", index))
    return cropped(pen.line, asked.room.width)


def question_line(asked: Inquiry, question: WhyQuestion) -> Line:
    """The question itself."""
    text = asked.room.texts.questions[question.name]
    return asked.room.spoken(filled(text, lambda _: asked.token(asked.place.query)))


def answer_page(trace: Trace, place: Place, question: WhyQuestion, room: PageRoom, turned: int = 0) -> Page:
    """A question with its answer; of one that is higher than the room, the part after so many that were `turned`."""
    asked = Inquiry(Scene(trace, place, room))
    pieces = question_line(asked, question).pieces
    title = said("heading", [Line(tuple(replace(piece, under=Role.TITLE) for piece in pieces))], room)
    found = list(_parts(asked, question))
    words = {index: said("sentences", [one], room) for index, one in enumerate(found) if isinstance(one, Line)}
    left = None if room.height is None else room.height - title.height - sum(one.height for one in words.values())
    drawn: list[PageWords | PageTable] = [title]
    for index, one in enumerate(found):
        if isinstance(one, Listing):
            least = _LEAST_ROWS + bool(one.bottom_label)
            drawn.append(fitting_table(one, room.sized(room.width, _MOST_ROWS if left is None else max(least, left))))
            left = None if left is None else left - drawn[-1].height
        else:
            drawn.append(words[index])
    return Page(tuple(drawn if room.height is None else _turned(drawn, turned, room, room.height)))


def _parts(asked: Inquiry, question: WhyQuestion) -> Iterator[Said]:
    """What the answer is made of; where something of it would tell a hidden number, that something is left out."""
    withheld = False
    for part in question.parts:
        try:
            yield from part(asked)
        except HiddenNumberError:
            withheld = True
    if withheld:
        yield line_of(asked.room.word("withheld"), Role.DIM)


def _turned(
    drawn: Sequence[PageWords | PageTable], turned: int, room: PageRoom, height: int
) -> Iterator[PageWords | PageTable]:
    """The lines that fit, so many times turned on; the last one says how many there are above and below."""
    total = sum(part.height for part in drawn)
    if total <= height:
        yield from drawn
        return
    shown, parts = turned_to(total, height, turned)
    top = 0
    for part in drawn:
        start, stop = max(0, shown.start - top), min(part.height, shown.stop - top)
        if start < stop:
            yield _lines_of(part, start, stop)
        top += part.height
    yield PageWords("caption", (turning_line(shown, total, room),), parts=parts)


def _lines_of(part: PageWords | PageTable, start: int, stop: int) -> PageWords | PageTable:
    if isinstance(part, PageTable):
        return replace(part, rows=part.rows[start:stop], height=stop - start)
    return replace(part, lines=part.lines[start:stop])
