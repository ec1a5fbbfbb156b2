"""What the lesson screen draws: views of print mode, chosen by the lesson's state, for the size that each part has."""

from __future__ import annotations

from dataclasses import replace

from rich.console import Group, RenderableType
from rich.text import Text

from ..operations.operation import Drawing
from ..pages.comparison import compared_page
from ..pages.front import side_page
from ..pages.headings import heading_lines
from ..pages.opening import opened_page
from ..pages.page import Page
from ..pages.pictures import picture_page
from ..pages.put_in import put_in_words
from ..pages.step_page import step_page
from ..pages.strip import sentence_lines
from ..trace.rounding import ROUNDING_DIGITS
from ..trace.walk import step_at
from ..views.look import Look
from ..views.page import BLANK_LINE, WrittenLines, as_lines, drawn
from ..views.wrapping import wrap
from . import asking
from .instead import Questioned
from .pending import hidden_in
from .state import LessonState

_LEAST_TABLE = 10
"""Lines that a table of patches is to have before what is in is said above it too."""


def draw_heading(state: LessonState, width: int, height: int) -> RenderableType:
    """Title, step, all steps, formula."""
    look = _look(state, width, height)
    after = "" if state.moment is None else look.studying("after", number=state.moment)
    put_in = _put_in(state, look)
    before = after + (f"{put_in} {look.signs('·')} " if put_in else "")
    return WrittenLines(heading_lines(state.trace, state.place, look, before), look.palette)


def _put_in(state: LessonState, look: Look) -> str:
    """What of another run is in; empty where nothing is."""
    example, of_file = state.trace.example, state.history.of_file.example
    return put_in_words(example, look, goes_back=len(example.patches) > len(of_file.patches))


def draw_sentence(state: LessonState, width: int, height: int) -> RenderableType:
    """The sentence and whom the query attends to."""
    look = _look(state, width, height)
    return WrittenLines(sentence_lines(state.trace, state.place, look), look.palette)


def draw_body(state: LessonState, width: int, height: int, *, is_told: bool = True) -> RenderableType:
    """The step, an opened cell, two queries side by side, or questions; with the narration unless that is beside it."""
    look = _look(state, width, height)
    said, page = _body(state, look, is_told)
    return Group(as_lines(said), BLANK_LINE, drawn(page, look.palette)) if said else drawn(page, look.palette)


def body_page(state: LessonState, width: int, height: int | None) -> tuple[list[Text], Page]:
    """What `draw_body` draws: the lines that stand above the page, and the page."""
    return _body(state, _look(state, width, height), True)


def draw_side(state: LessonState, width: int, height: int) -> RenderableType:
    """The narration, and all steps with "you are here"."""
    look = _look(state, width, height)
    return drawn(side_page(state.trace, state.place, look, 0 if state.questioned else state.turned), look.palette)


def turned(state: LessonState, by: int, width: int, height: int, *, is_beside: bool) -> LessonState:
    """A narration of this size turned on or back; where that cannot be, it is said."""
    look = _look(state, width, height)
    is_told = step_at(state.trace, state.place).type.kind is Drawing.TOLD
    beside = is_beside and not is_told
    page = side_page(state.trace, state.place, look) if beside else _body(state, look, True)[1]
    now = min(state.turned, page.turns)
    to = max(0, min(now + by, page.turns))
    return replace(state, turned=to, notice="") if to != now else state.saying("no_more_above" if by < 0 else "no_more")


def _body(state: LessonState, look: Look, is_told: bool) -> tuple[list[Text], Page]:
    """What stands above the page, and the page."""
    if state.picture is not None:
        return [], picture_page(state.picture, state.trace, state.place, look)
    if state.patched is not None:
        from ..pages.patches import patches_page  # the first frame of a lesson does not wait for it

        put_in = _put_in(state, look)
        said = wrap(Text(look.word("patch_each_alone", told=put_in)), look.width) if put_in else []
        if look.height is not None and look.height < len(said) + _LEAST_TABLE:
            said = []
        room = look.sized(look.width, None if look.height is None else look.height - len(said) - bool(said))
        return said, patches_page(state.patched.table, state.patched.cell, room)
    if state.questioned is not None:
        return [], _questions(state, state.questioned, look)
    if state.trail.cells:
        trail = state.trail
        return [], opened_page(state.trace, state.place, trail.cells, trail.chosen, look)
    if state.pinned is not None and step_at(state.trace, state.place).type.kind is not Drawing.TOLD:
        others = (state.pinned,)
        return [], compared_page(state.trace, state.place, others, look, state.turned, is_told=is_told)
    said = asking.lines(state, look)
    is_summed_up = step_at(state.trace, state.place).type.kind is Drawing.SUMMARY and not state.predictions.reply
    if state.predictions.asked and (state.at_end or is_summed_up):
        said = [*said, Text(state.predictions.tally(look), look.palette.key)]
    above = len(said) + 1 if said else 0
    return said, step_page(state.trace, state.place, look, state.turned, is_told=is_told, above=above)


def _questions(state: LessonState, at: Questioned, look: Look) -> Page:
    """The questions of the step, or the answer to one."""
    from ..pages.questions.page import answer_page, list_page, questions_at  # the first frame does not wait for it

    trace, place = state.trace, state.place
    if not at.opened:
        return list_page(trace, place, at.chosen, look)
    return answer_page(trace, place, questions_at(trace, place)[at.chosen], look, state.turned)


def _look(state: LessonState, width: int, height: int | None) -> Look:
    """The look in this room; what is to be predicted is hidden, and what rounding does is seen."""
    look, trace = state.look, state.trace
    hidden = hidden_in(state)
    digits = look.digits if trace.round_each is None else max(look.digits, trace.round_each + ROUNDING_DIGITS)
    return replace(look, width=width, height=height, digits=digits, hidden=hidden)
