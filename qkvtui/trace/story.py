"""A training run as a story about one query: whom it attends to, what is wanted, and the moments worth telling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from ..engine.arrays import FloatArray
from ..graph.example import Example
from ..graph.layers import last_layer
from ..graph.task import Goal, Learn
from ..records import record
from .answers import Answer
from .conditions import is_plain
from .masking import added_mask
from .run import Run

Reason = Literal["at_start", "at_first", "at_quarter", "at_half", "at_most", "at_top", "at_end"]
"""Why a moment is told: the first update, a share of the fall in loss, another token on top, the end."""

_SHARES: tuple[tuple[Reason, float], ...] = (("at_quarter", 0.25), ("at_half", 0.5), ("at_most", 0.9))
_LOOKED_AT = 128
"""So many moments are looked at for another token on top; what changes back in between is not found."""
_MOST_ON_TOP = 2
_HARDLY_ANYTHING = 0.05
"""A gradient that is so small a part of the longest has vanished."""
_ROUNDING = 1e-12
"""A loss is computed no nearer than this."""
_CLEARLY = 1e-3
"""With so much missing the weights are another picture than the target."""
_NEAR = 1e-6
"""Logarithms of shares that are no farther apart are the same."""


class Told(NamedTuple):
    """A moment that is worth telling, and why."""

    number: int
    """How many updates there were before."""
    reasons: tuple[Reason, ...]


class UpdateRow(NamedTuple):
    """A row of the table of updates."""

    number: int
    """How many updates there were before."""
    loss: float
    lengths: dict[str, float]
    """Of the gradients, by the name of what moves."""
    weights: FloatArray
    """(s,): whom the query attends to."""


@record(frozen=True, eq=False)
class Story:
    """What there is to tell about a run, so far or from its end."""

    run: Run
    query: int
    """Whose attention is told."""
    head: int
    """The head whose weights are told."""
    layer: int = 0
    """Its layer."""

    @property
    def example(self) -> Example:
        """The example that the run started from."""
        return self.run.example

    def weights(self, number: int) -> FloatArray:
        """(s,): whom the query attends to at a moment; NaN where the numbers are too large for a picture."""
        if number not in self._known:
            self._known[number] = self.run.moment(number).weights(self.query, self.head, self.layer)
        return self._known[number]

    @cached_property
    def _known(self) -> dict[int, FloatArray]:
        """The weights of the moments that were looked at."""
        return {}

    def top(self, number: int) -> int:
        """The key that gets most at a moment; of equals the first."""
        return int(np.argmax(self.weights(number)))

    @property
    def target(self) -> FloatArray | None:
        """The target of the query's row, weights or numbers of the last step, where it has one."""
        learn = self.run.learn
        if learn.target is None or self.query not in learn.rows:
            return None
        return np.asarray(learn.target[learn.rows.index(self.query)])

    def wanted(self, goal: Goal) -> FloatArray | None:
        """What the row of weights ("attention") or of the last step ("output") is to be, where that is said."""
        learn = self.run.learn
        told = learn.objective == goal and (goal != "attention" or learn.head == self.head)
        return self.target if told else None

    @property
    def heads(self) -> int:
        """How many heads the told layer has."""
        layers = self.example.layers
        return (layers[self.layer] if layers else self.example).attention.heads

    @cached_property
    def moments(self) -> tuple[Told, ...]:
        """A handful, in order; the first is the start, the last the end."""
        reasons: dict[int, list[Reason]] = {}
        for reason, number in _reasons(self):
            reasons.setdefault(number, []).append(reason)
        return tuple(Told(number, tuple(found)) for number, found in sorted(reasons.items()))

    def told_at(self, number: int) -> Told | None:
        """The moment worth telling that this one is, or that came last before it; None while the run still goes on.

        Shares of the fall in loss are known at the end only; that an update was the first is of interest only there.
        """
        if not self.run.done:
            return None
        before = (one for one in reversed(self.moments) if one.number <= number)
        told = next(one for one in before)
        return None if told.number < number and told.number <= 1 else told

    def has_vanished(self, number: int) -> bool:
        """Whether hardly anything is left of the gradient at a moment that comes after the steepest so far."""
        run = self.run
        return number > run.steepest and run.steepness(number) < _HARDLY_ANYTHING * run.steepness(run.steepest)

    def updates(self, every: int) -> list[UpdateRow]:
        """Every so many updates, and the last."""
        last = self.run.last.number
        numbers = sorted({*range(0, last + 1, every), last})
        records = self.run.records
        return [UpdateRow(at, records[at].loss, records[at].gradient_norms, self.weights(at)) for at in numbers]

    @property
    def has_moved(self) -> bool:
        """Whether there is an end to compare with the start: not where the first update broke the run."""
        return self.run.end > 0

    @property
    def has_answers(self) -> bool:
        """Whether there are labels that are read, before and after."""
        return self.run.learn.reads and self.has_moved

    def answers(self, *, test: bool) -> list[tuple[Answer, Answer]]:
        """What is read before and after from each sentence of the test, or of those that are learned from."""
        learn = self.run.learn
        before, after = (
            self.run.moment(at).answers(learn.test if test else learn.sentences) for at in (0, self.run.end)
        )
        return list(zip(before, after, strict=True))

    @property
    def least_loss(self) -> float | None:
        """The least that the loss can be, of "attention"; None for what has no such bound above 0."""
        return least_loss(self.run.learn)

    @property
    def missing(self) -> float | None:
        """How far the loss at the end is above the least that it can be; what is only rounding is 0."""
        if self.least_loss is None:
            return None
        missing = self.run.losses[self.run.end] - self.least_loss
        return missing if missing > _ROUNDING else 0.0

    @property
    def cramped_shares(self) -> int | None:
        """How many shares one row has to hit that no scores reach, where that is why the loss stays above its least.

        A row of scores is one vector of m numbers times each embedding, whatever W_Q and W_K are; a row of weights
        has as many shares as keys that the query may look at, less one. None where that is not what is missing.
        """
        run = self.run
        if run.broken is not None or not (self.missing or 0.0) > _CLEARLY or run.losses[run.end] > run.losses[0]:
            return None
        if not is_plain(self.example):
            return None
        keys = "Y" if "Y" in self.example.inputs else "X"
        return None if keys in run.learn.train else _unreachable_shares(self.example, self.example.inputs[keys])


