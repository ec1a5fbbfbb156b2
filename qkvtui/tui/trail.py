"""The way into a number: opened cells one below the other, each with the place from which it was opened."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..trace.addresses import Address
from ..trace.trace import Trace
from ..trace.walk import Place, to_address
from ..trace.why import opened


@dataclass(frozen=True)
class Trail:
    """Opened cells; none: nothing is opened. The last one is shown, with one of its operands chosen."""

    cells: tuple[Address, ...] = ()
    places: tuple[Place, ...] = ()
    """Where each was opened from; the first is where one was before."""
    chosen: int = 0

    def opened(self, trace: Trace, place: Place, cell: Address) -> tuple[Trail, Place]:
        """One level deeper, with the lesson's place at the cell."""
        deeper = Trail((*self.cells, cell), (*self.places, place))
        return deeper, place_of(trace, place, cell)

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


def place_of(trace: Trace, place: Place, cell: Address) -> Place:
    """The place at which a cell is seen; a number inside softmax is seen at the weights."""
    if cell.name in ("exp", "mask", "scale"):
        step = {"exp": "weights", "mask": "masked", "scale": "scaled"}[cell.name]
        row, column = (place.query, place.key) if cell.name == "scale" else (cell.row, cell.column)
        return to_address(trace, place, Address(step, row, column, place.head))
    if cell.name in ("sum", "max"):
        row, column = (place.query, cell.row) if trace.softmax_over == "columns" else (cell.row, place.key)
        return to_address(trace, place, Address("weights", row, column, cell.head))
    return to_address(trace, place, cell)
