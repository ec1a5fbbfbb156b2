"""Looking at a run while it learns: which moment, whose attention, which number of which matrix."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from ..engine.arrays import FloatArray, quiet
from ..engine.optimisers import OPTIMISERS, State
from ..engine.training import TrainingRecord
from ..errors import UsageError
from ..files.example import Example, Goal, Learn
from ..operations.tensors import Address
from .addresses import format_address
from .learning import Run, learn_of
from .moment import Moment
from .objectives import objectives_of, with_objective
from .trace import Trace


@dataclass(frozen=True)
class Cell:
    """One number of a matrix that moves; a row vector has row 0."""

    name: str
    row: int
    column: int


class Study:
    """A run, and where one is in it. Raises UsageError where the example's task cannot be learned as it stands."""

    def __init__(self, example: Example, *, changed: bool = False) -> None:
        self.example = example
        """What `reset` comes back to."""
        self.changed = changed
        """Whether that is no longer what the file has."""
        learn = learn_of(example)
        self.query = example.query if not learn.rows or example.query in learn.rows else learn.rows[0]
        """Whose attention is looked at."""
        self._matrix = self._row = self._column = 0
        self._start(example)

    def _start(self, example: Example) -> None:
        self.run = Run(example)
        self.head = self.learn.head
        """Whose weights are looked at."""
        self.at = 0
        """The moment one looks at: how many updates there were before."""
        self._moments: dict[int, Moment] = {}

    @property
    def learn(self) -> Learn:
        """The task, with the settings of the updates to come."""
        return self.run.learn

    @property
    def record(self) -> TrainingRecord:
        """The moment one looks at."""
        return self.run.records[self.at]

    @property
    def newest(self) -> int:
        """The last moment there is so far."""
        return len(self.run.records) - 1

    @property
    def at_end(self) -> bool:
        """Whether no moment can come after this one."""
        return self.at == self.newest and self.run.done

    @property
    def end(self) -> int:
        """The last moment that there can be: after all updates, or as many as can be kept."""
        return min(self.learn.steps, self.run.most)

    @property
    def is_full(self) -> bool:
        """Whether this is the last moment although there are to be more, because no more can be kept."""
        return self.at >= self.run.most and self.at < self.learn.steps

    @property
    def blown_up(self) -> bool:
        """Whether the loss of this moment is no longer a number."""
        return not self.record.finite

    def moment(self, number: int) -> Moment:
        """A moment, to be computed with; the start and the one that is looked at are kept."""
        if number not in self._moments:
            for old in self._moments.keys() - {0, self.at}:
                del self._moments[old]
            self._moments[number] = Moment(self.run, number)
        return self._moments[number]

    def forward(self, to: int, enough: Callable[[], bool] = lambda: False) -> None:
        """On to a moment, learning what is new, as far as the run goes or until it is enough; one update at least."""
        while self.at < to and not self.at_end:
            if self.at == self.newest:
                self.run.step()
            self.at += 1
            if enough():
                return

    def back(self, to: int) -> None:
        """Back to a moment; what came after it is kept."""
        self.at = max(0, min(to, self.at))

    def set_rate(self, rate: float) -> None:
        """Another rate from this moment on; what came after it is forgotten."""
        self._forget_the_future()
        self.run.change(rate=rate)

    def set_optimizer(self, name: str) -> None:
        """Another optimizer from this moment on; what came after it is forgotten."""
        self._forget_the_future()
        self.run.change(optimizer=name)

    def set_steps(self, steps: int) -> None:
        """Another length of the run. Raises UsageError for more updates than can be kept."""
        if steps > self.run.most:
            size = self.record.vector.size
            raise UsageError(f"{steps} updates: with {size} numbers that move, {self.run.most} can be kept")
        self.at = min(self.at, steps)
        if steps < self.newest:
            self.run.back_to(steps)
        self.run.change(steps=steps)
        self._moments.clear()

    def set_seed(self, seed: int) -> None:
        """From the start, from random numbers."""
        self._start_again(self.run.example, start="random", seed=seed)

    def set_objective(self, goal: Goal) -> None:
        """From the start, with the wish said in another way."""
        self._start_again(with_objective(self.example, goal), start=self.learn.start, seed=self.learn.seed)

    @property
    def objectives(self) -> tuple[Goal, ...]:
        """The objectives there are to choose from."""
        return objectives_of(self.example)

    def reset(self) -> None:
        """From the start, with the file's settings."""
        self._start(self.example)

    def _start_again(self, example: Example, **settings: Any) -> None:
        now = self.learn
        learn = replace(learn_of(example), optimizer=now.optimizer, rate=now.rate, steps=now.steps, **settings)
        self._start(replace(example, learn=learn))

    def _forget_the_future(self) -> None:
        """What came after this moment; a moment without a loss is none to go on from."""
        if self.blown_up and self.at:
            self.at -= 1
        self.run.back_to(self.at)
        self._moments.clear()

    def ask(self, query: int) -> None:
        """Another token's attention; the first or last one where there are no more."""
        self.query = max(0, min(query, len(self.example.tokens) - 1))

    def ask_head(self, head: int) -> None:
        """Another head's attention; after the last one the first."""
        self.head = head % self.example.attention.heads

    def wanted(self, goal: Goal) -> FloatArray | None:
        """What the query's row of weights ("attention") or of the last step ("output") should be, if that is said."""
        learn = self.learn
        if learn.objective != goal or learn.target is None or self.query not in learn.rows:
            return None
        if goal == "attention" and self.head != learn.head:
            return None
        row: FloatArray = learn.target[learn.rows.index(self.query)]
        return row

    @property
    def names(self) -> tuple[str, ...]:
        """The matrices that move."""
        return self.learn.train

    @property
    def cell(self) -> Cell:
        """The current number."""
        name = self.names[self._matrix]
        rows, columns = self.array(name).shape
        return Cell(name, min(self._row, rows - 1), min(self._column, columns - 1))

    @property
    def address(self) -> str:
        """The current number as a reader would write it: `W_Q[0,1]`, `E[it,0]`, `b_Q[1]`."""
        return format_address(self._named, Address(self.cell.name, self.cell.row, self.cell.column))

    @cached_property
    def _named(self) -> Trace:
        """Knows how numbers are addressed, which is the same at every moment."""
        return Trace(self.example)

    def choose(self, cell: Cell) -> None:
        """Another number is the current one."""
        self._matrix, self._row, self._column = self.names.index(cell.name), cell.row, cell.column

    def move_matrix(self, by: int) -> None:
        """The next matrix that moves, or the one before."""
        self._matrix = (self._matrix + by) % len(self.names)

    def move_cell(self, by: int) -> None:
        """The number `by` on in the matrix, row after row."""
        cell = self.cell
        rows, columns = self.array(cell.name).shape
        place = max(0, min(cell.row * columns + cell.column + by, rows * columns - 1))
        self._row, self._column = divmod(place, columns)

    def array(self, name: str, at: int | None = None) -> FloatArray:
        """A matrix at a moment, by default at this one; a bias is a matrix of one row."""
        return np.atleast_2d(self.run.records[self.at if at is None else at].parameters[name])

    def gradient(self, name: str) -> FloatArray:
        """The gradient of the loss by a matrix, at this moment."""
        return np.atleast_2d(self.record.gradients[name])

    @quiet
    def upcoming(self, name: str) -> FloatArray:
        """The matrix after the next update."""
        record, learn = self.record, self.learn
        state = record.state if record.optimiser == learn.optimizer else State()
        vector, _ = OPTIMISERS[learn.optimizer](record.vector, record.gradient, state, learn.rate)
        return np.atleast_2d(record.lean.packing.unpack(vector)[name])

    def row_labels(self, name: str) -> Sequence[str]:
        """What the rows of a matrix are: words, tokens, or only counted."""
        if name == "E":
            assert self.learn.vocabulary is not None
            return self.learn.vocabulary.words
        if name in ("X", "Y", "Z"):
            return self.example.tokens if name == "X" else self.example.keys
        if name.startswith(("b", "g", "v")):
            return ("",)
        return tuple(str(index) for index in range(len(self.array(name))))

    def column_labels(self, name: str) -> Sequence[str]:
        """What the columns of a matrix are: labels, or only counted."""
        if name in ("W_R", "b_R"):
            return self.learn.labels
        return tuple(str(index) for index in range(self.array(name).shape[1]))
