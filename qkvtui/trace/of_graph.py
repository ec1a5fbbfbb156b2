"""The loss of a task and its gradient by the graph itself, for what the fast path of training does not know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np

from ..engine.arrays import FloatArray, read_only
from ..engine.lean import Packing
from ..engine.optimisers import State
from ..engine.training import AnyTask
from ..graph.example import Example
from ..graph.layers import last_layer, of_layer
from ..graph.learning import add_learning
from ..graph.moving import lowest
from ..graph.steps import graph_of
from ..operations.update import Update
from .layers import Layers
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
    layers: Layers[Working] = Layers(max(1, len(example.layers)), lambda layer: _worked(example, layer, layers.trace))
    last, first = layers.trace(last_layer(example)), layers.trace(lowest(example))
    update = first.graph.rows["update"].operation
    assert isinstance(update, Update)
    with np.errstate(all="ignore"):
        return float(last.whole("loss").sum()), update.learning.own(first.block(0))


def _worked(example: Example, layer: int, other: Callable[[int], Working]) -> Working:
    """A layer with what it learns; of what is no model, the one there is."""
    own = of_layer(example, layer) if example.layers else example
    if layer:
        own = replace(own, inputs={"X": other(layer - 1).whole("left")[0]})
    graph = graph_of(own)
    assert own.learn is not None
    add_learning(graph, own.learn, State(), None, lambda layer, name: other(layer).whole(name))
    return Working(graph, leaves_of(graph), (slice(0, graph.sizes.queries),))