def story_of(run: Run, query: int | None = None, head: int | None = None) -> Story:
    """The story of a run about this query and head.

    By default the example's own query, or the first that has a target; and the target's head, or the first. Of several
    layers the last one's attention is told.
    """
    asked = told_query(run.example) if query is None else query
    return Story(run, asked, run.learn.head if head is None else head, last_layer(run.example))


def told_query(example: Example) -> int:
    """Whose attention a run is about: the example's own query, or the first that has a target."""
    rows = () if example.learn is None else example.learn.rows
    return rows[0] if rows and example.query not in rows else example.query


def least_loss(learn: Learn) -> float | None:
    """The least that the loss of "attention" can be: the entropy of the target, as a mean over its rows."""
    if learn.objective != "attention" or learn.target is None:
        return None
    shares = learn.target / learn.target.sum(axis=1, keepdims=True)  # (n, s)
    terms = learn.target * np.log(np.where(shares > 0, shares, 1.0))
    return -float(terms.sum()) / len(shares) + 0.0


def _reasons(story: Story) -> Iterator[tuple[Reason, int]]:
    """Every reason to tell a moment, with its number."""
    end = story.run.end
    yield "at_start", 0
    if end > 1:
        yield "at_first", 1
    losses = np.array(story.run.losses[: end + 1])
    fall = losses[0] - losses[-1]
    if fall > 0:
        for reason, share in _SHARES:
            yield reason, int(np.argmax(losses <= losses[0] - share * fall))
    yield from (("at_top", number) for number in _new_tops(story))
    if end:
        yield "at_end", end


def _new_tops(story: Story) -> Sequence[int]:
    """The updates after which another token is looked at most: the first and the last of them."""
    end = story.run.end
    numbers = sorted({round(number) for number in np.linspace(0, end, min(end + 1, _LOOKED_AT)).tolist()})
    tops = [story.top(number) for number in numbers]
    found = [
        _change_between(story, numbers[index], numbers[index + 1])
        for index in range(len(numbers) - 1)
        if tops[index] != tops[index + 1]
    ]
    return found if len(found) <= _MOST_ON_TOP else (found[0], found[-1])


def _change_between(story: Story, before: int, after: int) -> int:
    """The update, of those between two with different tokens on top, after which it is another than before."""
    top = story.top(before)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if story.top(middle) == top else (before, middle)
    return after


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
