"""Which slips give exactly the number that somebody typed for one cell."""

from __future__ import annotations

from dataclasses import replace

from ...operations.tensors import Address
from ..addresses import format_address, value_at
from ..precision import is_near
from ..trace import Trace
from .exercise import Exercise
from .search import MOST_FOR_SINGLES, Explanation, singles
from .table import SLIPS
from .working import work

FAR_DECIMALS = 3
"""A slip made many steps before the cell counts only from so many decimals on: with fewer, chance hits too often."""
LAST_DIGIT, OTHER_CELL = "last-digit", "other-cell"
"""What is said of a typed number that no slip gives; `other-cell` has the other's address as its part."""
_MOST_IN_COLUMN = 256
_MADE_AT = {slip.id: slip.made_at for slip in SLIPS}


def explain(trace: Trace, cell: Address, typed: float, decimals: int) -> tuple[Explanation, ...]:
    """The slips that give exactly this number for this cell, most specific first; one explanation for each slip.

    Each with what the slip was done to (`b_Q`) and the number it gives. `decimals` is the precision the number was
    typed with: it is exact within half a unit of the last. Where no slip fits, LAST_DIGIT or OTHER_CELL may. Empty for
    the right number, where nothing is known, and for an input or a parameter.
    """
    tolerance = 0.5 * 10.0**-decimals * (1 + 1e-9)
    exercise = Exercise(trace, decimals=decimals)
    if cell.name not in exercise.steps or exercise.size > MOST_FOR_SINGLES:
        return ()
    right = value_at(trace, cell)
    if is_near(typed, right, tolerance):
        return ()
    if trace.step(cell.name).type.learns:  # the known slips are those of the way forward
        return _remarks(trace, cell, typed, right, decimals)
    found: dict[str, Explanation] = {}
    for explanation, way in singles(exercise):
        slip = explanation.slips[0]
        if slip in found or not (cell.name in _MADE_AT[slip] or decimals >= FAR_DECIMALS):
            continue
        step = next(one for one in work(exercise, way.method) if one.step == cell.name)
        head = min(cell.head, step.settled.shape[0] - 1)
        if cell.row >= step.settled.shape[-2] or cell.column >= step.settled.shape[-1]:
            continue
        gives = float(step.settled[head, cell.row, cell.column])
        if is_near(typed, gives, tolerance):
            found[slip] = Explanation((slip,), explanation.parts, gives)
    near = {slip: one for slip, one in found.items() if cell.name in _MADE_AT[slip]}
    return tuple((near or found).values()) or _remarks(trace, cell, typed, right, decimals)


def _remarks(trace: Trace, cell: Address, typed: float, right: float, decimals: int) -> tuple[Explanation, ...]:
    """No slip, but worth saying: wrong in the last digit only, or the right number of one other cell."""
    unit = 10.0**-decimals
    if abs(typed - right) <= unit * (1 + 1e-9):
        return (Explanation((LAST_DIGIT,), gives=typed),)
    row = [replace(cell, column=column) for column in range(len(trace.row(cell.name, cell.row, cell.head)))]
    rows = trace.step(cell.name).shape[0]
    column = [replace(cell, row=row) for row in range(rows)] if rows <= _MOST_IN_COLUMN else []
    others = [one for one in (*row, *column) if one != cell and is_near(typed, value_at(trace, one), unit / 2)]
    if len(others) == 1 and decimals >= 2 and abs(typed) >= 10 * unit:
        return (Explanation((OTHER_CELL,), (format_address(trace, others[0]),), value_at(trace, others[0])),)
    return ()
