"""The way into a number: opened cells one below the other, each with the place from which it was opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ..trace.addresses import Address
from ..trace.derived import DERIVED
from ..trace.trace import Trace
from ..trace.walk import Place, cell_of, to_address
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
    """The place at which a cell is seen; a number inside softmax is seen at the weights.

    Of learning, a target is seen at the loss, the mean of a row's gradients where they go back through softmax, and
    what an optimiser remembers at the update.
    """
    if cell.name in ("exp", "mask", "scale"):
        step = {"exp": "weights", "mask": "masked", "scale": "scaled"}[cell.name]
        row, column = (place.query, place.key) if cell.name == "scale" else (cell.row, cell.column)
        return to_address(trace, place, Address(step, row, column, place.head))
    if cell.name in ("sum", "max"):
        row, column = (place.query, cell.row) if trace.softmax_over == "columns" else (cell.row, place.key)
        return to_address(trace, place, Address("weights", row, column, cell.head))
    if cell.name in _LEARNING_PLACES:
        return to_address(trace, place, _LEARNING_PLACES[cell.name](trace, place, cell))
    if cell.name in DERIVED:
        return to_address(trace, place, Address("update", cell.row, 0))
    return to_address(trace, place, cell)


def _at_loss(trace: Trace, place: Place, cell: Address) -> Address:
    return Address("loss", cell.row, cell.column, cell.head)


def _at_softmax(trace: Trace, place: Place, cell: Address) -> Address:
    step = "d_scaled" if trace.has("d_scaled") else "d_scores"
    return Address(step, cell.row, place.key, cell.head)


def _here(trace: Trace, place: Place, cell: Address) -> Address:
    return cell_of(trace, place)


_LEARNING_PLACES: dict[str, Callable[[Trace, Place, Address], Address]] = {
    "target": _at_loss,
    "mean": _at_softmax,
    "count": _here,
    "rate": _here,
}
