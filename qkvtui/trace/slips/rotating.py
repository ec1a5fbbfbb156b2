"""Slips with rotary positions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ...engine.arrays import FloatArray
from ...operations.operation import At
from ...operations.rotation import Pairing, Rotated
from ...records import record
from .changes import Change
from .exercise import Exercise
from .method import Method
from .mistakes import Same
from .ways import Way, after

_STEPS = ("rotated_queries", "rotated_keys")
_USUAL_THETA = 10000.0


def forgotten(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Queries and keys as they are, without their positions."""
    steps = [step for step in _STEPS if step in exercise.worked]
    changes = {step: Same(exercise.graph.rows[step].operation.sources[0]) for step in steps}
    yield Way(method.with_changes(changes))
    for step in steps:
        yield Way(method.with_changes({step: changes[step]}))


def pairs_swapped(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Halves turned together where neighbours belong together, or the other way round.

    Where queries and keys are given as they are after the rotation, they are turned back and turned the other way.
    """
    steps = [step for step in _STEPS if step in exercise.worked]
    changes = {}
    for step in steps:
        turned = method.operation(exercise.graph, step)
        if isinstance(turned, Rotated):
            changes[step] = replace(turned, pairing=replace(turned.pairing, in_halves=not turned.pairing.in_halves))
    yield Way(method.with_changes(changes))
    d_k = exercise.shape.d_k
    if "Q" in exercise.leaves and not steps and d_k > 2 and d_k % 2 == 0:
        for was_halves in (True, False):
            for first in (0, 1):
                again = TurnedAgain(d_k, was_halves, first)
                yield Way(after(exercise, method, {"queries": again, "keys": again}))


@record(frozen=True)
class TurnedAgain(Change):
    """Turned back by one pairing, and by the same angles turned again by the other."""

    width: int
    was_halves: bool
    first: int
    """The position of row 0."""

    def of(self, numbers: FloatArray, at: At) -> FloatArray:
        """(h, rows, d)."""
        rows, half = numbers.shape[-2], self.width // 2
        angles = np.arange(self.first, self.first + rows)[:, None] * _USUAL_THETA ** (-np.arange(half) / half)
        back = _turned(numbers, Pairing(self.width, self.was_halves), -angles)
        return _turned(back, Pairing(self.width, not self.was_halves), angles)


def _turned(numbers: FloatArray, pairing: Pairing, angles: FloatArray) -> FloatArray:
    one, other = pairing.columns()
    cos, sin = np.cos(angles), np.sin(angles)
    found = numbers.copy()
    found[..., one] = numbers[..., one] * cos - numbers[..., other] * sin
    found[..., other] = numbers[..., other] * cos + numbers[..., one] * sin
    return found
