"""The way into a number: opened cells one below the other, each with the place from which it was opened."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..narration.arithmetic import MOST_TERMS
from ..operations.rules import Rule
from ..operations.tensors import Address
from ..records import record
from ..trace.addresses import at_layer_of
from ..trace.shown_at import to_address
from ..trace.terms import opened
from ..trace.trace import Trace
from ..trace.walk import Place, keep_place


@record(frozen=True)
class Trail:
    """Opened cells; none: nothing is opened. The last one is shown, with one of its operands chosen.

    A cell says its layer where that is another one than the last cell's.
    """

    cells: tuple[Address, ...] = ()
    places: tuple[Place, ...] = ()
    """Where each was opened from; the first is where one was before."""
    layers: tuple[int, ...] = ()
    """The layer that each was opened from."""
    chosen: int = 0

    def opened(self, trace: Trace, place: Place, cell: Address) -> tuple[Trail, Place]:
        """One level deeper, with the lesson's place at the cell, which may be of another layer than `trace`."""
        there, own = at_layer_of(trace, cell)
        chosen = _first_chosen(there, own)
        before, layer = self.cells, trace.example.layer
        if there is not trace:
            before = tuple(one if one.layer is not None else replace(one, layer=layer) for one in before)
        deeper = Trail((*before, own), (*self.places, place), (*self.layers, layer), chosen)
        return deeper, to_address(there, keep_place(trace, there, place), own)

    def operand(self, trace: Trace) -> Address | None:
        """The chosen operand of the last cell; None where that is a number from the file."""
        return opened(trace, self.cells[-1]).operand(self.chosen)

    def closed(self) -> tuple[Trail, Place]:
        """One level back, to the place from which it was opened, in the last of `layers`."""
        here = self.layers[-1]
        before = tuple(replace(one, layer=None) if one.layer == here else one for one in self.cells[:-1])
        return Trail(before, self.places[:-1], self.layers[:-1]), self.places[-1]

    def moved(self, trace: Trace, by: int) -> Trail:
        """Another operand of the last cell."""
        count = opened(trace, self.cells[-1]).groups.operands
        return replace(self, chosen=max(0, min(self.chosen + by, count - 1)))

    def moved_line(self, trace: Trace, by: int) -> Trail:
        """The first operand of the line before or after."""
        found = opened(trace, self.cells[-1])
        if not found.groups:
            return self
        line = max(0, min(found.groups.place_of(self.chosen)[0] + by, len(found.groups) - 1))
        return replace(self, chosen=found.groups.first_of(line))


def _first_chosen(trace: Trace, cell: Address) -> int:
    """The operand with which the term begins that contributes most, where one cannot see that at once: of many terms
    the equation shows the largest, and of a gradient's many are 0. Else the first one.
    """
    found = opened(trace, cell)
    groups = found.groups
    if not groups.lines or (len(groups) <= MOST_TERMS and not trace.is_gradient(cell.name)):
        return 0
    products = groups.products(trace)
    return groups.first_of(int(np.argmax(products if found.rule is Rule.MAXIMUM else np.abs(products))))
