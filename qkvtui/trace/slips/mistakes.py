"""Operations that are none of attention's, but that somebody calculates by."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import field
from typing import TypeVar

import numpy as np

from ...engine.arrays import FloatArray
from ...engine.stored import StoredTable
from ...operations.operation import At, Operation, Plan
from ...operations.softmax import Over
from ...operations.tensors import Address, Opened, Tensors, given
from ...records import record
from ..rounding import rounded
from .changes import Change

Made = TypeVar("Made")


@record(frozen=True)
class Mistake(Operation):
    """A wrong operation: only its numbers matter."""

    @abstractmethod
    def numbers(self, at: At) -> FloatArray:
        """What somebody gets."""

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """Nothing is told of it."""
        return given(cell)

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """None."""
        return ""


@record(frozen=True)
class OfOne(Mistake):
    """A mistake with one tensor."""

    source: str

    @property
    def sources(self) -> tuple[str, ...]:
        """It."""
        return (self.source,)


@record(frozen=True)
class After(Mistake):
    """What an operation gives, changed."""

    made: Operation
    change: Change

    @property
    def sources(self) -> tuple[str, ...]:
        """The operation's, and the change's."""
        return (*self.made.sources, *self.change.needs)

    def numbers(self, at: At) -> FloatArray:
        """(h, rows, columns)."""
        return self.change.of(self.made.numbers(at), at)


@record(frozen=True)
class Before(Mistake):
    """What an operation gives for a changed source."""

    made: Operation
    source: str
    change: Change

    @property
    def sources(self) -> tuple[str, ...]:
        """The operation's, and the change's."""
        return (*self.made.sources, *self.change.needs)

    def numbers(self, at: At) -> FloatArray:
        """(h, rows, columns)."""
        return self.made.numbers(_Instead(at, self.source, self.change.of(at.whole(self.source), at)))


class _Instead:
    """A block with other numbers in one tensor."""

    def __init__(self, at: At, name: str, numbers: FloatArray) -> None:
        self._at, self._name, self._numbers = at, name, numbers

    @property
    def slice(self) -> slice:
        return self._at.slice

    def rows(self, name: str) -> FloatArray:
        return self._numbers if name == self._name else self._at.rows(name)

    def whole(self, name: str) -> FloatArray:
        return self._numbers if name == self._name else self._at.whole(name)

    def table(self, name: str) -> StoredTable | None:
        return self._at.table(name)

    def number(self, name: str) -> float:
        return self._at.number(name)

    def once(self, name: object, make: Callable[[], Made]) -> Made:
        return make()


@record(frozen=True)
class MergedUnturned(OfOne):
    """(h, t, d) taken as (t, h·d) as it lies in memory, without a transpose."""

    def numbers(self, at: At) -> FloatArray:
        """(1, t, h·d)."""
        found = at.rows(self.source)
        return np.ascontiguousarray(found).reshape(1, found.shape[1], -1)


@record(frozen=True)
class Same(OfOne):
    """Another tensor as it is."""

    heads: int = 1
    """Into how many heads its columns are divided."""

    def numbers(self, at: At) -> FloatArray:
        """(h, rows, columns)."""
        found = at.whole(self.source)
        if self.heads == 1 or len(found) > 1:
            return found
        return np.moveaxis(found[0].reshape(found.shape[1], self.heads, -1), 1, 0)


@record(frozen=True)
class Multiplied(Mistake):
    """left · right head by head, or number by number."""

    left: str
    right: str
    each: bool = False
    """Whether each number is multiplied by the one at the same place."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Both."""
        return (self.left, self.right)

    def numbers(self, at: At) -> FloatArray:
        """(h, rows, columns)."""
        left = at.rows(self.left)
        found: FloatArray = left * at.rows(self.right) if self.each else left @ at.whole(self.right)
        return found


@record(frozen=True)
class PlainShares(OfOne):
    """Each score ÷ the sum of the scores, without exp."""

    over: Over

    def numbers(self, at: At) -> FloatArray:
        """(h, t, s)."""
        scores = at.rows(self.source)
        return _shares(scores, np.where(np.isneginf(scores), 0.0, scores), self.over)


@record(frozen=True)
class RoundedPowers(OfOne):
    """Softmax with rounded exponentials; by hand, nobody takes the maximum away."""

    over: Over
    decimals: int

    def numbers(self, at: At) -> FloatArray:
        """(h, t, s)."""
        scores = at.rows(self.source)
        with np.errstate(all="ignore"):
            return _shares(scores, rounded(np.exp(scores), self.decimals), self.over)


@record(frozen=True)
class SharesOfAll(OfOne):
    """Softmax over the whole matrix of each head."""

    def numbers(self, at: At) -> FloatArray:
        """(h, t, s)."""
        scores = at.rows(self.source)
        with np.errstate(all="ignore"):
            powers = np.exp(scores - scores.max(axis=(-2, -1), keepdims=True))
            found: FloatArray = powers / powers.sum(axis=(-2, -1), keepdims=True)
        return found


@record(frozen=True)
class SharesOfOneMore(OfOne):
    """exp(score) ÷ (1 + Σ exp(score)): somebody who is not there gets a share."""

    def numbers(self, at: At) -> FloatArray:
        """(h, t, s)."""
        scores = at.rows(self.source)
        with np.errstate(all="ignore"):
            most = np.maximum(scores.max(axis=-1, keepdims=True), 0.0)
            powers = np.exp(scores - most)
            found: FloatArray = powers / (np.exp(-most) + powers.sum(axis=-1, keepdims=True))
        return found


@record(frozen=True)
class FixedNumbers(Mistake):
    """These numbers, whatever the rest is."""

    array: FloatArray = field(compare=False)  # (h | 1, t, s)
    content: bytes = field(init=False, repr=False)
    """What is compared."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "content", self.array.tobytes())

    @property
    def sources(self) -> tuple[str, ...]:
        """None."""
        return ()

    def numbers(self, at: At) -> FloatArray:
        """(h | 1, rows, s)."""
        return self.array[:, at.slice]


def _shares(scores: FloatArray, powers: FloatArray, over: Over) -> FloatArray:
    """Each row (or column) divided by its sum; 0 where a query may look at nothing."""
    axis = -2 if over == "columns" else -1
    with np.errstate(all="ignore"):
        shares: FloatArray = powers / powers.sum(axis=axis, keepdims=True)
    return np.where(np.isneginf(scores).all(axis=axis, keepdims=True), 0.0, shares)
