"""Dropout left on: each weight is 0, or the right one divided by 1 − p."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import log10

import numpy as np

from ...engine.arrays import BoolArray, FloatArray
from .changes import MadeBy
from .exercise import Exercise, Printed, holds
from .method import Method
from .mistakes import FixedNumbers
from .ways import Way, after
from .working import working_of

_SHARES = (0.1, 0.2, 0.5, 0.3, 0.25, 0.05, 0.15, 0.4, 0.6, 0.7, 0.75, 0.8, 0.9)
"""Shares of weights that people drop, most usual first."""
_MOST_PATTERNS = 1 << 12
_SURE = 4.0
"""Decimal digits that must fit beyond those that the choice of a pattern can make fit."""


def left_on(exercise: Exercise, method: Method) -> Iterator[Way]:
    """What of the weights was dropped is seen in their printed zeros, or worked out of the printed result."""
    weights = working_of(exercise, method).whole("weights")
    for share in _SHARES:
        kept = _kept(exercise, method, weights, share)
        if kept is not None:
            dropped = np.where(kept, weights / (1 - share), 0.0)
            yield Way(after(exercise, method, {"weights": MadeBy(FixedNumbers(dropped))}), (f"{share:g}",), sure=False)


def _kept(exercise: Exercise, method: Method, weights: FloatArray, share: float) -> BoolArray | None:
    """(h, t, s): which weights were kept; None where nothing printed shows it."""
    kept, seen = np.ones(weights.shape, dtype=np.bool_), np.zeros(weights.shape, dtype=np.bool_)
    of_weights = exercise.printed.get("weights")
    if of_weights is not None:
        places = np.minimum(of_weights.heads, len(kept) - 1), of_weights.rows
        kept[places] = ~(np.abs(of_weights.values) <= of_weights.allowed)
        seen[places] = weights[places] / (1 - share) > of_weights.allowed  # others are printed as 0 in any case
    last = exercise.graph.roles["result"]
    result = exercise.printed.get(last)
    proof = 0.0
    for index, row in enumerate([] if result is None else result.rows.tolist()):
        unknown = np.argwhere(~seen[:, row])
        if result is None or not len(unknown) or 2 ** len(unknown) > _MOST_PATTERNS:
            continue
        patterns = np.repeat(kept[None, :, row], 2 ** len(unknown), axis=0)
        patterns[:, unknown[:, 0], unknown[:, 1]] = list(product((True, False), repeat=len(unknown)))
        results = _results(exercise, method, np.where(patterns, weights[:, row] / (1 - share), 0.0), last)
        fits = holds(result.values[index], results, result.allowed[index]).all(axis=-1)
        if not fits.any():
            return None
        kept[:, row] = patterns[int(np.argmax(fits))]
        proof += _digits(result, index, results) - log10(len(patterns))
    return kept if of_weights is not None or proof >= _SURE else None


def _results(exercise: Exercise, method: Method, weights: FloatArray, last: str) -> FloatArray:
    """(patterns, columns): the result for one query, for each choice of its weights (patterns, h, s)."""
    working = working_of(exercise, method)
    values = working.whole(exercise.graph.rows["output"].operation.sources[1])  # (h, s, v)
    outputs = np.einsum("phs,hsv->phv", weights, np.broadcast_to(values, (weights.shape[1], *values.shape[1:])))
    found: FloatArray = outputs.reshape(len(outputs), -1)
    if "W_O" in exercise.leaves:
        found = found @ exercise.leaves["W_O"][0]
        if "b_O" in exercise.leaves:
            found = found + exercise.leaves["b_O"][0]
    return found


def _digits(printed: Printed, index: int, results: FloatArray) -> float:
    """How many decimal digits the numbers of a row have in which they could differ."""
    spread = results.max(axis=0) - results.min(axis=0)
    with np.errstate(divide="ignore"):
        return float(np.log10(np.maximum(spread / (2 * printed.allowed[index]), 1.0)).sum())
