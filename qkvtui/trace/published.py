"""Numbers a source printed, beside the computed ones."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from math import inf, isnan

import numpy as np

from ..engine.arrays import BoolArray, FloatArray
from ..operations.tensors import Address
from ..records import record
from .precision import is_near, near
from .trace import Trace


@record(frozen=True)
class Comparison:
    """One published number and the computed one; indices count from 0."""

    step: str
    head: int
    row: int
    column: int
    published: float
    computed: float
    agrees: bool


@record(frozen=True)
class OrderConflict:
    """Two keys whose published scores and published weights of one query are in opposite order.

    Softmax keeps order whatever the scale, so no softmax of those scores can give those weights.
    """

    query: int
    larger: int
    """The key with the larger published score and the smaller published weight."""
    smaller: int
    scores: tuple[float, float]
    weights: tuple[float, float]


def comparisons(trace: Trace) -> tuple[Comparison, ...]:
    """Every published number against the computed one, in the order of the steps."""
    return tuple(_compare(trace))


def published_row(trace: Trace, step_id: str, row: int, head: int = 0) -> tuple[float, ...] | None:
    """The row as a source printed it, or None."""
    published = trace.example.published
    if published is None:
        return None
    for name, rows in published.rows.items():
        if _split(name) == (step_id, head) and row in rows:
            return rows[row]
    return None


def is_printed_run(trace: Trace) -> bool:
    """Whether what a source printed is about this run: not where its numbers or settings were changed since."""
    return trace.as_written is trace


def agree(trace: Trace, cell: Address, published: float, computed: float) -> bool:
    """Whether a published number could have been printed for the computed one at `cell`."""
    row = trace.row(cell.name, cell.row, cell.head)
    allowed = trace.precision.allowed(cell.name, cell.row, cell.head, row)[cell.column]
    return is_near(published, computed, float(allowed))


def disagreeing(trace: Trace, step: str, head: int) -> Iterator[tuple[float, float]]:
    """(published, computed) of each number of a step that does not hold, in one head; none of another run."""
    published = trace.example.published if is_printed_run(trace) else None
    for name, rows in ({} if published is None else published.rows).items():
        if _split(name) == (step, head):
            for row, printed in rows.items():
                holds, computed = _row_holds(trace, step, row, head, printed)
                yield from ((printed[column], float(computed[column])) for column in np.flatnonzero(~holds))


def _row_holds(
    trace: Trace, step: str, row: int, head: int, printed: tuple[float, ...]
) -> tuple[BoolArray, FloatArray]:
    """(columns,): which printed numbers of a row hold, those that were not printed too; and the computed ones."""
    computed, numbers = trace.row(step, row, head), np.array(printed)
    allowed = trace.precision.allowed(step, row, head, computed)
    return np.isnan(numbers) | near(numbers, computed, allowed), computed


def order_conflict(trace: Trace, query: int, head: int = 0) -> OrderConflict | None:
    """The clearest pair of keys that shows that no softmax of the published scores gives the published weights.

    Only keys that masks and biases treat alike are compared, and none under a scale that turns the order round or
    levels it.
    """
    published = trace.example.published
    weights = published_row(trace, "weights", query, head)
    scored = next((step for step in ("scores", "scaled") if published_row(trace, step, query, head)), "")
    scores = published_row(trace, scored, query, head)
    if weights is None or scores is None or published is None:
        return None
    if trace.scale is not None and trace.scale <= 0:
        return None
    margin, least = 2 * published.half_unit(scored), 2 * published.half_unit("weights")
    added = trace.added_row(query, head)
    conflicts = [
        OrderConflict(query, a, b, (scores[a], scores[b]), (weights[a], weights[b]))
        for a, b in permutations(range(len(weights)), 2)
        if scores[a] - scores[b] > margin and weights[b] - weights[a] > least and added[a] == added[b] > -inf
    ]
    return max(conflicts, key=lambda one: one.weights[1] - one.weights[0], default=None)


def _compare(trace: Trace) -> Iterator[Comparison]:
    published = trace.example.published
    if published is None:
        return
    order = [step.id for step in trace.steps]
    for name in sorted(published.rows, key=lambda name: (order.index(_split(name)[0]), _split(name)[1])):
        step_id, head = _split(name)
        for row in sorted(published.rows[name]):
            holds, computed = _row_holds(trace, step_id, row, head, published.rows[name][row])
            for column, printed in enumerate(published.rows[name][row]):
                if not isnan(printed):  # else it was not printed
                    value = float(computed[column])
                    yield Comparison(step_id, head, row, column, printed, value, bool(holds[column]))


def _split(name: str) -> tuple[str, int]:
    step_id, _, head = name.partition("@")
    return step_id, int(head or 0)
