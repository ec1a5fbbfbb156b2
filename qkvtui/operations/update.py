"""The update: every number that moves, and what it moves by."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import prod

import numpy as np

from ..engine.arrays import FloatArray
from ..engine.optimisers import BETA_1, BETA_2, OPTIMISERS, State
from ..records import record
from ..said import Phrase, say
from .elementwise import Elementwise, Operand, Where
from .given import Setting
from .operation import At, Drawing, Extra, Operation, Plan
from .rules import Rule
from .tensors import Address, Axis, Opened, Tensors, given, made_of, named_address, split_name

_RATE = Operand("rate", Where.SINGLE)


@record(frozen=True)
class Entries:
    """All numbers that move, in one row: those of one parameter after those of another."""

    shapes: tuple[tuple[str, tuple[int, ...]], ...]
    """(parameter, its shape), in order."""

    def __len__(self) -> int:
        return sum(prod(shape) for _, shape in self.shapes)

    def place(self, index: int) -> tuple[str, int, int]:
        """(parameter, row, column) of a number; a row vector has row 0."""
        for name, shape in self.shapes:
            if index < prod(shape):
                return (name, *divmod(index, shape[-1]))
            index -= prod(shape)
        raise IndexError(index)

    def index(self, name: str, row: int, column: int) -> int:
        """The other way round. Raises KeyError for a parameter that does not move."""
        return self.span_of(name)[0] + row * dict(self.shapes)[name][-1] + column

    def span_of(self, name: str) -> tuple[int, int]:
        """Where a parameter's numbers begin, and where the next one's do. Raises KeyError where it does not move."""
        before = 0
        for one, shape in self.shapes:
            if one == name:
                return before, before + prod(shape)
            before += prod(shape)
        raise KeyError(name)


@record(frozen=True)
class Learning:
    """How the numbers that move are moved."""

    entries: Entries
    optimizer: str
    rate: float
    state: State
    """What the optimiser remembers of the updates before."""
    steps: frozenset[str]
    """The gradients that are steps (`d_W_Q`; in a model with several layers `d_W_Q@1`)."""
    total: Callable[[At], FloatArray] | None = None
    """(n,): the gradient summed over all sentences, where there are several; None: the one that is walked."""
    sentences: int = 1
    rows_of: Callable[[int], tuple[int, ...]] = lambda word: ()
    """The rows of X that a word of the vocabulary is."""
    layer: int | None = None
    """Of several layers the one that the update stands in; None: there are none."""
    elsewhere: Callable[[int, str], FloatArray] | None = None
    """(layer, tensor) → its numbers in another layer."""

    @property
    def updates(self) -> int:
        """The number of this update, counted from 1, as the optimiser counts."""
        return self.state.updates + 1

    def gradient(self, at: At) -> FloatArray:
        """(n,): by every number that moves."""
        if self.total is not None:
            return at.once((self, "total"), lambda: self.total(at) if self.total is not None else np.empty(0))
        return np.concatenate([self._of(at, name, shape) for name, shape in self.entries.shapes])

    def _of(self, at: At, name: str, shape: tuple[int, ...]) -> FloatArray:
        step = f"d_{name}"
        return self._whole(at, step).ravel() if step in self.steps else np.zeros(prod(shape))

    def _whole(self, at: At, name: str) -> FloatArray:
        """What a name with or without a layer stands for."""
        plain, layer = split_name(name)
        if layer in (None, self.layer):
            return at.whole(plain)
        assert layer is not None
        assert self.elsewhere is not None
        return self.elsewhere(layer, plain)

    def address(self, name: str, row: int, column: int) -> Address:
        """A number of what a name with or without a layer stands for."""
        return named_address(name, row, column, self.layer)

    def here(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of the layer that the update stands in, without it."""
        return tuple(plain for plain, layer in map(split_name, names) if layer in (None, self.layer))

    def old(self, at: At) -> FloatArray:
        """(n,): every number that moves, before."""
        return np.concatenate([self._whole(at, name).ravel() for name, _ in self.entries.shapes])

    def own(self, at: At) -> FloatArray:
        """(n,): the part of the gradient that comes from the sentence that is walked."""
        return np.concatenate([self._own_of(at, name, shape) for name, shape in self.entries.shapes])

    def _own_of(self, at: At, name: str, shape: tuple[int, ...]) -> FloatArray:
        if name != "E" or "d_E" in self.steps:
            return self._of(at, name, shape)
        by_row = at.whole("d_X")[0]
        parts = [by_row[list(self.rows_of(word))].sum(axis=0) for word in range(shape[0])]
        return np.stack(parts).ravel()

    def moved(self, at: At) -> tuple[FloatArray, State]:
        """All numbers that move after the update, and what the optimiser then remembers."""
        with np.errstate(all="ignore"):
            return OPTIMISERS[self.optimizer](self.old(at), self.gradient(at), self.state, self.rate)

    def gradient_cell(self, entry: int) -> Address:
        """The whole gradient by a number that moves: its step's cell, or the sum over all sentences."""
        name, row, column = self.entries.place(entry)
        if self.total is not None or f"d_{name}" not in self.steps:
            return Address("total", entry, 0)
        return self.address(f"d_{name}", row, column)


