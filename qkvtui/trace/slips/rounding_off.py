"""Slips with digits: rounding between the steps, and digits cut off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .exercise import Exercise
from .method import Method, Rounding
from .mistakes import RoundedPowers
from .ways import Way, with_softmax

WHOLE_ROWS = "rows"
"""What early rounding was done to where each row of weights was rounded so that it adds up to 1."""


def early(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Each step computed from rounded numbers."""
    decimals = exercise.decimals
    printed = frozenset(exercise.printed)
    for rounding in (
        Rounding(decimals),
        Rounding(decimals, "even"),
        Rounding(decimals, "shares"),
        Rounding(decimals, steps=printed),
    ):
        yield Way(replace(method, rounding=rounding), (WHOLE_ROWS,) if rounding.ties == "shares" else ())
    for powers in with_softmax(exercise, method, lambda one: RoundedPowers(one.source, one.over, decimals)):
        yield Way(replace(powers, rounding=Rounding(decimals)))


def cut(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Digits left away from the last printed one on, without rounding."""
    yield Way(replace(method, cut=True))
