"""Pages as plain data: nothing hidden is in them, whoever reads them, and they say all that a format needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace

import pytest

from qkvtui.narration.sentences import Role
from qkvtui.narration.tells import SLOT
from qkvtui.pages.comparison import compared_page, matrix_page
from qkvtui.pages.lines import Line
from qkvtui.pages.opening import opened_page
from qkvtui.pages.page import Page, PageWords
from qkvtui.pages.pictures import Picture, picture_page
from qkvtui.pages.room import PageRoom
from qkvtui.pages.scene import Scene
from qkvtui.pages.step_page import step_page
from qkvtui.pages.strip import sentence_lines
from qkvtui.pages.tables import Lines, PageTable, TableCell, tables_in
from qkvtui.report.request import PrintedLesson, Request
from qkvtui.trace.blanks import ALL, ALTERNATE, blanks
from qkvtui.trace.hidden import Hidden, hidden_cell
from qkvtui.trace.lesson import Lesson
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import Place, cell_of, start, to_step
from qkvtui.views.look import Look
from tests import samples
from tests.trace.altered import Altered
from tests.trace.lessons import neutral_place
from tests.variants.tasks import traces
from tests.views.pages import narration_of

NAMES = ("plain", "three_heads", "grouped", "all_masks", "cross", "blind_heads", "animal", "journey", "whole_numbers")
PICTURES: tuple[Picture, ...] = ("flow", "matrix", "arrows")
ROOMS = (PageRoom(90), PageRoom(60, 20, language="zh"), PageRoom(80, 18, ascii=True, tokens_as="columns"))


def everything(trace: Trace, place: Place, room: PageRoom) -> Iterator[object]:
    """Every page of a lesson that the program can make of one place, and the sentence."""
    yield sentence_lines(trace, place, room)
    others = tuple(query for query in range(trace.shape.queries) if query != place.query)
    for step in range(len(trace.steps)):
        at = to_step(trace, place, step)
        yield step_page(trace, at, room)
        yield opened_page(trace, at, (Scene(trace, at, room).at,), 0, room)
        yield from (picture_page(picture, trace, at, room) for picture in PICTURES)
        if others:
            yield compared_page(trace, at, others[:1], room)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", samples.each(NAMES, ("plain", "cross", "blind_heads", "animal")))
def test_two_lessons_that_differ_only_in_hidden_numbers_make_the_same_pages(name: str) -> None:
    """A new format would have shown, shaded, ordered or summed up what a worksheet leaves to the learner."""
    trace = samples.trace(name)
    place = neutral_place(trace)
    for level in (ALL, ALTERNATE):
        hidden = blanks(trace, place, level, heads=(place.head,)).hidden
        for room in (replace(one, hidden=hidden) for one in ROOMS):
            pairs = zip(everything(trace, place, room), everything(Altered(trace, hidden), place, room), strict=True)
            for number, (one, other) in enumerate(pairs):
                assert one == other, (level, number)


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.width))
def test_nor_does_anything_that_can_be_added_to_attention_tell_what_is_hidden(room: PageRoom) -> None:
    """A page of turned keys, of a bias or of a sink would have told what a worksheet leaves to the learner."""
    for trace in traces(tasks=0):
        place = neutral_place(trace)
        hidden = blanks(trace, place, ALL, heads=(place.head,)).hidden
        there = replace(room, hidden=hidden)
        pairs = zip(everything(trace, place, there), everything(Altered(trace, hidden), place, there), strict=True)
        for number, (one, other) in enumerate(pairs):
            assert one == other, (trace.example.title, number)


def texts_in(found: object) -> Iterator[str]:
    """Every text in every field of a page, what a click means included."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, tuple):
        for one in found:
            yield from texts_in(one)
    elif isinstance(found, float):
        yield f"{found:.2f}"
    elif is_dataclass(found):
        for field in fields(found):
            yield from texts_in(getattr(found, field.name))


def test_a_hidden_number_is_in_no_field_of_its_page() -> None:
    """The number stood in the page's data where no drawing shows it, and the first HTML page gave it away."""
    trace = samples.trace("animal")
    place = to_step(trace, neutral_place(trace), trace.step("weights").number - 1)
    hidden = blanks(trace, place, "weights").hidden
    told = " ".join(texts_in(step_page(trace, place, PageRoom(90, hidden=hidden))))
    shown = " ".join(texts_in(step_page(trace, place, PageRoom(90))))
    for weight in trace.row("weights", place.query):
        assert f"{weight:.2f}" in shown
        assert f"{weight:.2f}" not in told.replace("exp(", "")
    assert SLOT in told


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", ["learn_weights", "learn_label", "learn_output", "animal-learn"])
def test_a_weight_that_is_left_blank_stays_blank_in_the_steps_of_learning(name: str) -> None:
    """A learner who leaves the weights blank on the screen walked on and read them off a gradient's table."""
    trace = samples.trace(name)
    place = neutral_place(trace)
    hidden = blanks(trace, place, "weights", heads=range(trace.shape.heads)).hidden
    for step in trace.steps:
        at = to_step(trace, place, step.number - 1)
        for room in (PageRoom(200, hidden=hidden), PageRoom(60, 14, hidden=hidden)):
            page, other = (step_page(one, at, room) for one in (trace, Altered(trace, hidden)))
            assert page.tables == other.tables, step.id
            for cell in cells_of(page):
                match cell.click:
                    case ("cell", ("weights", *_)):
                        assert cell.text == SLOT, step.id
                        assert cell.share is None


