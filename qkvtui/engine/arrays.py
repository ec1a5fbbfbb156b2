"""The array types of the engine."""

from __future__ import annotations

from typing import Any

import numpy as np

from .magnitudes import LARGEST

FloatArray = np.ndarray[tuple[Any, ...], np.dtype[np.floating[Any]]]
"""float64, or float32 where every input is float32."""

BoolArray = np.ndarray[tuple[Any, ...], np.dtype[np.bool_]]
Indices = np.ndarray[tuple[Any, ...], np.dtype[np.intp]]

_LARGEST_FLOAT32 = float(np.finfo(np.float32).max)


def largest_of(array: FloatArray) -> float:
    """The largest number that an array of its type may hold.

    Of float32 every finite one, for a model's numbers go where they go; what becomes too large of them is refused.
    """
    return _LARGEST_FLOAT32 if array.dtype == np.float32 else LARGEST


def read_only(array: FloatArray) -> FloatArray:
    """The same numbers, which cannot be written through what is returned: what a record holds."""
    view = array.view()
    view.flags.writeable = False
    return view


quiet = np.errstate(over="ignore", invalid="ignore")
"""Decorates what can meet numbers too large for their type: they become ±∞ or NaN, and no warning is printed.

Whoever builds a picture must look for them: `np.isfinite` of the scores and of the output.
"""
