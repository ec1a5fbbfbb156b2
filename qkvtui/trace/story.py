"""A training run as a story: the moments worth showing, and how far it came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from ..engine.arrays import FloatArray
from ..errors import ExampleError
from ..files.example import Example, Learn
from ..files.localized import Localized
from .answers import Answer, answers
from .conditions import is_plain
from .learning import Run, trained_at
from .masking import added_mask
from .trace import Trace

Reason = Literal["at_start", "at_first", "at_quarter", "at_half", "at_most", "at_top", "at_end"]
"""Why a moment is told: the first update, a share of the fall in loss, another token on top, the end."""

_SHARES: tuple[tuple[Reason, float], ...] = (("at_quarter", 0.25), ("at_half", 0.5), ("at_most", 0.9))
_LOOKED_AT = 128
"""So many moments are looked at for another token on top; what changes back in between is not found."""
_MOST_ON_TOP = 2
_ROUNDING = 1e-12
"""A loss is computed no nearer than this."""
_CLEARLY = 1e-3
"""With so much missing the weights are another picture than the target."""
_NEAR = 1e-6
"""Logarithms of shares that are no farther apart are the same."""


@dataclass(frozen=True, eq=False)
class Moment:
    """One moment of a run, and why it is told."""

    number: int
    """How many updates there were before."""
    reasons: tuple[Reason, ...]
    loss: float
    weights: FloatArray
    """(s,): whom the story's query attends to."""

    @property
    def top(self) -> int:
        """The key that gets most; of equals the first."""
        return int(np.argmax(self.weights))


@dataclass(frozen=True, eq=False)
class Story:
    """What there is to tell about a run that has ended."""

    run: Run
    query: int
    """Whose attention is told."""
    head: int
    """The head whose weights are told."""

    @property
    def example(self) -> Example:
        """The example that the run started from."""
        return self.run.example

    @property
    def losses(self) -> list[float]:
        """Before the first update and after each."""
        return [record.loss for record in self.run.records]

    @property
    def broken(self) -> int | None:
        """The update after which the loss was no number any more, if there was one."""
        return None if self.run.last.finite else self.run.last.number

    @property
    def end(self) -> int:
        """The last moment whose loss is a number; 0 also where there is none."""
        return self.run.last.number if self.run.last.finite else max(0, self.run.last.number - 1)

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """A handful, in order; the first is the start, the last the end."""
        reasons: dict[int, list[Reason]] = {}
        for reason, number in self._reasons():
            reasons.setdefault(number, []).append(reason)
        return tuple(self._moment(number, tuple(found)) for number, found in sorted(reasons.items()))

    def weights(self, number: int) -> FloatArray:
        """(s,): whom the query attends to at a moment; NaN where the numbers are too large for a picture."""
        if number not in self._known:
            self._known[number] = weights_at(self.run, number, [self.query], self.head)[0]
        return self._known[number]

    @cached_property
    def _known(self) -> dict[int, FloatArray]:
        """The weights of the moments that were looked at."""
        return {}

    @property
    def wanted(self) -> FloatArray | None:
        """The target of the query's row, weights or numbers of the last step, where it has one."""
        learn = self.run.learn
        if learn.target is None or self.query not in learn.rows:
            return None
        return np.asarray(learn.target[learn.rows.index(self.query)])

    @property
    def wanted_weights(self) -> FloatArray | None:
        """The target of the query's row of weights, where the head that is told has one."""
        learn = self.run.learn
        return self.wanted if learn.objective == "attention" and learn.head == self.head else None

    @property
    def least_loss(self) -> float | None:
        """The least that the loss can be, of "attention"; None for what has no such bound above 0."""
        return least_loss(self.run.learn)

    @property
    def missing(self) -> float | None:
        """How far the loss at the end is above the least that it can be; what is only rounding is 0."""
        if self.least_loss is None:
            return None
        missing = self.losses[self.end] - self.least_loss
        return missing if missing > _ROUNDING else 0.0

    @property
    def cramped_shares(self) -> int | None:
        """How many shares one row has to hit that no scores reach, where that is why the loss stays above its least.

        A row of scores is one vector of m numbers times each embedding, whatever W_Q and W_K are; a row of weights
        has as many shares as keys that the query may look at, less one. None where that is not what is missing.
        """
        if self.broken is not None or not (self.missing or 0.0) > _CLEARLY or self.losses[self.end] > self.losses[0]:
            return None
        if not is_plain(self.example):
            return None
        keys = "Y" if "Y" in self.example.inputs else "X"
        return None if keys in self.run.learn.train else _unreachable_shares(self.example, self.example.inputs[keys])

    def last_rows(self, number: int) -> FloatArray:
        """(d,): the query's row of the last step at a moment."""
        trace = Trace(self.run.example_at(number))
        step = next(step for step in ("projected", "heads", "output") if trace.has(step))
        return trace.row(step, self.query)

    def answers(self, number: int, *, test: bool = True) -> tuple[Answer, ...]:
        """What is read at a moment from the sentences of the test, or from those that are learned from."""
        learn = self.run.learn
        return answers(self.run.example_at(number), learn.test if test else learn.sentences)

    def _moment(self, number: int, reasons: tuple[Reason, ...]) -> Moment:
        return Moment(number, reasons, self.run.records[number].loss, self.weights(number))

    def _reasons(self) -> Iterator[tuple[Reason, int]]:
        yield "at_start", 0
        if self.end > 1:
            yield "at_first", 1
        losses = np.array(self.losses[: self.end + 1])
        fall = losses[0] - losses[-1]
        if fall > 0:
            for reason, share in _SHARES:
                yield reason, int(np.argmax(losses <= losses[0] - share * fall))
        yield from (("at_top", number) for number in self._new_tops())
        if self.end:
            yield "at_end", self.end

    def _new_tops(self) -> Sequence[int]:
        """The updates after which another token is looked at most: the first and the last of them."""
        numbers = sorted({round(number) for number in np.linspace(0, self.end, min(self.end + 1, _LOOKED_AT)).tolist()})
        tops = [self._top(number) for number in numbers]
        found = [
            self._change_between(numbers[index], numbers[index + 1])
            for index in range(len(numbers) - 1)
            if tops[index] != tops[index + 1]
        ]
        return found if len(found) <= _MOST_ON_TOP else (found[0], found[-1])

    def _change_between(self, before: int, after: int) -> int:
        """The update, of those between two with different tokens on top, after which it is another than before."""
        top = self._top(before)
        while after - before > 1:
            middle = (before + after) // 2
            before, after = (middle, after) if self._top(middle) == top else (before, middle)
        return after

    def _top(self, number: int) -> int:
        return int(np.argmax(self.weights(number)))


