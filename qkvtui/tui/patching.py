"""Rows of another run put in: the table of what each would do, and putting one in for good."""

from __future__ import annotations

from dataclasses import replace

from ..trace.addresses import format_address
from ..trace.edits import patch_edit
from .instead import Patched
from .moves import Move
from .state import LessonState

_FAR = 1 << 16
"""More lines than a table has."""


def show(state: LessonState) -> LessonState:
    """The table for the first other run that the file names, in the place of the step. Raises UsageError."""
    from ..trace.patch_tables import patch_table  # here and below: the first frame does not wait for it
    from ..trace.watched import watched

    runs = state.original.others
    if not runs:
        name = "no_other_sentence" if state.original.ids else "no_other_run"
        return state.saying(name, address=format_address(state.trace, state.cell))
    from ..pages.patches import strongest

    table = patch_table(state.trace, runs[0], watched(state.trace, runs[0]))
    return replace(state.walked(state.place), plays=False, instead=Patched(table, strongest(table)))


def _move(down: int, across: int) -> Move:
    def move(state: LessonState) -> LessonState:
        from ..pages.patches import moved

        at = _shown(state)
        there = moved(at.table, at.cell, down, across)
        if there == at.cell:
            return state.saying("no_more_cells")
        return replace(state, instead=at.at(there), notice="")

    return move


def _put_in(state: LessonState) -> LessonState:
    """The chosen row or head is put in, and one stands at the watched number."""
    from ..pages.patches import patch_of

    at = _shown(state)
    changed = _leave(state).changed(patch_edit(patch_of(at.table, at.cell)))
    return changed.walked_to(at.table.watch).saying("put_in")


def _leave(state: LessonState) -> LessonState:
    return replace(state, instead=None, notice="")


def _shown(state: LessonState) -> Patched:
    assert state.patched is not None
    return state.patched


ACTS_ON_PATCHES: dict[str, Move] = {
    "line_up": _move(-1, 0),
    "line_down": _move(1, 0),
    "previous_step_left": _move(0, -1),
    "next_step_right": _move(0, 1),
    "previous_cell": _move(0, -1),
    "next_cell": _move(0, 1),
    "first_step": _move(-_FAR, -_FAR),
    "last_step": _move(_FAR, _FAR),
    "open_cell": _put_in,
    "close_cell": _leave,
    "patches": _leave,
}
"""What some actions do while the table stands in the place of the step."""
