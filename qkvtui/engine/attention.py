"""Scores and weights of scaled dot-product attention, and rows in blocks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .arrays import FloatArray, quiet
from .softmax import softmax

CELLS_PER_BLOCK = 1 << 17
"""How many scores a block of rows holds: an array of 512 KiB in float32.

Of 2¹⁴ … 2²² about the fastest from 1,024 to 16,384 keys: smaller blocks read all of k and v for a few rows,
larger ones leave the core's cache.
"""


def default_scale(d_k: int) -> float:
    """1/√d_k (Vaswani et al. 2017, section 3.2.1)."""
    return 1.0 / float(np.sqrt(d_k))


@quiet
def attention_weights(q: FloatArray, k: FloatArray) -> FloatArray:
    """softmax(q kᵀ / √d_k), (..., t, s) (Vaswani et al. 2017, equation 1): q (..., t, k), k (..., s, k)."""
    return softmax((q @ k.mT) * q.dtype.type(default_scale(q.shape[-1])))


def row_blocks(queries: int, keys: int, cells: int = CELLS_PER_BLOCK) -> Iterator[slice]:
    """The rows 0 … t in blocks of at most `cells` scores each, at least one row a block, in order."""
    size = max(1, cells // max(1, keys))
    for start in range(0, queries, size):
        yield slice(start, min(start + size, queries))
