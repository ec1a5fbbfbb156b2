"""Masks: who may look at whom, as numbers added to the scaled scores (0 = may look, −∞ = may not)."""

from __future__ import annotations

import numpy as np

from .arrays import BoolArray, FloatArray, quiet


def additive_mask(allowed: BoolArray) -> FloatArray:
    """True → 0, False → −∞; any shape."""
    return np.where(allowed, 0.0, -np.inf)


def causal_mask(queries: int, keys: int, first: int = 0) -> FloatArray:
    """(t, s): query i may look at keys 0 … i. `first` is the place of the block's first query among the keys."""
    return additive_mask(np.arange(keys) <= np.arange(first, first + queries)[:, None])


def window_mask(queries: int, keys: int, window: int, first: int = 0) -> FloatArray:
    """(t, s): a query may look at itself and fewer than `window` tokens away, on both sides.

    `first` is the place of the block's first query among the keys.
    """
    distance = np.arange(keys) - np.arange(first, first + queries)[:, None]
    return additive_mask(np.abs(distance) < window)


def padding_mask(real: BoolArray) -> FloatArray:
    """(s,) of true = a real token → (1, s): no query may look at padding."""
    return additive_mask(real)[None, :]


@quiet
def combine_masks(*masks: FloatArray | None) -> FloatArray | None:
    """The sum of the masks given (they broadcast), or None without any: forbidden by one is forbidden."""
    present = [mask for mask in masks if mask is not None]
    if not present:
        return None
    total = present[0]
    for mask in present[1:]:
        total = total + mask
    return total
