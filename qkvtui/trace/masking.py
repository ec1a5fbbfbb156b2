"""What an example's masks add to the scaled scores."""

from __future__ import annotations

import numpy as np

from ..engine.arrays import FloatArray
from ..graph.example import Example
from ..graph.masks import mask_of


def added_mask(example: Example, rows: slice) -> FloatArray | None:
    """(rows, s), (h, rows, s), or what broadcasts to it: 0 = may look, −∞ = may not; None where there is no mask."""
    return mask_of(example.attention, rows, len(example.tokens), len(example.keys))


def added_mask_of(example: Example, rows: slice, head: int) -> FloatArray | None:
    """(rows, s), or what broadcasts to it: those of one head."""
    mask = added_mask(example, rows)
    return mask[head] if mask is not None and mask.ndim == 3 else mask


def added_mask_row(example: Example, row: int, head: int) -> FloatArray:
    """(s,): that of one query; zeros where there is no mask."""
    mask = added_mask_of(example, slice(row, row + 1), head)
    found: FloatArray = np.broadcast_to(0.0 if mask is None else mask, (1, len(example.keys)))[0]
    return found


def forbids_target(example: Example) -> bool:
    """Whether a mask forbids a look that the example's learning task wants: its loss would be infinite."""
    learn = example.learn
    if learn is None or learn.target is None or learn.objective != "attention":
        return False
    mask = added_mask_of(example, slice(0, len(example.tokens)), learn.head)
    if mask is None:
        return False
    rows = np.broadcast_to(mask, (len(example.tokens), len(example.keys)))[list(learn.rows)]  # (n, s)
    return bool((learn.target[np.isneginf(rows)] > 0).any())
