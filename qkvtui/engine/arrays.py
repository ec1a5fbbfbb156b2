"""The array types of the engine."""

from __future__ import annotations

from collections.abc import Mapping
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


def as_written(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Of float32 the numbers that its digits say, in float64: 0.3 and not 0.30000001192092896; any other as it is."""
    return array.astype(str).astype(np.float64) if array.dtype == np.float32 else array


def protect(arrays: Mapping[str, np.ndarray[Any, Any] | None]) -> None:
    """Make arrays themselves read-only: what holds them never changes behind the back of what was worked out of it."""
    for array in arrays.values():
        if array is not None:
            array.setflags(write=False)


quiet = np.errstate(over="ignore", invalid="ignore")
"""Decorates what can meet numbers too large for their type: they become ±∞ or NaN, and no warning is printed.

Whoever builds a picture must look for them: `np.isfinite` of the scores and of the output.
"""
