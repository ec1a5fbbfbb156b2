"""Rounding as a person does who writes each step down."""

from __future__ import annotations

from typing import Literal

import numpy as np

from ..engine.arrays import FloatArray

Ties = Literal["even", "up", "shares"]
"""How a 5 is rounded: to the even digit, away from 0; `shares` also lets a row of weights add up to its sum."""

ROUNDING_DIGITS = 2
"""How many more decimals are shown than are kept, so that one sees what rounding at each step does."""


_WHOLE = 2.0**52
"""From here on every float is a whole number."""


def rounded(values: FloatArray, decimals: int, ties: Ties = "up") -> FloatArray:
    """The numbers with `decimals` decimals; −∞, NaN and what is too large to have decimals stay."""
    is_whole = np.abs(values) >= _WHOLE
    if is_whole.any():  # counted in units it might be no number any more
        return np.where(is_whole, values, _rounded(np.where(is_whole, 0.0, values), decimals, ties))
    return _rounded(values, decimals, ties)


def _rounded(values: FloatArray, decimals: int, ties: Ties) -> FloatArray:
    if ties == "shares":
        return _rounded_shares(values, decimals)
    unit = 10.0**-decimals
    if ties == "even":  # what is half a unit but for the last bits counts as half
        return _in_units(np.rint(np.round(values / unit, 8)), decimals)
    return _in_units(np.copysign(np.floor(np.abs(values) / unit + 0.5 + 1e-9), values), decimals)


def _in_units(units: FloatArray, decimals: int) -> FloatArray:
    """The numbers nearest to these decimal ones: 0.16, not 16 times what 0.01 is nearest to."""
    return units / 10.0**decimals


def _rounded_shares(values: FloatArray, decimals: int) -> FloatArray:
    """Each row (last axis) rounded so that it adds up to its rounded sum: the largest remainders are rounded up."""
    unit = 10.0**-decimals
    units = values / unit
    down = np.floor(units + 1e-9)
    short = np.round(units.sum(axis=-1, keepdims=True)) - down.sum(axis=-1, keepdims=True)
    places = np.argsort(np.argsort(down - units, axis=-1, kind="stable"), axis=-1, kind="stable")
    return _in_units(down + (places < short), decimals)
