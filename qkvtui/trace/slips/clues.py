"""What wrong numbers have in common, where no slip is found: what to look at next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ...engine.arrays import BoolArray, FloatArray
from ...records import record
from ..published import Comparison
from .exercise import Exercise, Printed
from .working import working_of

_LEAST_CELLS = 3
"""Fewer wrong numbers of a step have nothing in common that would tell anything."""
_NOTHING = 1e-9


@record(frozen=True)
class Clue:
    """One thing that all printed numbers of a step share."""

    kind: str
    step: str
    number: float | None = None
    """The sum, or the ratio."""


def clues(exercise: Exercise, unexplained: Sequence[Comparison]) -> tuple[Clue, ...]:
    """What strikes the eye in steps with several unexplained numbers, in the order of the steps."""
    steps = dict.fromkeys(one.step for one in unexplained)
    many = [step for step in steps if sum(one.step == step for one in unexplained) >= _LEAST_CELLS]
    return tuple(clue for step in many for clue in _of_step(exercise, step))


def _of_step(exercise: Exercise, step: str) -> Iterator[Clue]:
    printed = exercise.printed[step]
    right = printed.of(working_of(exercise).whole(step))
    if np.isnan(printed.values).any():
        return
    if step == "weights":
        yield from _sums(exercise, printed)
        yield from _zeros(exercise, printed)
    if not (np.isfinite(right).all() and np.isfinite(printed.values).all()):
        return
    if _same_numbers(printed, right):
        yield Clue("same-numbers", step)
        return
    ratio = _ratio(printed, right)
    if ratio is not None:
        yield Clue("one-ratio", step, ratio)
    elif _order_kept(printed.values, right):
        yield Clue("order-kept", step)


def _sums(exercise: Exercise, printed: Printed) -> Iterator[Clue]:
    """What rows, columns, or all weights add up to."""
    rows, slack = printed.values.sum(axis=1), printed.allowed.sum(axis=1)
    if (np.abs(rows - 1) <= slack).all():
        return
    if len(rows) > 1 and (np.abs(rows - rows.mean()) <= slack).all():
        yield Clue("rows-add-up", "weights", float(rows.mean()))
    whole = len(printed.rows) == exercise.shape.queries * exercise.shape.heads
    if whole and exercise.shape.heads == 1:
        if (np.abs(printed.values.sum(axis=0) - 1) <= printed.allowed.sum(axis=0)).all():
            yield Clue("columns-add-up", "weights", 1.0)
        elif abs(printed.values.sum() - 1) <= printed.allowed.sum():
            yield Clue("all-add-up", "weights", 1.0)


def _zeros(exercise: Exercise, printed: Printed) -> Iterator[Clue]:
    """Where the zeros stand, beside where the mask forbids a look."""
    if "masked" not in exercise.worked:
        return
    working = working_of(exercise)
    forbidden: BoolArray = np.isneginf(printed.of(np.broadcast_to(working.whole("masked"), _shape(exercise))))
    zero = np.abs(printed.values) <= printed.allowed
    if not forbidden.any() or (zero == forbidden).all():
        return
    if not zero.any():
        yield Clue("no-zeros", "weights")
    elif (zero == ~forbidden).all():
        yield Clue("zeros-inverted", "weights")
    else:
        yield Clue("zeros-elsewhere", "weights")


def _shape(exercise: Exercise) -> tuple[int, int, int]:
    shape = exercise.shape
    return shape.heads, shape.queries, shape.keys


def _same_numbers(printed: Printed, right: FloatArray) -> bool:
    """Whether the right numbers are all there, in other places."""
    order, other = np.argsort(printed.values, axis=None), np.argsort(right, axis=None)
    values, allowed = printed.values.ravel()[order], printed.allowed.ravel()[order]
    return len(np.unique(values)) > _LEAST_CELLS and bool((np.abs(values - right.ravel()[other]) <= 2 * allowed).all())


def _ratio(printed: Printed, right: FloatArray) -> float | None:
    """What each right number was multiplied by, where that is one number other than 1."""
    large = np.abs(right) > 4 * printed.allowed
    if large.sum() < _LEAST_CELLS:
        return None
    ratios = printed.values[large] / right[large]
    slack = printed.allowed[large] / np.abs(right[large])
    ratio = float(np.median(ratios))
    near = np.abs(printed.values - ratio * right) <= printed.allowed * (1 + abs(ratio))
    return ratio if near.all() and abs(ratio - 1) > slack.max() + _NOTHING else None


def _order_kept(values: FloatArray, right: FloatArray) -> bool:
    """Whether in every row the numbers stand in the right order of size, ties aside."""
    if values.shape[1] < _LEAST_CELLS:
        return False
    steps = np.diff(np.take_along_axis(values, np.argsort(right, axis=1), axis=1), axis=1)
    return bool((steps >= 0).all() and (steps > 0).any())
