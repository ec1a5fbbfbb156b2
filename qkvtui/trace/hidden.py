"""Numbers that are not to be shown: one that is to be predicted, or those that a worksheet leaves to the learner."""

from __future__ import annotations

from dataclasses import replace
from math import isclose

from ..operations.tensors import Address, Axis
from ..records import record
from .terms import logits_step, opened
from .trace import Trace


@record(frozen=True)
class Part:
    """Some of the numbers of one step, or of one stage of softmax (`exp`, `sum`, `max`), in one head."""

    name: str
    head: int = 0
    """0 for a step that is no single head's."""
    rows: range | None = None
    """None: all of them; so for the columns."""
    columns: range | None = None

    def holds(self, name: str, row: int, column: int, head: int) -> bool:
        """Whether a number is one of them."""
        return (
            (self.name, self.head) == (name, head)
            and (self.rows is None or row in self.rows)
            and (self.columns is None or column in self.columns)
        )


@record(frozen=True)
class Hidden:
    """The numbers that are not to be shown; false where there are none."""

    parts: tuple[Part, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parts)

    def hides(self, name: str, row: int, column: int, head: int = 0) -> bool:
        """Whether this number is hidden."""
        return any(part.holds(name, row, column, head) for part in self.parts)

    def hides_cell(self, cell: Address) -> bool:
        """The same for an address."""
        return self.hides(cell.name, cell.row, cell.column, cell.head)

    def touches(self, name: str, head: int = 0) -> bool:
        """Whether any number of this step in this head is hidden."""
        return any((part.name, part.head) == (name, head) for part in self.parts)

    def covers(self, name: str, head: int = 0) -> bool:
        """Whether all rows of this step in this head are hidden."""
        return any((part.name, part.head, part.rows) == (name, head, None) for part in self.parts)

    def names(self, head: int = 0) -> frozenset[str]:
        """The steps with a hidden number in this head, or in no single head."""
        return frozenset(part.name for part in self.parts if part.head in (0, head))


NOTHING = Hidden()


def hidden_cell(cell: Address) -> Hidden:
    """Only this number is hidden."""
    rows, columns = range(cell.row, cell.row + 1), range(cell.column, cell.column + 1)
    return Hidden((Part(cell.name, cell.head, rows, columns),))


def hidden_number(trace: Trace, cell: Address) -> Hidden:
    """This number is hidden, and its mirror image where that is the same: it could be copied from there."""
    step = trace.graph.rows[cell.name]
    mirror = replace(cell, row=cell.column, column=cell.row)
    is_square = (step.rows, step.columns) == (Axis.QUERY, Axis.KEY) and trace.example.context is None
    if not is_square or mirror == cell or not isclose(trace.value(cell), trace.value(mirror), rel_tol=1e-9):
        return hidden_cell(cell)
    return Hidden((*hidden_cell(cell).parts, *hidden_cell(mirror).parts))


def hides_operand(trace: Trace, cell: Address, hidden: Hidden) -> bool:
    """Whether a number that this cell was computed from is hidden."""
    if not hidden:
        return False
    groups = opened(trace, cell).groups
    names = {part.name for part in hidden.parts}
    operands = [cell for group in groups.more for cell in group]
    for line in groups.lines:  # of thousands of numbers, few lines have a hidden one
        if line.name in names or (line.name == "exp" and names & {"max", logits_step(trace)}):
            operands.extend(line)
    return any(
        hidden.hides_cell(operand) or (operand.name == "exp" and hides_operand(trace, operand, hidden))
        for operand in operands
    )
