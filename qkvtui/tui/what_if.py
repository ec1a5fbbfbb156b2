"""What one can change in a lesson: numbers, switches, temperature; undo and redo; writing the result."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..errors import QkvtuiError
from ..trace.addresses import format_address
from ..trace.changes import (
    is_assignment,
    leaf_behind,
    parse_assignment,
    parse_number,
    set_causal,
    set_number,
    set_rounding,
    set_scale,
    set_softmax,
    toggled_scale,
)
from ..trace.trace import Trace
from .prompt import LinePrompt

if TYPE_CHECKING:
    from .lesson import LessonScreen

_TEMPERATURE_STEP = math.sqrt(2)


def toggle_scale(screen: LessonScreen) -> None:
    """Scale on or off."""
    screen.change(lambda trace: set_scale(trace, toggled_scale(trace, screen.history.traces[0])))


def toggle_causal(screen: LessonScreen) -> None:
    """Causal mask on or off."""
    screen.change(lambda trace: set_causal(trace, not trace.example.attention.causal))


def toggle_softmax(screen: LessonScreen) -> None:
    """Softmax along rows, or wrongly along columns."""
    screen.change(lambda trace: set_softmax(trace, "columns" if trace.softmax_over == "rows" else "rows"))


def toggle_rounding(screen: LessonScreen) -> None:
    """Each step rounded to the digits shown, as by hand; or exact."""
    digits = screen.app.look.digits
    screen.change(lambda trace: set_rounding(trace, digits if trace.round_each is None else None))


def colder(screen: LessonScreen) -> None:
    """A lower temperature: nearer to one token getting everything."""
    screen.change(lambda trace: _at_temperature(trace, 1 / _TEMPERATURE_STEP))


def warmer(screen: LessonScreen) -> None:
    """A higher temperature: nearer to all tokens getting the same."""
    screen.change(lambda trace: _at_temperature(trace, _TEMPERATURE_STEP))


def _at_temperature(trace: Trace, times: float) -> Trace:
    scale = 1.0 if trace.scale is None else trace.scale
    return set_scale(trace, max(1e-6, min(1e6, abs(scale) / times)))


def undo(screen: LessonScreen) -> None:
    """The last change back."""
    screen.show_history(screen.history.undone())


def redo(screen: LessonScreen) -> None:
    """The change that was taken back, again."""
    screen.show_history(screen.history.redone())


def edit(screen: LessonScreen) -> None:
    """Ask for a new value of the number of the file behind the current cell."""
    try:
        leaf = leaf_behind(screen.trace, screen.current_cell())
    except QkvtuiError as error:
        screen.notice = str(error)
        return
    screen.query_one(LinePrompt).ask("edit", f"{format_address(screen.trace, leaf)}=", "edit_hint")


def edited(screen: LessonScreen, text: str) -> None:
    """`X[1,0]=2`, or only the new value of the number that was proposed."""
    if is_assignment(text):
        leaf, value = parse_assignment(screen.trace, text)
    else:
        leaf, value = leaf_behind(screen.trace, screen.current_cell()), parse_number(text)
    screen.change_or_refuse(lambda trace: set_number(trace, leaf, value))
