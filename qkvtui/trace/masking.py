"""What an example's masks add to the scaled scores."""

from __future__ import annotations

import numpy as np

from ..engine import causal_mask, combine_masks, padding_mask
from ..engine.arrays import BoolArray, FloatArray
from ..engine.masks import additive_mask
from ..files.example import Example


def added_mask(example: Example, rows: slice) -> FloatArray | None:
    """(rows, s), or a shape that broadcasts to it: 0 = may look, −∞ = may not; None where there is no mask."""
    settings = example.attention
    own = None if settings.mask is None else _as_numbers(settings.mask[rows])
    causal = causal_mask(rows.stop - rows.start, len(example.keys), rows.start) if settings.causal else None
    padding = None if settings.padding is None else padding_mask(settings.padding)
    return combine_masks(own, causal, padding)


def forbids_target(example: Example) -> bool:
    """Whether a mask forbids a look that the example's learning task wants: its loss would be infinite."""
    learn = example.learn
    if learn is None or learn.target is None or learn.objective != "attention":
        return False
    mask = added_mask(example, slice(0, len(example.tokens)))
    if mask is None:
        return False
    rows = np.broadcast_to(mask, (len(example.tokens), len(example.keys)))[list(learn.rows)]  # (n, s)
    return bool((learn.target[np.isneginf(rows)] > 0).any())


def _as_numbers(mask: BoolArray | FloatArray) -> FloatArray:
    return additive_mask(mask.astype(np.bool_)) if mask.dtype == np.bool_ else mask.astype(np.float64)