@record(frozen=True)
class Update(Operation):
    """old − rate · direction."""

    learning: Learning
    drawing: Drawing = Drawing.UPDATE

    @property
    def sources(self) -> tuple[str, ...]:
        """What moves, and its gradients."""
        learning = self.learning
        return learning.here((*(name for name, _ in learning.entries.shapes), *sorted(learning.steps)))

    def numbers(self, at: At) -> FloatArray:
        """(1, n, 1): every number that moves, after."""
        return self.learning.moved(at)[0][None, :, None]

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The number before, the rate, and the direction."""
        learning = self.learning
        old = learning.address(*learning.entries.place(cell.row))
        plain = learning.optimizer == "sgd"
        direction = learning.gradient_cell(cell.row) if plain else Address("direction", cell.row, 0)
        return made_of(cell, Rule.DESCENT, old, Address("rate", 0, 0), direction)

    def equation(self, plan: Plan, symbol: str, in_columns: bool = False) -> str:
        """`W ← W − 0.5 · dW`."""
        return f"W ← {self.formula(plan, in_columns)}"

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`W − 0.5 · dW`."""
        direction = {"momentum": "u", "adam": "m̂/√v̂"}.get(self.learning.optimizer, "dW")
        return f"W − {self.learning.rate:g} · {direction}"

    def extras(self) -> tuple[Extra, ...]:
        """The rate, the whole gradient, and what the optimiser makes of it and remembers."""
        learning = self.learning
        found = [
            _single("rate", learning.rate, say("{setting}", setting="learn.rate")),
            Extra("total", WholeGradient(learning), Axis.ENTRY, is_gradient=True),
        ]
        if learning.total is not None:
            said = say("from the other {count} of learn.sentences", count=learning.sentences - 1)
            rest = Setting(lambda at: _upright(learning.gradient(at) - learning.own(at)), lambda cell: said)
            found.append(Extra("others", rest, Axis.ENTRY, is_setting=True, is_gradient=True))
        return (*found, *_memory(learning))


@record(frozen=True)
class WholeGradient(Operation):
    """The gradient by every number that moves, over all sentences."""

    learning: Learning

    @property
    def sources(self) -> tuple[str, ...]:
        """The gradients that are steps."""
        return self.learning.here(sorted(self.learning.steps))

    def numbers(self, at: At) -> FloatArray:
        """(1, n, 1)."""
        return _upright(self.learning.gradient(at))

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The step's cell; with several sentences that of this one (of a word, every row it is) and the others."""
        learning = self.learning
        name, row, column = learning.entries.place(cell.row)
        step = f"d_{name}"
        if learning.total is None:
            if step in learning.steps:
                return made_of(cell, Rule.COPY, learning.address(step, row, column))
            return given(cell, say("learn: the loss does not look at {name}, so 0", name=name))
        own = [learning.address(step, row, column)]
        if name == "E" and step not in learning.steps:
            own = [Address("d_X", index, column) for index in learning.rows_of(row)]
        return made_of(cell, Rule.SUM, *own, Address("others", cell.row, 0))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """None."""
        return ""


@record(frozen=True)
class Remembered(Operation):
    """What an optimiser makes of what it remembered and the gradient, corrected for having started at 0."""

    learning: Learning
    rule: Rule
    memory: str
    """The tensor that is remembered (`m`)."""
    share: str = ""
    """What the correction divides by; empty: nothing."""

    @property
    def sources(self) -> tuple[str, ...]:
        """What was remembered."""
        return (self.memory,)

    def numbers(self, at: At) -> FloatArray:
        """(1, n, 1)."""
        state = self.learning.moved(at)[1]
        found = state.second if self.memory == "v" else state.first
        assert found is not None
        return _upright(found / at.number(self.share) if self.share else found)

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """What was remembered, the gradient, and the correction."""
        share = (Address(self.share, 0, 0),) if self.share else ()
        return made_of(
            cell, self.rule, Address(self.memory, cell.row, 0), self.learning.gradient_cell(cell.row), *share
        )

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """None."""
        return ""


def _memory(learning: Learning) -> tuple[Extra, ...]:
    """What an optimiser remembers, and the direction it makes of that."""
    if learning.optimizer == "momentum":
        velocity = Remembered(learning, Rule.VELOCITY, "u")
        return (_remembered("u", learning), Extra("direction", velocity, Axis.ENTRY, is_gradient=True))
    if learning.optimizer != "adam":
        return ()
    direction = Elementwise(Rule.DIRECTION, (Operand("m_hat"), Operand("v_hat")), "")
    found = [
        Extra("direction", direction, Axis.ENTRY, is_gradient=True),
        Extra("m_hat", Remembered(learning, Rule.MEAN, "m", "m_share"), Axis.ENTRY),
        Extra("v_hat", Remembered(learning, Rule.MEAN_SQUARE, "v", "v_share"), Axis.ENTRY),
        _remembered("m", learning),
        _remembered("v", learning),
    ]
    for name, beta in (("m_share", BETA_1), ("v_share", BETA_2)):
        said = say("{sum}, from the number of updates", sum=f"1 - {beta:g}^{learning.updates}")
        found.append(_single(name, float(1 - beta**learning.updates), said))
    return tuple(found)


def _remembered(name: str, learning: Learning) -> Extra:
    memory = learning.state.second if name == "v" else learning.state.first
    numbers = np.zeros(len(learning.entries)) if memory is None else memory
    said = say("what the optimiser remembers of {count} updates", count=learning.state.updates)
    return Extra(name, Setting(lambda at: _upright(numbers), lambda cell: said), Axis.ENTRY, is_setting=True)


def _single(name: str, value: float, said: Phrase) -> Extra:
    return Extra(name, Setting(lambda at: np.full((1, 1, 1), value), lambda cell: said), is_setting=True)


def _upright(vector: FloatArray) -> FloatArray:
    """(n,) → (1, n, 1)."""
    return vector[None, :, None]
