"""The way into a number: opened cells one below the other, each with the place from which it was opened."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..operations.tensors import Address
from ..records import record
from ..trace.terms import opened
from ..trace.trace import Trace
from ..trace.walk import Place, to_address


@record(frozen=True)
class Trail:
    """Opened cells; none: nothing is opened. The last one is shown, with one of its operands chosen."""

    cells: tuple[Address, ...] = ()
    places: tuple[Place, ...] = ()
    """Where each was opened from; the first is where one was before."""
    chosen: int = 0

    def opened(self, trace: Trace, place: Place, cell: Address) -> tuple[Trail, Place]:
        """One level deeper, with the lesson's place at the cell."""
        chosen = _largest(trace, cell) if trace.is_gradient(cell.name) else 0
        deeper = Trail((*self.cells, cell), (*self.places, place), chosen)
        return deeper, to_address(trace, place, cell)

    def operand(self, trace: Trace) -> Address | None:
        """The chosen operand of the last cell; None where that is a number from the file."""
        return opened(trace, self.cells[-1]).operand(self.chosen)

    def closed(self) -> tuple[Trail, Place]:
        """One level back, to the place from which it was opened."""
        return Trail(self.cells[:-1], self.places[:-1]), self.places[-1]

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


def _largest(trace: Trace, cell: Address) -> int:
    """The operand with which the term begins that contributes most: of a gradient's terms many are 0."""
    groups = opened(trace, cell).groups
    if not groups.lines:
        return 0
    return groups.first_of(int(np.argmax(np.abs(groups.products(trace)))))
