"""Dropout left on: each weight is 0, or the right one divided by 1 − p."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import log10

import numpy as np

from ...engine.arrays import FloatArray
from .changes import MadeBy
from .exercise import Exercise, Printed, near
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
    printed = exercise.printed.get("weights")
    for share in _SHARES:
        if printed is not None:
            kept = np.ones(weights.shape, dtype=np.bool_)
            kept[np.minimum(printed.heads, len(kept) - 1), printed.rows] = ~(np.abs(printed.values) <= printed.allowed)
        else:
            found = _worked_out(exercise, method, weights, share)
            if found is None:
                continue
            kept = found
        dropped = np.where(kept, weights / (1 - share), 0.0)
        yield Way(after(exercise, method, {"weights": MadeBy(FixedNumbers(dropped))}), (f"{share:g}",), sure=False)


def _worked_out(exercise: Exercise, method: Method, weights: FloatArray, share: float) -> np.ndarray | None:
    """(h, t, s): which weights were kept, where each row of the printed result shows it; None where it does not."""
    last = exercise.graph.roles["result"]
    printed = exercise.printed.get(last)
    heads, _, keys = weights.shape
    if printed is None or 2 ** (heads * keys) > _MOST_PATTERNS:
        return None
    patterns = np.array(list(product((True, False), repeat=heads * keys))).reshape(-1, heads, keys)
    kept = np.ones(weights.shape, dtype=np.bool_)
    proof = 0.0
    for index, row in enumerate(printed.rows.tolist()):
        results = _results(exercise, method, np.where(patterns, weights[:, row] / (1 - share), 0.0), last)
        fits = near(printed.values[index], results, printed.allowed[index]).all(axis=-1)
        if not fits.any():
            return None
        kept[:, row] = patterns[int(np.argmax(fits))]
        proof += _digits(printed, index, results) - log10(len(patterns))
    return kept if proof >= _SURE else None


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
