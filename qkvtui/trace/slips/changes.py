"""What somebody does wrongly to the numbers of one tensor."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from ...engine.arrays import FloatArray
from ...engine.heads import share_heads
from ...operations.operation import At, Heads, Operation, joined_heads
from ...records import record


@record(frozen=True)
class Change(ABC):
    """Something wrong that is done to the numbers of one tensor."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Other tensors that it takes."""
        return ()

    @abstractmethod
    def of(self, numbers: FloatArray, at: At) -> FloatArray:
        """What comes of the numbers, (h, rows, columns)."""


@record(frozen=True)
class Times(Change):
    """Multiplied by one number."""

    factor: float

    def of(self, numbers: FloatArray, at: At) -> FloatArray:
        """The numbers, multiplied."""
        return numbers * self.factor


@record(frozen=True)
class Put(Change):
    """One of them another number."""

    place: tuple[int, int, int]
    number: float

    def of(self, numbers: FloatArray, at: At) -> FloatArray:
        """(h, rows, columns)."""
        found = numbers.copy()
        found[self.place] = self.number
        return found


@record(frozen=True)
class Turned(Change):
    """Rows for columns, in each head."""

    def of(self, numbers: FloatArray, at: At) -> FloatArray:
        """(h, columns, rows)."""
        return numbers.mT


@record(frozen=True)
class MadeBy(Change):
    """Something else altogether."""

    operation: Operation

    @property
    def needs(self) -> tuple[str, ...]:
        """The operation's sources."""
        return self.operation.sources

    def of(self, numbers: FloatArray, at: At) -> FloatArray:
        """What the operation gives."""
        return self.operation.numbers(at)


@record(frozen=True)
class Plus(Change):
    """Something else added to it."""

    addend: Operation

    @property
    def needs(self) -> tuple[str, ...]:
        """What the addend is made of."""
        return self.addend.sources

    def of(self, numbers: FloatArray, at: At) -> FloatArray:
        """The sum."""
        return numbers + self.addend.numbers(at)


@record(frozen=True)
class ForbiddenAs(Change):
    """Where the mask forbids a look: this number, and nothing shared out again."""

    number: float

    @property
    def needs(self) -> tuple[str, ...]:
        """The mask."""
        return ("mask",)

    def of(self, numbers: FloatArray, at: At) -> FloatArray:
        """(h, t, s)."""
        return np.where(np.isneginf(at.rows("mask")), self.number, numbers)


@record(frozen=True)
class WithoutInfinity(Change):
    """Of a mask what it adds, without its −∞."""

    def of(self, numbers: FloatArray, at: At) -> FloatArray:
        """(h, t, s)."""
        return np.where(np.isneginf(numbers), 0.0, numbers)


@record(frozen=True)
class HeadsMean(Change):
    """The mean over the heads, in each head."""

    def of(self, numbers: FloatArray, at: At) -> FloatArray:
        """(h, rows, columns)."""
        return np.broadcast_to(numbers.mean(axis=0, keepdims=True), numbers.shape)


@record(frozen=True)
class Recut(Change):
    """The columns of all heads side by side, divided among the heads in a wrong way.

    `viewed`: numbers taken as they lie in memory, without a transpose; `every`: head i gets every h-th column.
    """

    heads: Heads
    how: str

    def of(self, numbers: FloatArray, at: At) -> FloatArray:
        """(h, rows, d)."""
        side_by_side = joined_heads(numbers, self.heads)[0]
        rows, groups = len(side_by_side), self.heads.count // self.heads.group
        if self.how == "viewed":
            apart = side_by_side.reshape(groups, rows, -1)
        else:
            apart = np.moveaxis(side_by_side.reshape(rows, -1, groups), -1, 0)
        return share_heads(apart, self.heads.count)


@record(frozen=True)
class Tiled(Change):
    """Shared key and value heads repeated in turn (0 1 0 1), not each for its group (0 0 1 1)."""

    heads: Heads

    def of(self, numbers: FloatArray, at: At) -> FloatArray:
        """(h, rows, d)."""
        return np.concatenate([numbers[list(self.heads.firsts)]] * self.heads.group)


@record(frozen=True)
class SharesAgain(Change):
    """Softmax of what are shares already; with `masked` what may not be looked at stays 0."""

    masked: bool

    def of(self, numbers: FloatArray, at: At) -> FloatArray:
        """(h, t, s)."""
        powers = np.where(numbers == 0, 0.0, np.exp(numbers)) if self.masked else np.exp(numbers)
        with np.errstate(all="ignore"):
            found: FloatArray = powers / powers.sum(axis=-1, keepdims=True)
        return np.nan_to_num(found)
