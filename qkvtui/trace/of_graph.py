"""The loss of a task and its gradient by the graph itself, for what the fast path of training does not know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np

from ..engine.arrays import FloatArray, read_only
from ..engine.lean import Packing
from ..engine.optimisers import State
from ..engine.training import AnyTask
from ..graph.build import graph_of
from ..graph.example import Example
from ..graph.layers import last_layer, of_layer
from ..graph.learning import add_learning
from ..graph.moving import lowest
from ..operations.update import Update
from .working import Working, leaves_of

Examples = Callable[[Mapping[str, FloatArray]], Iterable[Example]]
"""What moves → the examples whose losses add up to the task's: the one, or each of its sentences."""


class OfGraph:
    """As engine.lean.Lean and engine.stacked.Stacked, and slower: every intermediate is computed."""

    def __init__(self, task: AnyTask, examples: Examples) -> None:
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
    layers = _Worked(example)
    last = layers.of(last_layer(example))
    first = layers.of(lowest(example))
    update = first.graph.rows["update"].operation
    assert isinstance(update, Update)
    with np.errstate(all="ignore"):
        return float(last.whole("loss").sum()), update.learning.own(first.block(0))


class _Worked:
    """The layers of an example, each worked when it is looked at; of what is no model, the one there is."""

    def __init__(self, example: Example) -> None:
        self._example = example
        self._known: dict[int, Working] = {}

    def of(self, layer: int) -> Working:
        """A layer with what it learns."""
        if layer not in self._known:
            self._known[layer] = self._work(layer)
        return self._known[layer]

    def _work(self, layer: int) -> Working:
        example = of_layer(self._example, layer) if self._example.layers else self._example
        if layer:
            example = replace(example, inputs={"X": self.of(layer - 1).whole("left")[0]})
        graph = graph_of(example)
        assert example.learn is not None
        add_learning(graph, example.learn, State(), None, lambda other, name: self.of(other).whole(name))
        return Working(graph, leaves_of(graph), (slice(0, graph.sizes.queries),))
