"""What goes into the first layer: the rows of the words, with those of their places."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..engine.arrays import FloatArray
from .stored import shape_in


def sinusoidal(count: int, width: int) -> FloatArray:
    """(count, width): sin(place / 10000^(2i/width)) in column 2i, the cosine of the same in column 2i + 1.

    Vaswani et al. 2017, section 3.5.
    """
    columns = np.arange(width)
    angles = np.arange(count)[:, None] / 10000.0 ** ((columns - columns % 2) / width)  # (count, width)
    found: FloatArray = np.where(columns % 2, np.cos(angles), np.sin(angles))
    return found


def entering_rows(arrays: Mapping[str, FloatArray], count: int) -> FloatArray:
    """(t, m): room for the rows that go into the first layer, which are computed when they are looked at."""
    width = shape_in(arrays, "W_E" if "W_E" in arrays else "E")[1]
    found: FloatArray = np.broadcast_to(np.float64(0.0), (count, width))
    return found
