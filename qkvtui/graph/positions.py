"""What goes into the first layer: the rows of the words, with those of their places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from ..engine.arrays import FloatArray
from .mechanisms import Pairs
from .stored import shape_in


def sinusoidal(count: int, width: int, pairs: Pairs = "neighbours") -> FloatArray:
    """(count, width): sin(place / 10000^(2i/width)) in column 2i, the cosine of the same in column 2i + 1.

    Vaswani et al. 2017, section 3.5. Or in columns i and i + width/2 (`halves`), as Marian has it.
    """
    waves = [wave(column, width, pairs) for column in range(width)]
    angles = np.arange(count)[:, None] / 10000.0 ** (np.array([pair for _, pair in waves]) / width)  # (count, width)
    found: FloatArray = np.where([curve == "cos" for curve, _ in waves], np.cos(angles), np.sin(angles))
    return found


def wave(column: int, width: int, pairs: Pairs) -> tuple[Literal["sin", "cos"], int]:
    """Which curve a column has, sin or cos, and its 2i."""
    if pairs == "neighbours":
        return ("cos", column - 1) if column % 2 else ("sin", column)
    half = (width + 1) // 2
    return ("cos", 2 * (column - half)) if column >= half else ("sin", 2 * column)


def entering_rows(arrays: Mapping[str, FloatArray], count: int) -> FloatArray:
    """(t, m): room for the rows that go into a first layer."""
    return empty_rows(count, shape_in(arrays, "W_E" if "W_E" in arrays else "E")[1])


def empty_rows(count: int, width: int) -> FloatArray:
    """(count, width): room for rows that are computed when they are looked at."""
    found: FloatArray = np.broadcast_to(np.float64(0.0), (count, width))
    return found
