"""What a number was computed from, one level down; and what a step is made of."""

from __future__ import annotations

from ..operations.product import Factor, Product
from ..operations.rules import Rule
from ..operations.tensors import Address, Opened, given
from .trace import Trace


def opened(trace: Trace, cell: Address) -> Opened:
    """One level: what the number at `cell`, which is of the trace's own layer, was computed from.

    A number that was taken from another run was not computed.
    """
    taken = trace.taken_from(cell)
    if taken is not None:
        return given(cell, taken)
    if cell.name in trace.graph.rows:
        return trace.graph.rows[cell.name].operation.opened(trace, cell)
    return given(cell, trace.place(cell))


def logits_step(trace: Trace) -> str:
    """The id of the step that softmax is taken of."""
    return trace.graph.rows["weights"].operation.sources[0]


def projection_source(trace: Trace, step_id: str) -> str | None:
    """What a projection step projects: X, Y or a step's id; None where its result is given in the file."""
    operation = trace.graph.rows[step_id].operation
    return operation.pairs[0][0].name if isinstance(operation, Product) else None


def projection_parameters(trace: Trace, step_id: str) -> tuple[Factor, str | None]:
    """The matrix that a projection multiplies by, as it stands in the product, and its bias."""
    operation = trace.graph.rows[step_id].operation
    assert isinstance(operation, Product)
    return operation.pairs[0][1], operation.bias


def first_column(trace: Trace, step_id: str, head: int) -> int:
    """The column of W (and b) at which this head's part begins."""
    operation = trace.graph.rows[step_id].operation
    if isinstance(operation, Product) and operation.split is not None:
        return operation.split.column(head, 0)
    return 0


def is_computed(trace: Trace, step_id: str) -> bool:
    """Whether its numbers are worked out: not where they are given, copied or ranked."""
    return opened(trace, Address(step_id, 0, 0)).rule not in (Rule.GIVEN, Rule.COPY)
