"""Softmax, stage by stage."""

from __future__ import annotations

import numpy as np

from ..records import record
from .arrays import FloatArray, quiet, read_only


@record(frozen=True, eq=False)
class SoftmaxStages:
    """Every stage of a stable softmax; all arrays have the scores' shape unless said."""

    scores: FloatArray
    maximum: FloatArray
    """The largest score, or the sink, along the axis, kept with length 1; −∞ where all are −∞."""
    shifted: FloatArray
    """scores − maximum, so that the largest exponent is 0 and nothing overflows."""
    exponentials: FloatArray
    total: FloatArray
    """The sum of the exponentials, and of the sink's, along the axis, kept with length 1; 0 where all are −∞."""
    weights: FloatArray
    """exponentials ÷ total; all 0 where every score is −∞."""


@quiet
def softmax_stages(scores: FloatArray, axis: int = -1, sink: FloatArray | None = None) -> SoftmaxStages:
    """Softmax along `axis`: exp(s − max) ÷ Σ exp(s − max) (Vaswani et al. 2017, equation 1; usual shift).

    A slice of nothing but −∞, a query that may look at nothing, gets zeros instead of 0 ÷ 0. A slice with NaN
    or +∞ gets NaN, never zeros: zeros would say that the query may look at nothing. `sink`, which broadcasts to the
    sums, is one more number to share with, and what it gets is no weight.
    """
    maximum = scores.max(axis=axis, keepdims=True)  # (..., t, 1)
    if sink is not None:
        maximum = np.maximum(maximum, sink)
    shift = np.where(np.isneginf(maximum), np.zeros_like(maximum), maximum)
    shifted = scores - shift  # (..., t, s)
    exponentials = np.exp(shifted)
    total = exponentials.sum(axis=axis, keepdims=True)  # (..., t, 1)
    if sink is not None:
        total = total + np.exp(sink - shift)
    weights = exponentials / np.where(total == 0, np.ones_like(total), total)  # (..., t, s)
    stages = (scores, maximum, shifted, exponentials, total, weights)
    return SoftmaxStages(*map(read_only, stages))


def softmax(scores: FloatArray, axis: int = -1) -> FloatArray:
    """The weights of `softmax_stages`: along `axis` they are at least 0 and sum to 1 (or are all 0)."""
    return softmax_stages(scores, axis).weights


@quiet
def log_weights(stages: SoftmaxStages) -> FloatArray:
    """The logarithms of the weights: shifted − log total, finite also where a weight has underflowed to 0.

    −∞ where the score is −∞.
    """
    total = np.where(stages.total == 0, np.ones_like(stages.total), stages.total)
    logs: FloatArray = stages.shifted - np.log(total)
    return logs
