"""The last line of the lesson screen: what the keyboard does where one is, or what there is to say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from rich.text import Text

from ..operations.operation import Drawing
from ..pages.pictures import Picture
from ..trace.walk import step_at
from ..views.look import Look
from .actions import ACTIONS, has
from .bound import is_offered
from .footer import Shown, footer_line
from .state import LessonState

_Entries = Mapping[str, tuple[str, str]]
"""What the footer shows, in this order, by action: the name of its text, and the keyboard keys; empty: its own."""

_AT_STEP: _Entries = {action.name: (action.footer, "") for action in ACTIONS if action.footer and not action.of_app}
_NARROW, _LAST_WHERE_NARROW = 72, 2
"""Columns below which the other language gives way to what one does at a step: help and quit alone stay."""
_IN_ONE: _Entries = {
    "next_step": ("to_and_fro", "← →"),
    **{name: _AT_STEP[name] for name in ("line_up", "next_cell", "open_cell", "next_layer", "next_head")},
    **{name: shown for name, shown in _AT_STEP.items() if name not in ("next_step", "previous_step")},
}
"""Both ways in one entry, so that there is room for layers and heads, or for opening a number where it is narrow."""
_AMONG_TERMS: _Entries = {
    "next_cell": ("term", ""),
    "open_cell": ("open_cell", ""),
    "close_cell": ("close_cell", ""),
    "go_to": ("go_to", ""),
    "edit": ("edit", ""),
}
_AMONG_QUESTIONS: _Entries = {
    "line_up": ("choose", ""),
    "open_cell": ("open_cell", ""),
    "close_cell": ("close_cell", ""),
    "write": ("glossary", ""),
}
_IN_ANSWER: _Entries = {name: _AMONG_QUESTIONS[name] for name in ("close_cell", "write")}
_AMONG_PATCHES: _Entries = {
    "patches": ("close_cell", ""),
    "line_up": ("move", "← ↑ ↓ →"),
    "open_cell": ("put_in", ""),
}
_IN_PICTURES: Mapping[Picture, _Entries] = {
    "flow": {"flow": ("close_cell", ""), "next_step": ("move", "← →"), "open_cell": ("to_step", "")},
    "matrix": {
        "matrix": ("close_cell", ""),
        "line_up": ("move", "← ↑ ↓ →"),
        "open_cell": ("open_cell", ""),
        "next_head": ("head", ""),
        "heads": ("heads", ""),
        "flow": ("flow", ""),
        "arrows": ("arrows", ""),
    },
    "heads": {
        "heads": ("close_cell", ""),
        "line_up": ("move", "← ↑ ↓ →"),
        "next_cell": ("key", ""),
        "open_cell": ("open_cell", ""),
    },
    "arrows": {
        "arrows": ("close_cell", ""),
        "line_up": ("query", ""),
        "next_cell": ("key", ""),
        "next_step": ("next_step", ""),
        "open_cell": ("open_cell", ""),
        "next_head": ("head", ""),
        "flow": ("flow", ""),
        "matrix": ("matrix", ""),
    },
}
"""The way back first."""
_OF_NUMBERS = ("cell", "open_cell")
"""Texts of what has nothing to do at a step without numbers."""


def lesson_footer(state: LessonState, look: Look) -> Text:
    """The lesson's actions; before them the pace while it walks by itself. A notice takes their place."""
    lead = "" if state.tempo is None else look.texts.screen["playing"].format(seconds=state.tempo)
    is_narrow = look.width < _NARROW
    shown = _shown(state, is_narrow)
    if is_narrow:
        last = _LAST_WHERE_NARROW - (state.trace.layers is not None)
        return footer_line(state.notice, lead, shown, look.texts.actions, look, last)
    return footer_line(state.notice, lead, shown, look.texts.actions, look)


def _shown(state: LessonState, is_narrow: bool) -> Iterator[Shown]:
    """What can be done here, and then what the application can do everywhere; where it is narrow, in fewer words."""
    there = has(state)
    offered = {action.name: action for action in ACTIONS if is_offered(action, there)}
    entries = _entries(state, is_narrow)
    if state.follows:  # before all else: whoever looks around is to find the way back
        entries = {"teacher": _AT_STEP["teacher"], **entries}
    for name, (text, keys) in entries.items():
        if name in offered:
            action = replace(offered[name], footer_keys=keys) if keys else offered[name]
            yield action, "next_lesson" if text == "next_step" and state.next_lesson else text
    dropped = {"language"} if is_narrow else set()
    if is_narrow and state.trace.layers is not None:
        dropped.add("quit")  # one more key at a step, and it is on the help page
    yield from ((action, action.footer) for action in ACTIONS if action.of_app and action.name not in dropped)


def _entries(state: LessonState, is_narrow: bool) -> _Entries:
    if state.questioned is not None:
        return _IN_ANSWER if state.questioned.opened else _AMONG_QUESTIONS
    if state.patched is not None:
        return _AMONG_PATCHES
    if state.trail.cells:
        return _AMONG_TERMS
    has_more = state.trace.layers is not None or state.trace.shape.heads > 1
    at_step = _IN_ONE if (is_narrow or has_more) and not state.next_lesson else _AT_STEP
    entries = at_step if state.picture is None else _IN_PICTURES[state.picture]
    if step_at(state.trace, state.place).type.kind is not Drawing.TOLD:
        return entries
    return {name: shown for name, shown in entries.items() if shown[0] not in _OF_NUMBERS}
