"""The loss of a task and its gradient by the graph itself, for what the fast path of training does not know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from ..engine.arrays import FloatArray, read_only
from ..engine.lean import Packing
from ..engine.optimisers import State
from ..engine.tasks import Task
from ..graph.build import graph_of
from ..graph.example import Example
from ..graph.learning import add_learning
from ..operations.update import Update
from .working import Working, leaves_of

Examples = Callable[[Mapping[str, FloatArray]], Iterable[Example]]
"""What moves → the examples whose losses add up to the task's: the one, or each of its sentences."""


class OfGraph:
    """As engine.lean.Lean, and slower: every intermediate is computed."""

    def __init__(self, task: Task, examples: Examples) -> None:
        self.task = task
        self.packing = Packing(task.parameters, task.train)
        self._examples = examples

    def at(self, vector: FloatArray) -> tuple[float, FloatArray]:
        """The loss, and the gradient as a vector, where what moves is `vector`; the gradient is read-only."""
        loss, gradient = 0.0, np.zeros(self.packing.size)
        for example in self._examples(self.packing.unpack(vector)):
            own_loss, own_gradient = _of_example(example)
            loss, gradient = loss + own_loss, gradient + own_gradient
        return loss, read_only(gradient)


def _of_example(example: Example) -> tuple[float, FloatArray]:
    graph, learn = graph_of(example), example.learn
    assert learn is not None
    add_learning(graph, learn, State(), None)
    working = Working(graph, leaves_of(graph), (slice(0, graph.sizes.queries),))
    update = graph.rows["update"].operation
    assert isinstance(update, Update)
    with np.errstate(all="ignore"):
        return float(working.whole("loss").sum()), update.learning.own(working.block(0))
