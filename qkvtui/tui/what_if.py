"""What one can change in a lesson: numbers, switches, temperature; undo and redo; writing the result."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from ..narration.numbers import setting
from ..trace.addresses import format_address, value_at
from ..trace.appending import next_word
from ..trace.changes import (
    is_assignment,
    leaf_behind,
    of_file,
    parse_assignment,
    parse_number,
    toggled_scale,
)
from ..trace.edits import Edit, number_edit
from ..trace.trace import Trace
from ..trace.walk import to_query
from .pending import as_drawn
from .state import LessonState

_TEMPERATURE_STEP = math.sqrt(2)


def toggle_scale(state: LessonState) -> LessonState:
    """Scale on or off."""
    file = state.history.of_file.at_layer(state.layer)
    return state.changed(Edit("scale", toggled_scale(state.trace, file)))


def toggle_causal(state: LessonState) -> LessonState:
    """Causal mask on or off."""
    return state.changed(Edit("causal", not state.trace.example.attention.causal))


def toggle_softmax(state: LessonState) -> LessonState:
    """Softmax along rows, or wrongly along columns."""
    return state.changed(Edit("softmax", "columns" if state.trace.softmax_over == "rows" else "rows"))


def toggle_rounding(state: LessonState) -> LessonState:
    """Each step rounded to the digits shown, as by hand; or exact."""
    digits = state.look.digits
    return state.changed(Edit("rounding", digits if state.trace.round_each is None else None))


def colder(state: LessonState) -> LessonState:
    """A lower temperature: nearer to one token getting everything."""
    return state.changed(_at_temperature(state.trace, 1 / _TEMPERATURE_STEP))


def warmer(state: LessonState) -> LessonState:
    """A higher temperature: nearer to all tokens getting the same."""
    return state.changed(_at_temperature(state.trace, _TEMPERATURE_STEP))


def _at_temperature(trace: Trace, times: float) -> Edit:
    scale = trace.factor
    return Edit("scale", float(max(1e-6, min(1e6, abs(scale) / times))))


def move_token(by: int) -> Callable[[LessonState], LessonState]:
    """The token that asks one place earlier or later in its sentence. Raises UsageError where places are given."""

    def move(state: LessonState) -> LessonState:
        here, tokens = state.place.query, state.trace.example.tokens
        there = here + by
        if not 0 <= there < len(tokens):
            return state.saying("no_place_beyond", token=tokens[here])
        moved = state.changed(Edit("swap", at=(here, there)))
        said = {"token": tokens[here], "other": tokens[there]}
        return replace(moved, pinned=None).saying("moved_earlier" if by < 0 else "moved_later", **said)

    return move


def append(state: LessonState) -> LessonState:
    """The next word behind the others; it asks from then on. Raises UsageError where none is read."""
    word = next_word(state.trace)
    longer = state.changed(Edit("append"))
    if longer.trace.shape.queries == state.trace.shape.queries:  # an encoder's layer, which reads other words
        return longer.saying("appended_to_target", word=word)
    last = longer.trace.shape.queries - 1
    place = replace(longer.place, word=None)  # which word comes next is another question now
    there = replace(longer, pinned=None).walked(to_query(longer.trace, place, last))
    return there.saying("appended", word=word)


def undo(state: LessonState) -> LessonState:
    """The last change back."""
    if not state.history.at:
        return state.saying("nothing_to_undo")
    return state.showing(state.history.undone())


def redo(state: LessonState) -> LessonState:
    """The change that was taken back, again."""
    if state.history.at == len(state.history.traces) - 1:
        return state.saying("nothing_to_redo")
    return state.showing(state.history.redone())


def edit(state: LessonState) -> LessonState:
    """Ask for a new value of the number of the file behind the current cell. Raises UsageError where there is none."""
    trace, cell = state.trace, as_drawn(state).cell
    leaf = leaf_behind(trace, cell)
    here, name = (format_address(trace, one, state.look.language) for one in (cell, leaf))
    hint = "edit_hint" if of_file(trace, cell) == leaf else "edit_behind_hint"
    return state.asking("edit", f"{name}=", hint, cell=here, name=name, value=setting(value_at(trace, leaf)))


def edited(state: LessonState, text: str) -> LessonState:
    """`X[1,0]=2`, also behind the proposal that is there; or only the new value of the number that was proposed."""
    if is_assignment(text):
        text = "=".join(text.replace("＝", "=").split("=")[-2:])
        leaf, value = parse_assignment(state.trace, text)
    else:
        leaf, value = leaf_behind(state.trace, as_drawn(state).cell), parse_number(text)
    return state.changed(number_edit(leaf, value))
