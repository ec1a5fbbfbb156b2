"""Slips with softmax."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .changes import SharesAgain
from .exercise import Exercise
from .method import Method
from .mistakes import PlainShares, SharesOfAll, SharesOfOneMore
from .ways import Way, after, with_softmax


def over_columns(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Down the columns."""
    yield from map(Way, with_softmax(exercise, method, lambda one: replace(one, over="columns")))


def over_all(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Over the whole matrix."""
    if exercise.shape.queries > 1:
        yield from map(Way, with_softmax(exercise, method, lambda one: SharesOfAll(one.source)))


def twice(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Softmax of what are shares already."""
    yield Way(after(exercise, method, {"weights": SharesAgain(masked=False)}))
    if "masked" in exercise.worked:
        yield Way(after(exercise, method, {"weights": SharesAgain(masked=True)}))


def plus_one(exercise: Exercise, method: Method) -> Iterator[Way]:
    """1 more in the sum."""
    if not exercise.example.attention.sink:
        yield from map(Way, with_softmax(exercise, method, lambda one: SharesOfOneMore(one.source)))


def without_exp(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Each score divided by the sum of the scores."""
    yield from map(Way, with_softmax(exercise, method, lambda one: PlainShares(one.source, one.over)))
