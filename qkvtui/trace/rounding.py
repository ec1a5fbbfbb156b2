"""Attention as a person computes it who writes down only a few decimals at each step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..engine import Attention, softmax_stages
from ..engine.arrays import FloatArray

ROUNDING_DIGITS = 2
"""How many more decimals are shown than are kept, so that one sees what rounding at each step does."""


def rounded(values: FloatArray, decimals: int | None) -> FloatArray:
    """The numbers with that many decimals; None leaves them as they are."""
    return values if decimals is None else np.round(values, decimals)


def attention_rounded_each(exact: Attention, mask: FloatArray | None, softmax_axis: int, decimals: int) -> Attention:
    """The same attention with each step computed from the rounded numbers of the step before.

    `exact` holds the q, k and v to start from, already rounded; its scale is used as it is.
    """
    scores = rounded(exact.q @ exact.k.mT, decimals)  # (h, t, s)
    scaled = rounded(scores * exact.scale, decimals)  # (h, t, s)
    masked = scaled if mask is None else rounded(scaled + mask, decimals)  # (h, t, s)
    stages = softmax_stages(masked, softmax_axis)
    stages = replace(stages, weights=rounded(stages.weights, decimals))  # (h, t, s)
    output = rounded(stages.weights @ exact.v, decimals)  # (h, t, v)
    return replace(exact, scores=scores, scaled=scaled, masked=masked, softmax=stages, output=output)
