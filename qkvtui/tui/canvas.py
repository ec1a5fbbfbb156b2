"""What the lesson screen draws: views of print mode, chosen by the lesson's state, for the size that each part has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rich.console import Group, RenderableType
from rich.text import Text

from ..operations.operation import Drawing
from ..pages.comparison import compared_page
from ..pages.front import side_page
from ..pages.headings import heading_lines
from ..pages.opening import opened_page
from ..pages.page import Page
from ..pages.pictures import Picture, picture_page
from ..pages.step_page import step_page
from ..pages.strip import sentence_lines
from ..trace.rounding import ROUNDING_DIGITS
from ..trace.walk import step_at
from ..views.look import Look
from ..views.page import BLANK_LINE, as_lines, drawn, written
from . import asking
from .actions import ACTIONS
from .footer import Shown, footer_line
from .pending import hidden_in
from .questioned import Questioned
from .state import LessonState

_AMONG_TERMS = {
    "open_cell": "open_cell",
    "next_cell": "term",
    "close_cell": "close_cell",
    "edit": "edit",
    "go_to": "go_to",
}
"""What the footer shows while a cell is opened, by action: the name of its text."""
_IN_PICTURES: dict[Picture, dict[str, tuple[str, str]]] = {
    "flow": {"flow": ("close_cell", "0"), "next_step": ("move", "← →"), "open_cell": ("to_step", "Enter")},
    "matrix": {
        "matrix": ("close_cell", "M"),
        "line_up": ("move", "← ↑ ↓ →"),
        "open_cell": ("open_cell", "Enter"),
        "next_head": ("head", "[ ]"),
        "flow": ("flow", "0"),
        "arrows": ("arrows", "G"),
    },
    "arrows": {
        "arrows": ("close_cell", "G"),
        "line_up": ("query", "↑↓"),
        "next_cell": ("key", ". ,"),
        "next_step": ("next_step", "→"),
        "open_cell": ("open_cell", "Enter"),
        "next_head": ("head", "[ ]"),
        "flow": ("flow", "0"),
        "matrix": ("matrix", "M"),
    },
}
"""What it shows while a picture is, the way back first, by action: the name of its text, and the keyboard keys."""

_AMONG_QUESTIONS = {
    "line_up": "choose",
    "open_cell": "open_cell",
    "close_cell": "close_cell",
    "write": "glossary",
}
"""The same while questions stand in the place of the step."""
_NOT_WHERE_TOLD = ("next_cell", "open_cell")
"""What has nothing to do at a step without numbers."""


def draw_heading(state: LessonState, width: int, height: int) -> RenderableType:
    """Title, step, all steps, formula."""
    look = _look(state, width, height)
    after = "" if state.moment is None else look.studying("after", number=state.moment)
    return written(heading_lines(state.trace, state.place, look, after), look.palette)


def draw_sentence(state: LessonState, width: int, height: int) -> RenderableType:
    """The sentence and whom the query attends to."""
    look = _look(state, width, height)
    return written(sentence_lines(state.trace, state.place, look), look.palette)


def draw_body(state: LessonState, width: int, height: int, *, is_told: bool = True) -> RenderableType:
    """The step, an opened cell, two queries side by side, or questions; with the narration unless that is beside it."""
    look = _look(state, width, height)
    said, page = _body(state, look, is_told)
    return Group(as_lines(said), BLANK_LINE, drawn(page, look.palette)) if said else drawn(page, look.palette)


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


def draw_footer(state: LessonState, width: int, height: int) -> RenderableType:
    """The keyboard, or what there is to say."""
    look = _look(state, width, height)
    lead = "" if state.tempo is None else look.texts.screen["playing"].format(seconds=state.tempo)
    return footer_line(state.notice, lead, _shown(state), look.texts.actions, look)


def _shown(state: LessonState) -> Iterator[Shown]:
    has_heads = state.trace.shape.heads > 1
    offered = [
        action
        for action in ACTIONS
        if (has_heads or not action.needs_heads) and (state.trace.example.learn or not action.needs_task)
    ]
    if state.picture is not None:
        by_name = {action.name: action for action in offered}
        of_picture = _IN_PICTURES[state.picture].items()
        yield from (
            (replace(by_name[name], footer_keys=keys), text) for name, (text, keys) in of_picture if name in by_name
        )
        yield from ((action, action.footer) for action in offered if action.of_app)
        return
    meant = _AMONG_QUESTIONS if state.questioned is not None else _AMONG_TERMS if state.trail.cells else None
    is_told = step_at(state.trace, state.place).type.kind is Drawing.TOLD
    for action in offered:
        if is_told and meant is None and action.name in _NOT_WHERE_TOLD:
            continue
        name = action.footer if meant is None or action.of_app else meant.get(action.name, "")
        yield action, "next_lesson" if name == "next_step" and state.next_lesson else name


def _look(state: LessonState, width: int, height: int) -> Look:
    """The look in this room; what is to be predicted is hidden, and what rounding does is seen."""
    look, trace = state.look, state.trace
    hidden = hidden_in(state)
    digits = look.digits if trace.round_each is None else max(look.digits, trace.round_each + ROUNDING_DIGITS)
    return replace(look, width=width, height=height, digits=digits, hidden=hidden)
