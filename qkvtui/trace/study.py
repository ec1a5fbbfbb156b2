"""Looking at a run while it learns: which moment, whose attention, which number of which matrix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from math import prod

import numpy as np

from ..errors import UsageError
from ..graph.example import Example
from ..graph.layers import last_layer
from ..graph.task import Goal, Learn
from ..operations.tensors import named_address
from ..records import record
from ..said import say
from .addresses import format_address
from .learning import learn_of, task_of
from .objectives import with_objective
from .run import Moment, Run
from .story import Story, told_query
from .trace import Trace


@record(frozen=True)
class Cell:
    """One number of a matrix that moves; a row vector has row 0."""

    name: str
    row: int
    column: int


class Cursor:
    """Which number of which matrix is looked at: of each matrix first the one with the largest gradient of a moment."""

    def __init__(self, example: Example, moment: Moment) -> None:
        self.names = task_of(example).train
        """The matrices that move."""
        steepness = {name: np.abs(moment.gradient(name)) for name in self.names}
        self._shapes = {name: found.shape for name, found in steepness.items()}
        self._places = {name: int(np.argmax(found)) for name, found in steepness.items()}
        """The current number of each matrix, counted row after row."""
        self._matrix = int(np.argmax([found.max() for found in steepness.values()]))
        self._example = example

    @property
    def cell(self) -> Cell:
        """The current number."""
        name = self.names[self._matrix]
        return Cell(name, *divmod(self._places[name], self._shapes[name][1]))

    def address(self, language: str = "") -> str:
        """The current number as a reader would write it: `W_Q[0,1]`, `E[it,living]`, `b_Q[1]`."""
        cell = self.cell
        at = named_address(cell.name, cell.row, cell.column, self._example.layer)
        return format_address(self._named, at, language)

    @cached_property
    def _named(self) -> Trace:
        """Knows how numbers are addressed, which is the same at every moment."""
        return Trace(self._example)

    def choose(self, cell: Cell) -> None:
        """Another number is the current one."""
        self._matrix = self.names.index(cell.name)
        self._places[cell.name] = cell.row * self._shapes[cell.name][1] + cell.column

    def move_matrix(self, by: int) -> None:
        """The next matrix that moves, or the one before, at the number where one was in it."""
        self._matrix = (self._matrix + by) % len(self.names)

    def move(self, by: int) -> None:
        """The number `by` on in the matrix, row after row."""
        name = self.names[self._matrix]
        self._places[name] = max(0, min(self._places[name] + by, prod(self._shapes[name]) - 1))


class Study:
    """A run, and where one is in it. Raises UsageError where the example's task cannot be learned as it stands."""

    def __init__(self, example: Example, *, changed: bool = False) -> None:
        self.example = example
        """What `reset` comes back to."""
        self.changed = changed
        """Whether that is no longer what the file has."""
        self.query = told_query(example)
        """Whose attention is looked at."""
        self.layer = last_layer(example)
        """Whose attention is looked at, of several layers."""
        self._start(example)
        self.cursor = Cursor(example, self.run.moment(0))
        """The number that is looked at; the same one in whatever run."""

    def _start(self, example: Example) -> None:
        self.run = Run(example)
        self._told: tuple[tuple[object, ...], Story] | None = None
        self.head = self.learn.head
        """Whose weights are looked at."""
        self.at = 0
        """The moment one looks at: how many updates there were before."""

    @property
    def learn(self) -> Learn:
        """The task, with the settings of the updates to come."""
        return self.run.learn

    @property
    def moment(self) -> Moment:
        """The moment one looks at."""
        return self.run.moment(self.at)

    @property
    def story(self) -> Story:
        """The run so far, about the query and the head one looks at; the same one until any of that changes."""
        now = (self.run, self.run.last, self.query, self.head, self.layer)
        if self._told is None or self._told[0] != now:
            self._told = now, Story(self.run, self.query, self.head, self.layer)
        return self._told[1]

    @property
    def at_end(self) -> bool:
        """Whether no moment can come after this one."""
        return self.at == self.run.last.number and self.run.done

    @property
    def is_full(self) -> bool:
        """Whether this is the last moment although there are to be more, because no more can be kept."""
        return self.run.most <= self.at < self.learn.steps

    def forward(self, to: int, enough: Callable[[], bool] = lambda: False) -> None:
        """On to a moment, learning what is new, as far as the run goes or until it is enough; one update at least."""
        while self.at < to and not self.at_end:
            if self.at == self.run.last.number:
                self.run.step()
            self.at += 1
            if enough():
                return

    def go_to(self, number: int) -> None:
        """To a moment that there is, or the one that is nearest to it; what came after it is kept."""
        self.at = max(0, min(number, self.run.last.number))

    def change(self, **settings: object) -> None:
        """Another `rate` or `optimizer` from this moment on; what came after it is forgotten.

        A moment without a loss is none to go on from: then from the one before.
        """
        if not self.moment.finite and self.at:
            self.at -= 1
        self.run.back_to(self.at)
        self.run.change(**settings)

    def set_steps(self, steps: int) -> None:
        """Another length of the run. Raises UsageError for more updates than can be kept."""
        if steps > self.run.most:
            size = self.run.last.vector.size
            raise UsageError(
                say(
                    "{steps} updates: with {numbers} numbers that move, {most} updates can be kept",
                    steps=steps,
                    numbers=size,
                    most=self.run.most,
                )
            )
        self.run.back_to(steps)
        self.go_to(self.at)
        self.run.change(steps=steps)

    def start_again(self, *, seed: int | None = None, objective: Goal | None = None) -> None:
        """From the start with the settings of now, but from random numbers, or with the wish said in another way."""
        now = self.learn
        example = with_objective(self.example, objective or now.objective)
        learn = replace(learn_of(example), start=now.start, seed=now.seed, optimizer=now.optimizer)
        if seed is not None:
            learn = replace(learn, start="random", seed=seed)
        self._start(replace(example, learn=replace(learn, rate=now.rate, steps=now.steps)))

    def reset(self) -> None:
        """From the start, with the file's settings."""
        self._start(self.example)

    def ask(self, query: int) -> None:
        """Another token's attention; the first or last one where there are no more."""
        self.query = max(0, min(query, len(self.example.tokens) - 1))

    def ask_head(self, head: int) -> None:
        """Another head's attention; after the last one the first."""
        self.head = head % self.story.heads

    def ask_layer(self, layer: int) -> bool:
        """Another layer's attention; whether there is that layer."""
        if not 0 <= layer <= last_layer(self.example):
            return False
        self.layer = layer
        self.ask_head(self.head)
        return True
