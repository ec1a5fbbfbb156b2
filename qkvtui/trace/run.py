"""A training run: its moments are kept, so that one can look into them, go back to them, and go on from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from ..engine.arrays import FloatArray, quiet
from ..engine.optimisers import OPTIMISERS, State
from ..engine.training import TrainingRecord, start, update
from ..errors import ExampleError
from ..graph.example import Example
from ..graph.features import axis_names
from ..graph.layers import last_layer, of_layer
from ..graph.task import LabelledSentence
from ..operations.tensors import split_name
from ..records import record
from .answers import Answer, answers
from .learning import descent_of, example_with, learn_of, starting_task
from .nudge import Nudge, nudged
from .trace import Trace

MOST_MEMORY = 1 << 30
"""Bytes that the moments of a run may take; each holds what moves, its gradient and up to two of the same size."""
_VECTORS = 4
_OF_LABELS = ("W_R", "b_R", "W_U", "b_U")
"""Matrices with a column for each label or word."""


class Run:
    """A training run: every moment so far is kept, can be returned to and gone on from."""

    def __init__(self, example: Example) -> None:
        self.example = example
        """What the run started from; its `learn` has the optimizer, rate, seed and number of updates."""
        self.learn = learn_of(example)
        """The task, with the settings of the updates to come."""
        task = starting_task(example)
        self.records: list[TrainingRecord] = [start(task, descent_of(example, task))]
        self._moments: dict[int, Moment] = {}
        self._lengths: list[float] = []
        """Of the gradients of the first moments, as far as they were asked for."""

    @property
    def last(self) -> TrainingRecord:
        """The newest moment."""
        return self.records[-1]

    @property
    def losses(self) -> list[float]:
        """Before the first update and after each."""
        return [record.loss for record in self.records]

    @property
    def broken(self) -> int | None:
        """The update after which the loss was no number any more, if there was one."""
        return None if self.last.finite else self.last.number

    @property
    def end(self) -> int:
        """The newest moment whose loss is a number; 0 also where there is none."""
        return self.last.number if self.last.finite else max(0, self.last.number - 1)

    @property
    def most(self) -> int:
        """How many updates can be kept in memory."""
        return MOST_MEMORY // (self.last.vector.nbytes * _VECTORS)

    @property
    def limit(self) -> int:
        """The last moment that there can be: after all updates, or as many as can be kept."""
        return min(self.learn.steps, self.most)

    @property
    def done(self) -> bool:
        """Whether all updates are made, or none can follow: the loss is no longer a number, or no more can be kept."""
        return self.last.number >= self.limit or not self.last.finite

    def steepness(self, number: int) -> float:
        """The length of the whole gradient at a moment that has one."""
        new = self.records[len(self._lengths) : self.end + 1]
        self._lengths.extend(float(np.linalg.norm(one.gradient)) for one in new)
        return self._lengths[min(number, self.end)]

    @property
    def steepest(self) -> int:
        """The moment so far with the longest gradient; of equals the first."""
        self.steepness(self.end)
        return int(np.argmax(self._lengths))

    def step(self) -> None:
        """One update on from the newest moment."""
        self.records.append(update(self.last, self.learn.optimizer, self.learn.rate))

    def back_to(self, number: int) -> None:
        """Forget what came after this moment, so that the run can go on otherwise."""
        del self.records[number + 1 :]
        del self._lengths[number + 1 :]
        self._moments.clear()

    def change(self, **settings: object) -> None:
        """Another `optimizer`, `rate` or number of `steps` for the updates to come."""
        self.learn = replace(self.learn, **settings)  # type: ignore[arg-type]
        self._moments.clear()

    def moment(self, number: int) -> Moment:
        """A moment, to be looked into; of those that were, the start and the last one are kept."""
        if number not in self._moments:
            self._moments = {at: moment for at, moment in self._moments.items() if at == 0}
            self._moments[number] = Moment(self, number)
        return self._moments[number]

    def labels(self, name: str, language: str = "") -> tuple[Sequence[str], Sequence[str]]:
        """What the rows and the columns of a matrix are: words, tokens, labels, or only counted.

        Features are called by their names in a `language`.
        """
        down, across = self._labels(name)
        plain, layer = split_name(name)
        example = self.example if layer is None else of_layer(self.example, layer)
        rows, columns = axis_names(example, plain) if language else (None, None)
        return down if rows is None else rows.labels(language), across if columns is None else columns.labels(language)

    def _labels(self, name: str) -> tuple[Sequence[str], Sequence[str]]:
        rows, columns = self.moment(0).matrix(name).shape
        name = split_name(name)[0]
        words = self.learn.labels if self.learn.vocabulary is None else self.learn.vocabulary.words
        named: dict[str, Sequence[str]] = {"E": words, "X": self.example.tokens, "Y": self.example.keys}
        down = ("",) if name.startswith(("b", "g")) else named.get(name, tuple(map(str, range(rows))))
        return down, self.learn.labels if name in _OF_LABELS else tuple(map(str, range(columns)))

    def moved(self, name: str, number: int) -> Move:
        """How far a matrix has come at a moment."""
        return Move(self.moment(0).matrix(name), self.moment(number).matrix(name))


@record(frozen=True, eq=False)
class Move:
    """A matrix that moves, at the start of a run and at a moment; a bias is a matrix of one row."""

    before: FloatArray
    after: FloatArray

    @property
    def change(self) -> FloatArray:
        """By how much each number moved."""
        return np.asarray(self.after - self.before)

    @property
    def length(self) -> float:
        """How far it is from where it began: the norm of the change."""
        return float(np.linalg.norm(self.change))

    @property
    def farthest(self) -> tuple[int, int]:
        """Row and column of the number that moved most."""
        row, column = np.unravel_index(int(np.argmax(np.abs(self.change))), self.change.shape)
        return int(row), int(column)


class Moment:
    """A moment of a run; everything is computed when it is looked at, and what takes a while is kept."""

    def __init__(self, run: Run, number: int) -> None:
        self._run = run
        self._record = run.records[number]
        self._answers: dict[tuple[LabelledSentence, ...], tuple[Answer, ...]] = {}
        self.number = number
        """How many updates there were before."""
        self.loss = self._record.loss
        """With this moment's numbers; inf or nan where the rate was too large."""
        self.finite = self._record.finite
        """Whether the loss is a number, so that the run can go on from here."""

    def matrix(self, name: str) -> FloatArray:
        """What moves, or does not, by its name; a bias is a matrix of one row."""
        return np.atleast_2d(self._record.parameters[name])

    def gradient(self, name: str) -> FloatArray:
        """The gradient of the loss by a matrix that moves."""
        return np.atleast_2d(self._record.gradients[name])

    def nudge(self, name: str, row: int, column: int) -> Nudge:
        """What the loss does when a number that moves is moved a little; a bias has row 0."""
        record = self._record
        return nudged(record.lean, record.vector, record.lean.packing.index(name, row, column))

    @quiet
    def upcoming(self, name: str) -> FloatArray:
        """A matrix after the next update."""
        record, learn = self._record, self._run.learn
        vector, _ = OPTIMISERS[learn.optimizer](record.vector, record.gradient, self.memory or State(), learn.rate)
        return np.atleast_2d(record.lean.packing.unpack(vector)[name])

    @property
    def memory(self) -> State | None:
        """What the optimiser of the next update remembers; None: nothing, as where another one made the last."""
        return self._record.state if self._record.optimiser == self._run.learn.optimizer else None

    @cached_property
    def example(self) -> Example:
        """The example with this moment's numbers, to be walked through and written.

        Learned again, it goes on from here. It has no published numbers: a source printed those of other matrices.
        """
        example, now = example_with(self._run.example, self._record.parameters), self._run.learn
        learn = replace(learn_of(example), start="given", optimizer=now.optimizer, rate=now.rate, steps=now.steps)
        return replace(example, published=None, learn=learn)

    def weights(self, query: int, head: int, layer: int = 0) -> FloatArray:
        """(s,): a query's weights in a layer; NaN where the numbers are too large for them."""
        return self._row("weights", query, head, len(self.example.keys), layer)

    def output(self, query: int) -> FloatArray:
        """(d,): a query's row of the last step; NaN where the numbers are too large for it."""
        trace, target = self._trace, learn_of(self.example).target
        layer = last_layer(self.example)
        last = "output" if trace is None else trace.at_layer(layer).graph.roles["result"]
        return self._row(last, query, 0, 0 if target is None else target.shape[1], layer)

    def answers(self, sentences: tuple[LabelledSentence, ...]) -> tuple[Answer, ...]:
        """What is read from sentences with labels, whether they are learned from or not."""
        if sentences not in self._answers:
            self._answers[sentences] = answers(self.example, sentences)
        return self._answers[sentences]

    @cached_property
    def _trace(self) -> Trace | None:
        """The example computed, without the steps of learning; None where its numbers are too large for that."""
        try:
            return Trace(replace(self.example, learn=None))
        except ExampleError:
            return None

    def _row(self, step_id: str, query: int, head: int, width: int, layer: int) -> FloatArray:
        try:
            if self._trace is not None:
                return self._trace.at_layer(layer).row(step_id, query, head)
        except ExampleError:
            pass  # the numbers of these queries are too large
        return np.full(width, np.nan)
