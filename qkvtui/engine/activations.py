"""The curves that feed-forward networks bend their numbers with."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache

import numpy as np

from .arrays import FloatArray

_ERF_STEP = 1 / 256
_ERF_END = 6.0
"""From here on erf is 1 to the last bit of a float64."""
_FLAT = 40.0
"""Beyond that the curves are 0 or x to the last bit; powers of larger numbers might overflow."""


def gelu(x: FloatArray) -> FloatArray:
    """x · Φ(x), with the exact distribution function (Hendrycks and Gimpel 2016)."""
    return x * (0.5 * (1.0 + erf(x / math.sqrt(2.0)))).astype(x.dtype)


def gelu_tanh(x: FloatArray) -> FloatArray:
    """x · Φ(x) with Φ approximated by tanh, as GPT-2 has it."""
    near = np.clip(x, -_FLAT, _FLAT)
    bent: FloatArray = 0.5 * x * (1.0 + np.tanh(math.sqrt(2.0 / math.pi) * (near + 0.044715 * near * near * near)))
    return bent


def relu(x: FloatArray) -> FloatArray:
    """x where it is positive, else 0."""
    return np.maximum(x, 0)


def silu(x: FloatArray) -> FloatArray:
    """x · 1 ÷ (1 + exp(−x))."""
    bent: FloatArray = x * (0.5 * (1.0 + np.tanh(0.5 * x)))
    return bent


def gelu_slope(x: FloatArray) -> FloatArray:
    """The derivative of `gelu`: Φ(x) + x · φ(x)."""
    near = np.clip(x, -_FLAT, _FLAT)
    density = np.exp(-0.5 * near * near) / math.sqrt(2.0 * math.pi)
    return np.asarray((0.5 * (1.0 + erf(x / math.sqrt(2.0)))).astype(x.dtype) + x * density)


def gelu_tanh_slope(x: FloatArray) -> FloatArray:
    """The derivative of `gelu_tanh`."""
    root, x = math.sqrt(2.0 / math.pi), np.clip(x, -_FLAT, _FLAT)
    bent = np.tanh(root * (x + 0.044715 * x * x * x))
    return np.asarray(0.5 * (1.0 + bent) + 0.5 * x * (1.0 - bent * bent) * root * (1.0 + 3 * 0.044715 * x * x))


def relu_slope(x: FloatArray) -> FloatArray:
    """The derivative of `relu`: 1 where x is positive, else 0."""
    return (x > 0).astype(x.dtype)


def silu_slope(x: FloatArray) -> FloatArray:
    """The derivative of `silu`: σ(x) · (1 + x · (1 − σ(x)))."""
    share = 0.5 * (1.0 + np.tanh(0.5 * x))
    return np.asarray(share * (1.0 + x * (1.0 - share)))


ACTIVATIONS: Mapping[str, tuple[Callable[[FloatArray], FloatArray], Callable[[FloatArray], FloatArray]]] = {
    "relu": (relu, relu_slope),
    "gelu": (gelu, gelu_slope),
    "gelu_tanh": (gelu_tanh, gelu_tanh_slope),
    "silu": (silu, silu_slope),
}
"""Each curve by its name, and its derivative."""


def erf(x: FloatArray) -> FloatArray:
    """The error function to 1e-11, which NumPy does not have: Hermite's cubics between values of `math.erf`."""
    table, slopes = _erf_table()
    size = np.minimum(np.abs(np.nan_to_num(x.astype(np.float64))), _ERF_END) / _ERF_STEP
    left = np.minimum(size.astype(np.intp), len(table) - 2)
    at = size - left  # 0 … 1 between two entries
    rest = 1.0 - at
    value = rest * rest * ((1 + 2 * at) * table[left] + at * slopes[left]) + at * at * (
        (3 - 2 * at) * table[left + 1] - rest * slopes[left + 1]
    )
    return np.where(np.isnan(x), np.nan, np.copysign(value, x))


@cache
def _erf_table() -> tuple[FloatArray, FloatArray]:
    """erf at 0, one step, … and how much it would rise in one step from there."""
    points = np.arange(0.0, _ERF_END + _ERF_STEP, _ERF_STEP)
    table = np.array([math.erf(point) for point in points])
    return table, _ERF_STEP * 2.0 / math.sqrt(math.pi) * np.exp(-points * points)
