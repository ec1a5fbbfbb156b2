"""Whom a query attends to: shares in order, ties, and how many tokens that is in effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..engine.arrays import FloatArray
from .trace import Trace

TIE = 1e-9
"""Weights closer than this, relative to the larger one, count as equal."""


@dataclass(frozen=True)
class Attended:
    """One token and the share of the query's attention it gets."""

    index: int
    token: str
    weight: float


@dataclass(frozen=True)
class Attends:
    """Whom one query attends to."""

    query: int
    ranked: tuple[Attended, ...]
    """Largest share first, ties by position."""
    effective: float
    """exp of the entropy −Σ a·ln a: 1 where one token gets everything, s where all get the same; 0 where blind."""

    @property
    def blind(self) -> bool:
        """Whether the query may look at nothing, so that all its weights are 0."""
        return self.effective == 0.0

    @property
    def first(self) -> tuple[Attended, ...]:
        """The token with the largest share, or all that tie for it; none where blind."""
        if self.blind:
            return ()
        return self._equal_to(self.ranked[0])

    @property
    def ties(self) -> tuple[tuple[Attended, ...], ...]:
        """Every group of two or more tokens with the same share above 0, largest share first."""
        groups: list[tuple[Attended, ...]] = []
        position = 0
        while position < len(self.ranked):
            group = self._equal_to(self.ranked[position])
            if len(group) > 1 and group[0].weight > 0:
                groups.append(group)
            position += max(1, len(group))
        return tuple(groups)

    def _equal_to(self, one: Attended) -> tuple[Attended, ...]:
        return tuple(other for other in self.ranked if abs(other.weight - one.weight) <= TIE * max(one.weight, TIE))


def effective_number(weights: FloatArray) -> float:
    """exp(−Σ a·ln a) over the weights (s,): the effective number of tokens; 0 where all weights are 0."""
    positive = weights[weights > 0].astype(np.float64)
    if positive.size == 0:
        return 0.0
    return float(np.exp(-(positive * np.log(positive)).sum()))


def attends(trace: Trace, query: int, head: int = 0) -> Attends:
    """Whom the query at this index attends to, in this head."""
    weights = trace.row("weights", query, head)
    order = np.argsort(-weights, kind="stable")
    ranked = tuple(Attended(int(i), trace.example.keys[i], float(weights[i])) for i in order)
    return Attends(query, ranked, effective_number(weights))
