"""What is read out of a lesson: the sentences of a page, and after a move only what is new."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace

from ..narration.sentences import Role
from ..narration.spoken import spelled
from ..pages.lines import Line, line_of
from ..pages.page import Page, PageWords
from ..pages.page import said as words_said
from ..pages.reading import names_in
from ..pages.tables import Lines, PageTable, TableCell
from ..report.as_transcript import Transcript, steps_told
from ..report.request import UNBOUNDED
from ..report.told import ToldReport
from ..tui.bound import Offer, in_groups
from ..tui.canvas import body_page
from ..tui.instead import Patched, Questioned
from ..tui.state import LessonState
from ..views.look import Look
from .typed import ON_SCREEN_ONLY


class ReadOut:
    """Knows what was read already: while one stays on a page, no sentence of it is read twice, and no table."""

    def __init__(self) -> None:
        self._on: Hashable = None
        self._told: frozenset[str] = frozenset()

    def lines(self, state: LessonState) -> list[str]:
        """What is to be read now, a sentence or a row of a table a line."""
        page, on = _page(state), _page_of(state)
        all_lines = list(_read(state, page))
        if on != self._on:
            self._on, self._told = on, frozenset(all_lines)
            return all_lines
        words = replace(
            page, heading=None, parts=tuple(part for part in page.parts if isinstance(part, PageWords | Lines))
        )
        if isinstance(state.instead, Questioned) and not state.instead.opened:
            return all_lines[1 + state.instead.chosen :][:1]  # only the mark has moved
        new = [line for line in _read(state, words) if line not in self._told]
        self._told = frozenset(all_lines)
        return new


def heading_of(state: LessonState) -> str:
    """Where one is: the line that is read first of a page."""
    return next(_read(state, _page(state)))


def read_out(text: str, look: Look) -> str:
    """A text of the screen with its signs in words."""
    return spelled([(text, Role.PLAIN)], look.texts, look.signs)


def commands_told(offers: Sequence[Offer], look: Look) -> Iterator[str]:
    """Every command with its keys, in groups."""
    able = [one for one in offers if one.action.name not in ON_SCREEN_ONLY]
    for group, members in in_groups(able):
        yield f"\n{group}"
        for offer in members:
            keys = look.texts.list_separator.join(look.keys(offer.action.shown).split())
            yield f"{keys}{look.word('colon')}{offer.about}"


def _page(state: LessonState) -> Page:
    """The page of the screen, as wide and as high as it needs; before it what the lesson asks there."""
    above, page = body_page(state, UNBOUNDED, None)
    if state.trail.cells:
        page = _opened(page, state.look)
    elif state.picture == "flow":
        page = Page((words_said("map", list(_steps(state)), state.look.sized(UNBOUNDED, None)),))
    asked = words_said("question", [line_of(text.plain) for text in above], state.look.sized(UNBOUNDED, None))
    return replace(page, parts=(asked, *page.parts)) if above else page


def _opened(page: Page, look: Look) -> Page:
    """Of an opened number only what it is made of: a line a term, without the tables above."""
    kept = tuple(part for part in page.parts if isinstance(part, PageWords) and part.about != "trail")
    terms = page.parts[-1]
    if not isinstance(terms, PageTable):
        return replace(page, parts=kept)
    lines = [line_of(" ".join(_cell(cell, look) for cell in row if cell.text)) for row in terms.rows]
    return replace(page, parts=(*kept, words_said("sentences", lines, look.sized(UNBOUNDED, None))))


def _cell(cell: TableCell, look: Look) -> str:
    return _current(cell.text, look) if cell.role is Role.CURRENT else cell.text


def _current(text: str, look: Look) -> str:
    return look.texts.spoken["noted"].format(number=text, note=look.texts.spoken["current"])


def _steps(state: LessonState) -> Iterator[Line]:
    """All steps in order, with where one is."""
    for index, told in enumerate(steps_told(state.trace, state.look)):
        yield line_of(_current(told, state.look) if index == state.place.step else told)


def _page_of(state: LessonState) -> Hashable:
    """What makes a page another one: moving along a row does not, nor within a picture."""
    place, instead = state.place, state.instead
    at: Hashable = None if state.picture is not None else (place.query, state.pinned)
    match instead:
        case Questioned():
            at = (at, "questions", instead.opened and instead.chosen)
        case Patched():
            at = (at, "patches")
        case _:
            at = (at, instead)
    trail = state.trail.cells
    step = None if state.picture == "flow" else place.step
    return (state.layer, step, place.head, state.history.at, state.look.language, state.look.digits, trail, at)


def _read(state: LessonState, page: Page) -> Iterator[str]:
    trace, look = state.trace, state.look
    labels = frozenset((*trace.example.tokens, *trace.example.keys))
    known = names_in(trace, look.language, state.place.head)
    report = ToldReport("", look, lambda _: iter((page,)), labels, known)
    for part in Transcript(report).parts():
        yield from (line for line in part if line.strip())