def cells_of(page: Page) -> Iterator[TableCell]:
    return (cell for one in page.tables for row in one.rows for cell in row)


def test_a_predicted_number_is_a_blank_that_is_still_the_current_cell() -> None:
    """What is asked for had no place on the page."""
    trace = samples.trace("plain")
    for step in trace.steps:
        place = to_step(trace, neutral_place(trace), step.number - 1)
        at = cell_of(trace, place)
        if at.name == "weights" and step.id != "weights":
            continue
        page = step_page(trace, place, PageRoom(80, hidden=hidden_cell(at)))
        assert {cell.text for cell in cells_of(page) if cell.role is Role.CURRENT} == {SLOT}, step.id
        assert page.worked is not None
        assert (page.worked.value, page.worked.equation) == (SLOT, Line())


def markdown(printed: PrintedLesson) -> str:
    """A lesson as Markdown: all that a format has to know of a page."""
    parts = [text for words in printed.front() for text in _words(words)]
    for page in printed.pages():
        assert page.heading is not None
        parts.append(f"## {page.heading.number}. {page.heading.name}: `{page.heading.formula}`")
        for part in page.parts:
            if isinstance(part, PageWords):
                parts.extend(_words(part))
            elif isinstance(part, Lines):
                parts.append("```\n" + "\n".join(line.text for line in part.lines) + "\n```")
            else:
                parts.extend(map(_table, tables_in(part)))
    return "\n\n".join(parts) + "\n"


def _words(words: PageWords) -> Iterator[str]:
    if words.about in ("sentence", "map"):
        yield "```\n" + "\n".join(line.text for line in words.lines) + "\n```"
    else:
        yield from (
            "".join(f"**{one.text}**" if one.role is Role.MARKED else one.text for one in line.pieces)
            for line in words.whole
            if line.pieces
        )


def _table(one: PageTable) -> str:
    header, *rows = (
        "| " + " | ".join(f"**{cell.text}**" if cell.role is Role.CURRENT else cell.text for cell in row) + " |"
        for row in one.rows
    )
    return "\n".join([header, "|---" * len(one.widths) + "|", *rows])


def printed(name: str, blank: str | None = None, alter: Hidden | None = None) -> PrintedLesson:
    trace = samples.trace(name)
    place = neutral_place(trace)
    lesson = Lesson(trace if alter is None else Altered(trace, alter), place, name)
    return PrintedLesson(lesson, Request((lesson,), Look(100), blank=blank))


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", ["animal", "three_heads", "all_masks", "cross"])
def test_a_format_of_forty_lines_says_what_the_page_says_and_leaks_no_blank(name: str) -> None:
    """Whoever wrote a new format had to ask at every number whether it may be shown, and forgot one."""
    shown = markdown(printed(name))
    trace, place = samples.trace(name), neutral_place(samples.trace(name))
    for value in trace.row("weights", place.query, place.head):
        assert f"{value:.2f}" in shown
    for step in trace.steps:
        assert f"## {step.number}." in shown
    blank = markdown(printed(name, ALL))
    assert SLOT in blank
    hidden = blanks(trace, place, ALL, heads=(place.head,)).hidden
    assert blank == markdown(printed(name, ALL, hidden))
    assert shown != markdown(printed(name, None, hidden))


def test_a_page_says_its_tables_sentences_and_worked_cell_apart_from_how_they_are_laid_out() -> None:
    """A format had to take numbers out of brackets and sentences out of broken lines."""
    trace = samples.trace("animal")
    place = to_step(trace, start(trace), trace.step("weights").number - 1)
    narrow, wide = (step_page(trace, place, PageRoom(width)) for width in (40, 120))
    assert narration_of(narrow) == narration_of(wide)
    assert narrow.worked == wide.worked
    assert wide.worked is not None
    assert (wide.worked.address, wide.worked.value) == ("weights[it,animal]", "0.26")
    (listing, _) = wide.tables
    header, *rows = ([cell.text for cell in row] for row in listing.rows)
    assert header[2::2][:3] == ["S′", "S′ − max", "exp"]
    assert rows[2][0] == "animal"
    assert "0.26" in rows[2]
    assert len(matrix_page(trace, place, PageRoom(80)).tables) == 1
