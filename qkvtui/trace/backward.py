"""The numbers of the learning steps: what is read, the loss, every gradient, and the update that follows."""

from __future__ import annotations

from functools import cached_property
from math import prod

import numpy as np

from ..engine.arrays import FloatArray, quiet
from ..engine.examined import Examined, examine, last_step
from ..engine.lean import Lean
from ..engine.losses import Reading, read_labels
from ..engine.optimisers import BETA_1, BETA_2, EPSILON, OPTIMISERS, Moved, State
from ..files.example import Example
from .kinds import Axis, StepType
from .learning import learn_of, task_of

NEW = "new"
"""The one column of the update."""


class Backward:
    """One pass forward and back through an example's task; of "label", the pass of the example's own sentence."""

    def __init__(self, example: Example, state: State | None) -> None:
        self.example = example
        self.learn = learn_of(example)
        self.state = State() if state is None else state
        """What the optimiser remembers of the updates before."""
        self.task = task_of(example)
        self.names = self.task.train
        self._kept: dict[tuple[str, int], FloatArray] = {}

    @cached_property
    def sentence(self) -> int:
        """The index of the example's own sentence among those of the task; 0 where there are none."""
        asked = (self.example.tokens, self.example.query)
        own = (i for i, one in enumerate(self.learn.sentences) if (one.tokens, one.query) == asked)
        return next(own, 0)

    @cached_property
    def label(self) -> int:
        """The right label of the example's own sentence."""
        return self.learn.sentences[self.sentence].label

    @cached_property
    def examined(self) -> Examined:
        """Every intermediate."""
        with np.errstate(all="ignore"):
            return examine(self.task, self.task.parameters, self.sentence)

    @cached_property
    def reading(self) -> Reading:
        """The labels read from every row of the last step, not only from the query's."""
        last, parameters = last_step(self.examined.layer), self.example.parameters
        return read_labels(last, parameters["W_R"], parameters.get("b_R"), (self.label,) * len(last))

    @cached_property
    def count(self) -> int:
        """What the loss is divided by: rows with a target, entries of the target, or sentences."""
        if self.learn.target is None:
            return len(self.learn.sentences)
        return self.learn.target.size if self.learn.objective == "output" else len(self.learn.rows)

    @cached_property
    def target(self) -> FloatArray:
        """(t, ·): what each query's row should be; 0 where it has no target. Of "label", 1 at the right one."""
        if self.learn.target is None:
            wanted = np.zeros((len(self.example.tokens), len(self.learn.labels)))
            wanted[self.example.query, self.label] = 1.0
            return wanted
        wanted = np.zeros((len(self.example.tokens), self.learn.target.shape[1]))
        wanted[list(self.learn.rows)] = self.learn.target
        return wanted

    @property
    def rows(self) -> tuple[int, ...]:
        """The queries that the loss looks at."""
        return (self.example.query,) if self.learn.target is None else self.learn.rows

    @cached_property
    def _total(self) -> tuple[float, FloatArray]:
        lean = Lean(self.task)
        with np.errstate(all="ignore"):
            return lean.at(lean.packing.pack(self.task.parameters))

    @property
    def loss(self) -> float:
        """The whole loss; of "label", the mean over all sentences."""
        return self._total[0]

    @cached_property
    def gradient(self) -> FloatArray:
        """(n,): the gradient by every number that moves; of "label", over all sentences."""
        if self.learn.objective == "label":
            return self._total[1]
        by_name = self.examined.gradients.by_name()
        return np.concatenate([by_name[name].ravel() for name in self.names])

    @cached_property
    def old(self) -> FloatArray:
        """(n,): every number that moves, before the update."""
        return np.concatenate([self.task.parameters[name].ravel() for name in self.names])

    @cached_property
    @quiet
    def moved(self) -> Moved:
        """All numbers that move after the update, and what the optimiser then remembers."""
        return OPTIMISERS[self.learn.optimizer](self.old, self.gradient, self.state, self.learn.rate)

    @property
    def updates(self) -> int:
        """The number of this update, counted from 1, as the optimiser counts."""
        return self.state.updates + 1

    @property
    def m_share(self) -> float:
        """What Adam's mean of the gradients is divided by, for having started at 0."""
        return float(1 - BETA_1**self.updates)

    @property
    def v_share(self) -> float:
        """The same for its mean of their squares."""
        return float(1 - BETA_2**self.updates)

    @cached_property
    def m_hat(self) -> FloatArray:
        """(n,): Adam's mean of the gradients, corrected for having started at 0."""
        first = self.moved[1].first
        assert first is not None
        return first / self.m_share

    @cached_property
    def v_hat(self) -> FloatArray:
        """(n,): Adam's mean of the squared gradients, corrected likewise."""
        second = self.moved[1].second
        assert second is not None
        return second / self.v_share

    @cached_property
    def direction(self) -> FloatArray:
        """(n,): what the rate is multiplied by."""
        if self.learn.optimizer == "adam":
            found: FloatArray = self.m_hat / (np.sqrt(self.v_hat) + EPSILON)
            return found
        first = self.moved[1].first
        return self.gradient if self.learn.optimizer == "sgd" or first is None else first

    def entry(self, index: int) -> tuple[str, int, int]:
        """(parameter, row, column) of a number that moves, counted over all of them; a row vector has row 0."""
        for name in self.names:
            shape = self.task.parameters[name].shape
            if index < prod(shape):
                return (name, *divmod(index, shape[-1]))
            index -= prod(shape)
        raise IndexError(index)

    def index_of(self, name: str, row: int, column: int) -> int:
        """The other way round."""
        before = 0
        for one in self.names:
            shape = self.task.parameters[one].shape
            if one == name:
                return int(before + row * shape[-1] + column)
            before += prod(shape)
        raise KeyError(name)

    @cached_property
    def entries(self) -> tuple[str, ...]:
        """`W_Q.0.0` and so on, for every number that moves."""
        sizes = (prod(self.task.parameters[name].shape) for name in self.names)
        found = (self.entry(index) for index in range(sum(sizes)))
        return tuple(f"{name}.{row}.{column}" for name, row, column in found)

    def labels(self, axis: Axis, step: StepType) -> tuple[str, ...]:
        """The labels of a step's rows or columns, where those are no tokens."""
        match axis:
            case Axis.LABEL:
                return self.learn.labels
            case Axis.ENTRY:
                return self.entries
            case Axis.NEW:
                return (NEW,)
            case Axis.PARAMETER:
                name = step.id.removeprefix("d_")
                return (name,) if name.startswith("b") else _counted(self.task.parameters[name].shape[0])
            case _:
                return _counted(self.matrix(step.id, 0).shape[1])

    def row(self, step_id: str, row: int, head: int) -> FloatArray:
        """One row of a learning step, 1-D."""
        found: FloatArray = self.matrix(step_id, head)[row]
        return found

    def matrix(self, step_id: str, head: int) -> FloatArray:
        """A whole learning step; keys and values by query head, summed over the heads that share them."""
        if (step_id, head) not in self._kept:
            self._kept[step_id, head] = self._matrix(step_id, head)
        return self._kept[step_id, head]

    def mean(self, row: int, head: int) -> float:
        """The mean of a row's gradients by the weights, weighted by the weights."""
        return float(self.examined.gradients.attention.softmax.mean[head, row, 0])

    def _matrix(self, step_id: str, head: int) -> FloatArray:
        name = step_id.removeprefix("d_")
        match step_id:
            case "logits":
                return self.reading.logits
            case "probabilities":
                return self.reading.probabilities
            case "loss":
                return self._loss(head)
            case "update":
                return self.moved[0][:, None]
            case "d_logits":
                rows = np.zeros_like(self.reading.logits)
                assert self.examined.reading_gradients is not None
                rows[self.example.query] = self.examined.reading_gradients.d_logits[0]
                return rows
            case "d_W_R" | "d_b_R":
                read = self.examined.reading_gradients
                assert read is not None
                return read.d_w_r if name == "W_R" else read.d_b_r[None]
            case _ if name in self.examined.gradients.by_name():
                return np.atleast_2d(self.examined.gradients.by_name()[name])
        return self._of_head(step_id, head)

    def _of_head(self, step_id: str, head: int) -> FloatArray:
        back = self.examined.gradients
        group = head // (self.example.attention.heads // self.example.attention.kv_heads)
        found: dict[str, FloatArray | None] = {
            "d_projected": back.d_projected,
            "d_heads": back.d_merged,
            "d_output": back.d_output[head],
            "d_values": back.d_values[group],
            "d_weights": back.d_weights[head],
            "d_scaled": back.d_scaled[head],
            "d_scores": back.d_scores[head],
            "d_queries": back.d_queries[head],
            "d_keys": back.d_keys[group],
        }
        rows = found[step_id]
        assert rows is not None
        return rows

    @quiet
    def _loss(self, head: int) -> FloatArray:
        """(t, ·): the part that each number has in the loss; they add up to it (of "label", to this sentence's)."""
        target, count = self.target, self.count
        if self.learn.objective == "attention":
            if head != self.learn.head:
                return np.zeros_like(target)
            weights = self.examined.layer.attention.weights[head]  # (t, s)
            with np.errstate(divide="ignore"):
                parts: FloatArray = np.where(target == 0, 0.0, -target * np.log(weights)) / count
            return parts
        if self.learn.objective == "output":
            parts = np.zeros_like(target)
            rows = list(self.learn.rows)
            parts[rows] = (last_step(self.examined.layer)[rows] - target[rows]) ** 2 / count
            return parts
        parts = np.zeros_like(target)
        parts[self.example.query, self.label] = self.examined.loss
        return parts


def _counted(count: int) -> tuple[str, ...]:
    return tuple(str(index) for index in range(count))