def weights_at(run: Run, number: int, queries: Sequence[int], head: int = 0) -> FloatArray:
    """(len(queries), s): rows of weights at a moment; NaN where the numbers are too large for a picture."""
    example = run.example_at(number)
    try:
        trace = Trace(example)
        return np.array([trace.row("weights", query, head) for query in queries])
    except ExampleError:
        return np.full((len(queries), len(example.keys)), np.nan)


def least_loss(learn: Learn) -> float | None:
    """The least that the loss of "attention" can be: the entropy of the target, as a mean over its rows."""
    if learn.objective != "attention" or learn.target is None:
        return None
    shares = learn.target / learn.target.sum(axis=1, keepdims=True)  # (n, s)
    terms = learn.target * np.log(np.where(shares > 0, shares, 1.0))
    return -float(terms.sum()) / len(shares) + 0.0


def _unreachable_shares(example: Example, embeddings: FloatArray) -> int | None:
    """How many keys the fullest row has, of those with fewer numbers than shares and a target they do not reach."""
    learn = example.learn
    assert learn is not None
    assert learn.target is not None
    found = []
    for row, target in zip(learn.rows, learn.target, strict=True):
        mask = added_mask(example, slice(row, row + 1))
        added = np.zeros(len(target)) if mask is None else np.broadcast_to(mask, (1, len(target)))[0]  # (s,)
        allowed = ~np.isneginf(added)
        if embeddings.shape[1] < np.count_nonzero(allowed) - 1 and not _reaches(embeddings, added, target):
            found.append(int(np.count_nonzero(allowed)))
    return max(found, default=None)


def _reaches(embeddings: FloatArray, added: FloatArray, target: FloatArray) -> bool:
    """Whether some vector times each embedding gives scores whose weights are the target, as far as it is above 0."""
    asked = target > 0
    scores = np.log(target[asked]) - added[asked]
    ways = np.column_stack([embeddings[asked], np.ones(len(scores))])  # softmax takes any number added to all
    best = ways @ np.linalg.lstsq(ways, scores, rcond=None)[0]
    return bool(np.abs(best - scores).max() <= _NEAR)


def story_of(example: Example, run: Run, query: int | None = None, head: int | None = None) -> Story:
    """The story of a run about this query and head.

    By default the example's own query, or the first that has a target; and the target's head, or the first.
    """
    rows = run.learn.rows
    if query is None:
        query = rows[0] if rows and example.query not in rows else example.query
    return Story(run, query, run.learn.head if head is None else head)


def trained(run: Run, about: Localized) -> Example:
    """The example with what was learned, and what there is to say about it; learned again, it goes on from there.

    It has no published numbers: a source printed those of other matrices.
    """
    return replace(trained_at(run, run.last.number), about=about)
