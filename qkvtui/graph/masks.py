"""What the masks of an example's settings add to the scaled scores."""

from __future__ import annotations

import numpy as np

from ..engine.arrays import BoolArray, FloatArray
from ..engine.masks import additive_mask, causal_mask, combine_masks, padding_mask
from .example import Settings


def mask_of(settings: Settings, rows: slice, keys: int) -> FloatArray | None:
    """(rows, s), or a shape that broadcasts to it: 0 = may look, −∞ = may not; None where there is no mask."""
    own = None if settings.mask is None else _as_numbers(settings.mask[rows])
    causal = causal_mask(rows.stop - rows.start, keys, rows.start) if settings.causal else None
    padding = None if settings.padding is None else padding_mask(settings.padding)
    return combine_masks(own, causal, padding)


def _as_numbers(mask: BoolArray | FloatArray) -> FloatArray:
    return additive_mask(mask.astype(np.bool_)) if mask.dtype == np.bool_ else mask.astype(np.float64)
