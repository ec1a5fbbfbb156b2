"""The scale of scores by its name."""

from __future__ import annotations

import math

from ..graph.example import NO_SCALE, STANDARD_SCALE, Scale


def named_scale(scale: float, d_k: int) -> Scale:
    """The scale by its name, where it has one; what float32 made of 1/√d_k is meant to be that."""
    if math.isclose(scale, 1 / math.sqrt(d_k), rel_tol=1e-6):
        return STANDARD_SCALE
    return NO_SCALE if scale == 1.0 else scale
