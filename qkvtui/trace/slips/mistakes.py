"""Operations that are none of attention's, but that somebody calculates by."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np

from ...engine.arrays import FloatArray
from ...operations.operation import At, Operation, Plan
from ...operations.softmax import Over
from ...operations.tensors import Address, Opened, Tensors, given
from ..rounding import rounded


@dataclass(frozen=True)
class Mistake(Operation):
    """A wrong operation: only its numbers matter."""

    source: str

    @property
    def sources(self) -> tuple[str, ...]:
        """What it is made of."""
        return (self.source,)

    @abstractmethod
    def numbers(self, at: At) -> FloatArray:
        """What somebody gets."""

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """Nothing is told of it."""
        return given(cell, "")

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """None."""
        return ""


@dataclass(frozen=True)
class PlainShares(Mistake):
    """Each score ÷ the sum of the scores, without exp."""

    over: Over

    def numbers(self, at: At) -> FloatArray:
        """(h, t, s)."""
        scores = at.rows(self.source)
        return _shares(scores, np.where(np.isneginf(scores), 0.0, scores), self.over)


@dataclass(frozen=True)
class RoundedPowers(Mistake):
    """Softmax with rounded exponentials; by hand, nobody takes the maximum away."""

    over: Over
    decimals: int

    def numbers(self, at: At) -> FloatArray:
        """(h, t, s)."""
        scores = at.rows(self.source)
        with np.errstate(all="ignore"):
            return _shares(scores, rounded(np.exp(scores), self.decimals), self.over)


@dataclass(frozen=True)
class MaskedLate(Mistake):
    """−∞ comes only after softmax, as a weight of 0; nothing is shared out again."""

    made: Operation
    """What makes the weights."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The scores and the mask."""
        return (self.source, "mask")

    def numbers(self, at: At) -> FloatArray:
        """(h, t, s)."""
        return np.where(np.isneginf(at.rows("mask")), 0.0, self.made.numbers(at))


@dataclass(frozen=True)
class FiniteMask(Mistake):
    """Scores plus what a mask adds, without its −∞."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The scores and the mask."""
        return (self.source, "mask")

    def numbers(self, at: At) -> FloatArray:
        """(h, t, s)."""
        mask = at.rows("mask")
        return at.rows(self.source) + np.where(np.isneginf(mask), 0.0, mask)


def _shares(scores: FloatArray, powers: FloatArray, over: Over) -> FloatArray:
    """Each row (or column) divided by its sum; 0 where a query may look at nothing."""
    axis = -2 if over == "columns" else -1
    with np.errstate(all="ignore"):
        shares: FloatArray = powers / powers.sum(axis=axis, keepdims=True)
    return np.where(np.isneginf(scores).all(axis=axis, keepdims=True), 0.0, shares)
