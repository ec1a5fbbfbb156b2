"""A trace's learning task: what moves, and how far the whole task is from what it should do."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from ..engine.arrays import FloatArray
from ..engine.optimisers import State
from ..engine.training import AnyTask, Descent
from ..graph.example import Example
from ..graph.layers import last_layer
from ..graph.learning import Elsewhere, add_learning, label_of, wanted_of
from ..graph.moving import lowest, moving_name
from ..graph.rows import Graph
from ..operations.tensors import Address, Axis, Tensors, named_address
from ..operations.update import Entries
from .learning import descent_of, learn_of, task_of
from .nudge import Nudge, nudged

NEW = "new"
"""The one column of the update."""


class Backward:
    """The learning task of an example, with the numbers of one trace of it."""

    def __init__(self, example: Example, memory: State | None, at: Callable[[int], Tensors]) -> None:
        self._at = at
        """A layer → its numbers."""
        self._nudges: dict[int, Nudge] = {}
        self.example = example
        self.learn = learn_of(example)
        self.state = State() if memory is None else memory
        """What the optimiser remembers of the updates before."""
        self.names = self.learn.train

    @cached_property
    def task(self) -> AnyTask:
        """As the engine has it. Raises UsageError where it cannot be learned with the example's settings."""
        return task_of(self.example)

    @cached_property
    def entries(self) -> Entries:
        """Which number that moves stands where."""
        return Entries(tuple((name, self.task.parameters[name].shape) for name in self.names))

    def extend(self, graph: Graph, elsewhere: Elsewhere) -> None:
        """Adds the steps of learning to the graph of the way forward. Raises UsageError where nothing can learn."""
        _ = self.task  # that it cannot be learned is found out now
        add_learning(graph, self.learn, self.state, self._over_all if self.learn.reads else None, elsewhere)

    @property
    def _last(self) -> Tensors:
        """The layer with the loss."""
        return self._at(last_layer(self.example))

    @property
    def _first(self) -> Tensors:
        """The layer with the update."""
        return self._at(lowest(self.example))

    @property
    def label(self) -> int | None:
        """The right label at the example's query; None where nobody says one."""
        return label_of(self.example, self.learn)

    @property
    def count(self) -> int:
        """What the loss is divided by: rows with a target, entries of the target, or sentences."""
        return int(self._last.value(Address("count", 0, 0)))

    @property
    def rows(self) -> tuple[int, ...]:
        """The queries that something is wanted of."""
        if self.learn.target is not None:
            return self.learn.rows
        return tuple(self.wanted)

    @property
    def wanted(self) -> dict[int, int]:
        """Row → the right label, where labels or words are read."""
        return dict(wanted_of(self.example, self.learn))

    @cached_property
    def _descent(self) -> Descent:
        return descent_of(self.example, self.task)

    @cached_property
    def _total(self) -> tuple[float, FloatArray]:
        with np.errstate(all="ignore"):
            return self._descent.at(self._descent.packing.pack(self.task.parameters))

    def nudge(self, index: int) -> Nudge:
        """What the loss does when a number that moves, counted over all of them, is moved a little."""
        if index not in self._nudges:
            self._nudges[index] = nudged(self._descent, self.old, index)
        return self._nudges[index]

    def _over_all(self, at: object) -> FloatArray:
        return self._total[1]

    @property
    def loss(self) -> float:
        """The whole loss; of "label", the mean over all sentences."""
        return self._total[0]

    @property
    def own_loss(self) -> float:
        """The part of it that the walked sentence has; the whole loss where there is one sentence."""
        rows = range(len(self.example.tokens))
        return float(sum(self._last.row("loss", row, self.learn.head).sum() for row in rows))

    @cached_property
    def gradient(self) -> FloatArray:
        """(n,): the gradient by every number that moves; of "label", over all sentences."""
        return self._first.column("total", 0)

    @cached_property
    def old(self) -> FloatArray:
        """(n,): every number that moves, before the update."""
        return np.concatenate([self.task.parameters[name].ravel() for name in self.names])

    @cached_property
    def direction(self) -> FloatArray:
        """(n,): what the rate is multiplied by."""
        has_own = self.learn.optimizer != "sgd"
        return self._first.column("direction", 0) if has_own else self.gradient

    def name_of(self, step_id: str) -> str:
        """By what name that moves whose gradient is a step of this layer: `W_Q@1` of `d_W_Q`."""
        return moving_name(self.example, step_id.removeprefix("d_"))

    def address_of(self, index: int) -> Address:
        """A number that moves, wherever it is."""
        return named_address(*self.entries.place(index), self.example.layer)

    def entry(self, index: int) -> tuple[str, int, int]:
        """(parameter, row, column) of a number that moves, counted over all of them; a row vector has row 0."""
        return self.entries.place(index)

    def index_of(self, name: str, row: int, column: int) -> int:
        """The other way round."""
        return self.entries.index(name, row, column)

    def steepest(self, name: str | None = None) -> int:
        """The index of the number with the largest gradient, of all that move or of one parameter."""
        first, last = (0, len(self.old)) if name is None else self.entries.span_of(name)
        return first + int(np.argmax(np.abs(self.gradient[first:last])))

    def labels(self, axis: Axis) -> tuple[str, ...]:
        """The labels of what is no token and no feature."""
        if axis is Axis.LABEL:
            return self.learn.labels
        return (NEW,) if axis is Axis.NEW else self._entry_labels

    @cached_property
    def _entry_labels(self) -> tuple[str, ...]:
        found = (self.entries.place(index) for index in range(len(self.entries)))
        return tuple(f"{name}.{row}.{column}" for name, row, column in found)
