"""What the `[attention]` table's masks add to the scaled scores."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..engine.arrays import BoolArray, FloatArray
from ..engine.masks import additive_mask, causal_mask, combine_masks, padding_mask, window_mask
from .example import Settings
from .mechanisms import first_position

MaskOf = Callable[[slice], FloatArray]
"""Some queries → (rows, s), (h, rows, s), or what broadcasts to it: 0 = may look, −∞ = may not."""


def masks_in(settings: Settings, queries: int, keys: int) -> dict[str, MaskOf]:
    """Each mask there is, by the name of its setting."""
    own, window, padding = settings.mask, settings.window, settings.padding
    first = first_position(settings.causal, queries, keys)
    found: dict[str, MaskOf] = {}
    if own is not None:
        found["mask"] = lambda rows: _as_numbers(own[..., rows, :])
    if settings.causal:
        found["causal"] = lambda rows: causal_mask(rows.stop - rows.start, keys, first + rows.start)
    if window is not None:
        found["window"] = lambda rows: window_mask(rows.stop - rows.start, keys, window, first + rows.start)
    if padding is not None:
        found["padding"] = lambda rows: padding_mask(padding)
    return found


def mask_of(settings: Settings, rows: slice, queries: int, keys: int) -> FloatArray | None:
    """What all masks together add to some of the queries; None where there is no mask."""
    return combine_masks(*(mask(rows) for mask in masks_in(settings, queries, keys).values()))


def has_mask(settings: Settings) -> bool:
    """Whether any mask takes part: causal, a window, the file's own, or padding."""
    return bool(settings.causal) or any(one is not None for one in (settings.mask, settings.padding, settings.window))


def _as_numbers(mask: BoolArray | FloatArray) -> FloatArray:
    return additive_mask(mask.astype(np.bool_)) if mask.dtype == np.bool_ else mask.astype(np.float64)
