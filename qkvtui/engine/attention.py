"""Scaled dot-product attention."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .arrays import FloatArray, quiet, read_only
from .softmax import SoftmaxStages, softmax_stages

CELLS_PER_BLOCK = 1 << 17
"""How many scores a block of rows holds: an array of 512 KiB in float32.

Of 2¹⁴ … 2²² about the fastest from 1,024 to 16,384 keys: smaller blocks read all of k and v for a few rows,
larger ones leave the core's cache.
"""


@dataclass(frozen=True, eq=False)
class Attention:
    """Every intermediate of attention, for all queries or for a block of them."""

    q: FloatArray  # (..., t, k)
    k: FloatArray  # (..., s, k)
    v: FloatArray  # (..., s, v)
    scores: FloatArray  # (..., t, s)
    scaled: FloatArray  # (..., t, s)
    masked: FloatArray  # (..., t, s)
    softmax: SoftmaxStages
    output: FloatArray  # (..., t, v)
    scale: float
    """What the scores were multiplied by: 1/√d_k where none was given."""

    @property
    def weights(self) -> FloatArray:
        """(..., t, s): each row sums to 1, or is all 0 where the query may look at nothing."""
        return self.softmax.weights


def default_scale(d_k: int) -> float:
    """1/√d_k (Vaswani et al. 2017, section 3.2.1)."""
    return 1.0 / float(np.sqrt(d_k))


@quiet
def attention(
    q: FloatArray,
    k: FloatArray,
    v: FloatArray,
    *,
    scale: float | None = None,
    mask: FloatArray | None = None,
) -> Attention:
    """softmax(q kᵀ · scale + mask) v, row by row (Vaswani et al. 2017, equation 1).

    Shapes: q (..., t, k), k (..., s, k), v (..., s, v); mask broadcasts to (..., t, s) and is added (−∞ = may
    not look). `scale` None means 1/√d_k; 1.0 leaves the scores as they are. Every row depends on its own
    query only, so a block of rows of q, with those rows of the mask, gives those rows of the result. (The
    last digit may differ: NumPy adds up a product in another order for another number of rows.)
    """
    factor = default_scale(q.shape[-1]) if scale is None else scale
    scores = q @ k.mT  # (..., t, s)
    scaled = scores * scores.dtype.type(factor)  # (..., t, s)
    masked = scaled if mask is None else scaled + mask.astype(scaled.dtype, copy=False)  # (..., t, s)
    stages = softmax_stages(masked)
    output = stages.weights @ v  # (..., t, v)
    return Attention(
        q=read_only(q),
        k=read_only(k),
        v=read_only(v),
        scores=read_only(scores),
        scaled=read_only(scaled),
        masked=read_only(masked),
        softmax=stages,
        output=read_only(output),
        scale=factor,
    )


def row_blocks(queries: int, keys: int, cells: int = CELLS_PER_BLOCK) -> Iterator[slice]:
    """The rows 0 … t in blocks of at most `cells` scores each, at least one row a block, in order."""
    size = max(1, cells // max(1, keys))
    for start in range(0, queries, size):
        yield slice(start, min(start + size, queries))
