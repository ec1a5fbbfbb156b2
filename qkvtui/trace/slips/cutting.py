"""Slips with heads: how columns are divided among them, how they are shared, and how they are put together."""

from __future__ import annotations

from collections.abc import Iterator

from ...graph.rows import GraphRow
from ...operations.operation import Heads
from .changes import HeadsMean, MadeBy, Recut, Tiled
from .exercise import Exercise
from .method import Method
from .mistakes import Before, MergedUnturned
from .ways import Way, after

_CUT = ("queries", "keys", "values")


def cut_wrongly(exercise: Exercise, method: Method) -> Iterator[Way]:
    """`view` where `transpose` belongs, every h-th column, or put together without `transpose`."""
    if exercise.shape.heads == 1:
        return
    steps = [step for step in _CUT if step in exercise.worked]
    for how in ("viewed", "every"):
        cut = after(exercise, method, {step: Recut(_heads(exercise, exercise.graph.rows[step]), how) for step in steps})
        yield Way(cut)
        yield Way(cut.with_changes({"heads": MergedUnturned("output")}))
    yield Way(method.with_changes({"heads": MergedUnturned("output")}))


def averaged(exercise: Exercise, method: Method) -> Iterator[Way]:
    """The mean over the heads printed as the weights; what comes after is made of each head's own, or of the mean."""
    if exercise.shape.heads == 1:
        return
    mean = after(exercise, method, {"weights": HeadsMean()})
    own = MadeBy(method.operation(exercise.graph, "weights"))
    output = method.operation(exercise.graph, "output")
    yield Way(mean.with_changes({"output": Before(output, "weights", own)}))
    yield Way(mean)


def groups_tiled(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Shared keys and values repeated in turn."""
    shape = exercise.shape
    if 1 < shape.kv_heads < shape.heads:
        steps = [step for step in ("keys", "values") if step in exercise.worked]
        yield Way(after(exercise, method, {step: Tiled(_heads(exercise, exercise.graph.rows[step])) for step in steps}))


def _heads(exercise: Exercise, row: GraphRow) -> Heads:
    return Heads(exercise.shape.heads, row.group, exercise.graph.shape(row.id)[1])
