"""Scaled dot-product attention."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .arrays import FloatArray, quiet, read_only
from .softmax import SoftmaxGradients, SoftmaxStages, softmax_backward, softmax_stages

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
    softmax_axis: int = -1,
) -> Attention:
    """softmax(q kᵀ · scale + mask) v, row by row (Vaswani et al. 2017, equation 1).

    Shapes: q (..., t, k), k (..., s, k), v (..., s, v); mask broadcasts to (..., t, s) and is added (−∞ = may
    not look). `scale` None means 1/√d_k; 1.0 leaves the scores as they are. Every row depends on its own
    query only, so a block of rows of q, with those rows of the mask, gives those rows of the result. (The
    last digit may differ: NumPy adds up a product in another order for another number of rows.)

    `softmax_axis` -2 takes softmax over the columns, a mistake that is worth looking at; rows then depend on
    each other.
    """
    factor = default_scale(q.shape[-1]) if scale is None else scale
    scores = q @ k.mT  # (..., t, s)
    scaled = scores * scores.dtype.type(factor)  # (..., t, s)
    masked = scaled if mask is None else scaled + mask.astype(scaled.dtype, copy=False)  # (..., t, s)
    stages = softmax_stages(masked, softmax_axis)
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


@dataclass(frozen=True, eq=False)
class AttentionGradients:
    """The gradient of a loss by every intermediate of `Attention`."""

    d_output: FloatArray  # (..., t, v)
    d_v: FloatArray  # (..., s, v)
    softmax: SoftmaxGradients
    d_scaled: FloatArray  # (..., t, s)
    d_scores: FloatArray  # (..., t, s)
    d_q: FloatArray  # (..., t, k)
    d_k: FloatArray  # (..., s, k)

    @property
    def d_weights(self) -> FloatArray:
        """(..., t, s): d_output vᵀ, and what reaches the weights directly."""
        return self.softmax.d_weights

    @property
    def d_masked(self) -> FloatArray:
        """(..., t, s): 0 where a query may not look."""
        return self.softmax.d_scores


@quiet
def attention_backward(
    record: Attention,
    d_output: FloatArray,
    *,
    d_log_weights: FloatArray | None = None,
    softmax_axis: int = -1,
) -> AttentionGradients:
    """From d_output (..., t, v) back to q, k and v: the chain rule through equation 1 of Vaswani et al. 2017.

    Of C = A B, dA = dC Bᵀ and dB = Aᵀ dC; a mask is added, so its gradient passes through unchanged.
    `d_log_weights` (..., t, s) is what a loss sends to the logarithms of the weights themselves.
    """
    d_v = record.weights.mT @ d_output  # (..., s, v)
    d_weights = d_output @ record.v.mT  # (..., t, s)
    softmax = softmax_backward(record.weights, d_weights, softmax_axis, d_logs=d_log_weights)
    d_scaled = softmax.d_scores  # (..., t, s)
    d_scores = d_scaled * d_scaled.dtype.type(record.scale)  # (..., t, s)
    d_q = d_scores @ record.k  # (..., t, k)
    d_k = d_scores.mT @ record.q  # (..., s, k)
    return AttentionGradients(
        d_output=read_only(d_output),
        d_v=read_only(d_v),
        softmax=softmax,
        d_scaled=d_scaled,
        d_scores=read_only(d_scores),
        d_q=read_only(d_q),
        d_k=read_only(d_k),
    )


def row_blocks(queries: int, keys: int, cells: int = CELLS_PER_BLOCK) -> Iterator[slice]:
    """The rows 0 … t in blocks of at most `cells` scores each, at least one row a block, in order."""
    size = max(1, cells // max(1, keys))
    for start in range(0, queries, size):
        yield slice(start, min(start + size, queries))
