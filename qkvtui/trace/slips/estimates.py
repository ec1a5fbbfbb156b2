"""The number that a source must have calculated with, worked out from what it printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from math import inf, isclose, isfinite, sqrt

import numpy as np
from numpy.typing import NDArray

from ...engine.arrays import FloatArray
from ...records import record
from .exercise import Exercise, Printed
from .method import RIGHT, Method
from .working import working_of

_ROOTS = tuple(value for n in range(2, 65) for value in (1 / sqrt(n), sqrt(n)))
"""By the root of some length scores are divided, though it be the wrong length."""
_TRIES = 3
_LEAST_FACTOR = 0.1
_SURE = 2.5
"""Decimal digits in which printed numbers must agree on a factor, beyond those that one of them alone gives it."""
_LEAST = 1e-9
"""A difference of scores that is smaller tells nothing of what it was multiplied by."""


_Place = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]
"""The head, the row and the key of each of several numbers."""


@record(frozen=True)
class _Logits:
    """What the printed weights say of the scores before softmax; arrays (pairs,): each key beside its row's largest.

    The difference of two scores lies between `low` and `high`.
    """

    left: _Place
    right: _Place
    low: FloatArray
    high: FloatArray

    def difference(self, array: FloatArray) -> FloatArray:
        """(pairs,): the same difference in (h, t, s) numbers."""
        found: FloatArray = _at(array, self.left) - _at(array, self.right)
        return found


def scale_that_was_used(exercise: Exercise, method: Method) -> Iterator[float]:
    """What the scores were multiplied by, as far as one factor can explain the printed numbers; else a few guesses."""
    if "capped" in exercise.worked:
        return
    scores = working_of(exercise, method).whole("scores")
    after_scores = exercise.worked[exercise.worked.index("scores") + 1]
    seen = _seen(exercise, method, after_scores, scores, exercise.scale)
    shape = exercise.shape
    lengths = (shape.d_k, shape.d_model, shape.d_v, shape.keys, shape.queries, shape.heads, shape.d_k * shape.heads)
    usual = [value for n in lengths if n and n > 1 for value in (1 / sqrt(n), 1 / n, sqrt(n), n, 1 / n**2)]
    yield from _within(seen, [exercise.scale**2, *usual, 2.0, 0.5, 0.1, 10.0], exercise.scale, 1.0)


def bias_factor_that_was_used(exercise: Exercise, added: FloatArray) -> Iterator[float]:
    """What the bias (h | 1, t, s) was multiplied by."""
    first = "biased" if "biased" in exercise.worked else "masked"
    yield from _within(_seen(exercise, RIGHT, first, added, 1.0), [2.0, 0.5, 4.0, 0.25, 10.0, 0.1], 1.0)


def mask_number_that_was_used(exercise: Exercise, total: FloatArray, *, filled: bool) -> Iterator[float]:
    """The finite number that stood for −∞: added to the scores, or `filled` in for them.

    `total` (h | 1, t, s) is what all masks together add to the scores.
    """
    last = working_of(exercise).whole(exercise.graph.rows["masked"].operation.sources[0])
    forbidden = np.broadcast_to(np.isneginf(total), last.shape)
    own = np.zeros(last.shape) if filled else last
    within: list[tuple[FloatArray, FloatArray]] = []
    masked, weights = exercise.printed.get("masked"), exercise.printed.get("weights")
    if masked is not None:
        there = masked.of(forbidden.astype(np.float64)) * np.isfinite(masked.values) > 0
        middle, off = (masked.values - masked.of(own))[there], masked.allowed[there]
        within.append((middle - off, middle + off))
    if weights is not None:
        logits = _logits(weights, np.where(forbidden, -inf, last + total), also_forbidden=True)
        here = _at(forbidden.astype(np.float64), logits.left) > 0
        other = _at(own, logits.left) - _at(last + np.where(forbidden, 0.0, total), logits.right)
        within.append(((logits.low - other)[here], (logits.high - other)[here]))
    lows, highs = (np.concatenate([np.empty(0), *ends]) for ends in zip(*within, strict=True)) if within else ((), ())
    if len(lows) and max(lows) <= min(highs):
        yield from _shortest(float(max(lows)), float(min(highs)))


def _seen(
    exercise: Exercise, method: Method, first: str, numbers: FloatArray, factor: float
) -> list[tuple[FloatArray, FloatArray, FloatArray]]:
    """Of each printed step from `first` to the weights: (x, low, high), with low ≤ f · x ≤ high for a factor f.

    `numbers` (h | 1, t, s) are what was multiplied by f before `first`, and should have been multiplied by `factor`.
    """
    working = working_of(exercise, method)
    last = working.whole(exercise.graph.rows["weights"].operation.sources[0])
    multiplied = np.broadcast_to(numbers, last.shape)
    found: list[tuple[FloatArray, FloatArray, FloatArray]] = []
    with np.errstate(all="ignore"):
        for step in exercise.worked[exercise.worked.index(first) : exercise.worked.index("weights")]:
            printed = exercise.printed.get(step)
            if printed is not None:
                off = printed.values - printed.of(working.whole(step) - multiplied * factor)
                found.append((printed.of(multiplied), off - printed.allowed, off + printed.allowed))
        if "weights" in exercise.printed:
            logits = _logits(exercise.printed["weights"], last)
            apart = logits.difference(last - multiplied * factor)
            found.append((logits.difference(multiplied), logits.low - apart, logits.high - apart))
    return found


def _within(
    pairs: Iterable[tuple[FloatArray, FloatArray, FloatArray]], usual: Iterable[float], *known: float
) -> Iterator[float]:
    """The factors f with low ≤ f · x ≤ high everywhere: a usual one, or the middle of what is possible.

    None of those that are `known`. Where nothing was printed that tells, the usual ones.
    """
    low, high, told, digits = -inf, inf, False, [0.0]
    for x, lows, highs in pairs:
        fine = np.isfinite(x) & np.isfinite(lows) & np.isfinite(highs) & (np.abs(x) > _LEAST)
        if not fine.any():
            continue
        ends = np.stack([lows[fine] / x[fine], highs[fine] / x[fine]])
        width = np.abs(ends[1] - ends[0]) / np.maximum(np.abs(ends.mean(axis=0)), _LEAST_FACTOR)
        digits.extend(np.maximum(0.0, -np.log10(np.maximum(width, 1e-16))).tolist())
        low, high, told = max(low, float(ends.min(axis=0).max())), min(high, float(ends.max(axis=0).min())), True
    if not told:
        yield from (one for one in dict.fromkeys(usual) if not any(isclose(one, other) for other in known))
        return
    if low > high or sum(digits) - max(digits) < _SURE or any(low <= other <= high for other in known):
        return
    inside = [one for one in dict.fromkeys((*usual, *_ROOTS)) if low <= one <= high]
    yield from inside[:1] or _shortest(low, high)


def _shortest(low: float, high: float) -> Iterator[float]:
    """The numbers between with the fewest digits, and the middle: not every one gives all that was printed."""
    middle = (low + high) / 2
    if isfinite(middle):
        rounded = (float(f"{middle:.{digits}g}") for digits in range(1, 16))
        yield from dict.fromkeys((*islice((one for one in rounded if low <= one <= high), _TRIES), middle))


def _logits(printed: Printed, scores: FloatArray, *, also_forbidden: bool = False) -> _Logits:
    """Of each printed row of weights: every key beside the one with the largest weight that may be looked at."""
    places: list[tuple[int, int, int, int]] = []
    lows: list[float] = []
    highs: list[float] = []
    for head, row, values, allowed in zip(
        printed.heads.tolist(), printed.rows.tolist(), printed.values, printed.allowed, strict=True
    ):
        may = np.isfinite(scores[min(head, len(scores) - 1), row]) & np.isfinite(values)
        if not may.any():
            continue
        best = int(np.argmax(np.where(may, values, -inf)))
        if values[best] <= allowed[best]:
            continue
        for key, value in enumerate(values.tolist()):
            slack = allowed[key]
            if key == best or not value > slack or not (may[key] or also_forbidden):
                continue
            places.append((head, row, key, best))
            lows.append(float(np.log((value - slack) / (values[best] + allowed[best]))))
            highs.append(float(np.log((value + slack) / (values[best] - allowed[best]))))
    index = np.array(places, dtype=np.intp).reshape(-1, 4)
    heads: NDArray[np.intp] = np.minimum(index[:, 0], len(scores) - 1)
    left, right = (heads, index[:, 1], index[:, 2]), (heads, index[:, 1], index[:, 3])
    return _Logits(left, right, np.array(lows), np.array(highs))


def _at(array: FloatArray, place: _Place) -> FloatArray:
    heads, rows, keys = place
    found: FloatArray = array[np.minimum(heads, len(array) - 1), rows, keys]
    return found
