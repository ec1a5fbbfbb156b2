"""Numbers a source printed, beside the computed ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from math import inf

from .trace import Trace

SUMMED = 2.0**-46
"""Relative to a number, how far its last bits may depend on the order in which a sum was added up.

A 5 after the last printed decimal could otherwise be rounded correctly and be called wrong.
"""


@dataclass(frozen=True)
class Comparison:
    """One published number and the computed one; indices count from 0."""

    step: str
    head: int
    row: int
    column: int
    published: float
    computed: float
    agrees: bool


@dataclass(frozen=True)
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


def agree(trace: Trace, published: float, computed: float) -> bool:
    """Whether a computed number is within the file's tolerance of a published one."""
    tolerance = 0.0 if trace.example.published is None else trace.example.published.tolerance
    return is_near(published, computed, tolerance)


def is_near(left: float, right: float, tolerance: float) -> bool:
    """Whether two numbers differ by at most the tolerance, give or take the last bits of a sum (SUMMED)."""
    return left == right or abs(left - right) <= tolerance + SUMMED * min(abs(left), abs(right))


def order_conflict(trace: Trace, query: int, head: int = 0) -> OrderConflict | None:
    """The clearest pair of keys that shows that no softmax of the published scores gives the published weights.

    Only keys that masks and biases treat alike are compared, and none under a scale that turns the order round or
    levels it.
    """
    weights = published_row(trace, "weights", query, head)
    scores = published_row(trace, "scores", query, head) or published_row(trace, "scaled", query, head)
    if weights is None or scores is None or trace.example.published is None:
        return None
    if trace.scale is not None and trace.scale <= 0:
        return None
    margin = 2 * trace.example.published.tolerance
    added = trace.added_row(query, head)
    conflicts = [
        OrderConflict(query, a, b, (scores[a], scores[b]), (weights[a], weights[b]))
        for a, b in permutations(range(len(weights)), 2)
        if scores[a] - scores[b] > margin and weights[b] - weights[a] > margin and added[a] == added[b] > -inf
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
            computed = trace.row(step_id, row, head)
            for column, printed in enumerate(published.rows[name][row]):
                value = float(computed[column])
                yield Comparison(step_id, head, row, column, printed, value, agree(trace, printed, value))


def _split(name: str) -> tuple[str, int]:
    step_id, _, head = name.partition("@")
    return step_id, int(head or 0)
