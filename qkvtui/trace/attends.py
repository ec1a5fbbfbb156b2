"""Whom a query attends to: shares in order, ties, and how many tokens that is in effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import overload

import numpy as np

from ..engine.arrays import FloatArray, Indices
from ..records import record
from .trace import Trace

TIE = 1e-9
"""Weights closer than this, relative to the larger one, count as equal."""


@record(frozen=True)
class Attended:
    """One token and the share of the query's attention it gets."""

    index: int
    token: str
    weight: float


@record(frozen=True, eq=False)
class Ranking(Sequence[Attended]):
    """Tokens in the order of their shares, each made when it is looked at: there may be thousands."""

    tokens: Sequence[str]
    order: Indices
    """Indices of tokens, those with the largest share first."""
    shares: FloatArray
    """The share of each, in that order."""

    def __len__(self) -> int:
        return len(self.order)

    @overload
    def __getitem__(self, index: int) -> Attended: ...
    @overload
    def __getitem__(self, index: slice) -> Ranking: ...
    def __getitem__(self, index: int | slice) -> Attended | Ranking:
        if isinstance(index, slice):
            return Ranking(self.tokens, self.order[index], self.shares[index])
        key = int(self.order[index])
        return Attended(key, self.tokens[key], float(self.shares[index]))

    def __iter__(self) -> Iterator[Attended]:
        pairs = zip(self.order.tolist(), self.shares.tolist(), strict=True)
        return (Attended(key, self.tokens[key], share) for key, share in pairs)


def indices_of(group: Sequence[Attended]) -> list[int]:
    """The indices of the tokens."""
    if isinstance(group, Ranking):
        indices: list[int] = group.order.tolist()
        return indices
    return [one.index for one in group]


@record(frozen=True)
class Attends:
    """Whom one query attends to."""

    query: int
    ranked: Sequence[Attended]
    """Largest share first, ties by position."""
    effective: float
    """exp of the entropy −Σ a·ln a: 1 where one token gets everything, s where all get the same; 0 where blind."""

    @property
    def blind(self) -> bool:
        """Whether the query may look at nothing, so that all its weights are 0."""
        return self.effective == 0.0

    @cached_property
    def first(self) -> Sequence[Attended]:
        """The token with the largest share, or all that tie for it; none where blind."""
        if self.blind:
            return ()
        return self.ranked[: self._end_of_tie(0)]

    @cached_property
    def ties(self) -> tuple[Sequence[Attended], ...]:
        """Every group of two or more tokens with the same share above 0, largest share first."""
        shares = self._shares
        slack = TIE * np.maximum(shares[:-1], TIE)
        groups: list[Sequence[Attended]] = []
        end = 0
        for position in np.flatnonzero((shares[:-1] - shares[1:] <= slack) & (shares[:-1] > 0)).tolist():
            if position >= end:
                end = self._end_of_tie(position)
                groups.append(self.ranked[position:end])
        return tuple(groups)

    @cached_property
    def _shares(self) -> FloatArray:
        if isinstance(self.ranked, Ranking):
            return self.ranked.shares.astype(np.float64)
        return np.array([one.weight for one in self.ranked])

    def _end_of_tie(self, position: int) -> int:
        """Behind the last of those whose shares equal that of the one at `position`."""
        share = float(self._shares[position])
        return int(np.searchsorted(-self._shares, TIE * max(share, TIE) - share, side="right"))


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
    return Attends(query, Ranking(trace.example.keys, order, weights[order]), effective_number(weights))


def contributions(trace: Trace, query: int, head: int = 0) -> FloatArray:
    """(s,): of the lengths Σ |weight · value| of all that goes into the output, the part of each token; 0 of nothing.

    Not the weights: a token with an empty value adds nothing, however much attention it gets (Kobayashi et al. 2020).
    """
    values = trace.matrix(trace.graph.roles["values"], head)
    long, exponents = _scaled_lengths(values)
    sizes = trace.row("weights", query, head) * np.ldexp(long, exponents - exponents.max(initial=0))  # (s,)
    total = float(sizes.sum())
    return sizes / total if total > 0 else np.zeros_like(sizes)


def lengths(vectors: FloatArray) -> FloatArray:
    """(s,): how long each of the vectors (s, v) is, of huge numbers too; ∞ where that is no float any more."""
    with np.errstate(over="ignore"):
        found: FloatArray = np.ldexp(*_scaled_lengths(vectors))
    return found


def _scaled_lengths(vectors: FloatArray) -> tuple[FloatArray, np.ndarray]:
    """(s,) twice: each length ÷ 2ⁿ, and n, since the squares of huge numbers would overflow."""
    exponents = np.frexp(np.abs(vectors).max(axis=1, initial=0.0))[1]  # (s,)
    return np.linalg.norm(np.ldexp(vectors, -exponents[:, None]), axis=1), exponents
