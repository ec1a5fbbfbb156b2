"""How somebody calculates attention: the right way, or with mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ...engine.arrays import FloatArray
from ..trace import SoftmaxOver

Ties = Literal["even", "up", "shares"]
"""How a 5 is rounded: to the even digit, away from 0; `shares` also lets a row of weights add up to its sum."""


@dataclass(frozen=True)
class Rounding:
    """Rounding between the steps, as somebody does who writes each step down."""

    decimals: int
    ties: Ties = "up"
    steps: frozenset[str] | None = None
    """The steps that are rounded; None: all that are computed."""
    exponentials: bool = False
    """Whether the exponentials inside softmax are rounded too."""


@dataclass(frozen=True)
class Method:
    """One way of calculating; as it stands, the right one."""

    scale: float | None = None
    """What the scores are multiplied by; None: what the example says."""
    softmax_over: SoftmaxOver = "rows"
    exponentials: bool = True
    """False: each score ÷ the sum of the scores."""
    masks_forgotten: frozenset[str] = frozenset()
    """Of `causal`, `mask` and `padding`."""
    masks_late: bool = False
    """True: −∞ comes only after softmax, as a weight of 0; nothing is shared out again."""
    made_with: tuple[str, str, str] = ("Q", "K", "V")
    """The letters of the matrices with which queries, keys and values are made."""
    taken_for: tuple[str, str, str] = ("Q", "K", "V")
    """What is taken for Q, K and V in the two products of attention."""
    transposed: frozenset[str] = frozenset()
    """Letters of the matrices that are multiplied as W^T."""
    unbiased: frozenset[str] = frozenset()
    """Letters of the biases that are not added."""
    rounding: Rounding | None = None


RIGHT = Method()


def rounded(values: FloatArray, decimals: int, ties: Ties) -> FloatArray:
    """The numbers with `decimals` decimals; −∞ and NaN stay."""
    if ties == "shares":
        return _rounded_shares(values, decimals)
    unit = 10.0**-decimals
    if ties == "even":  # what is half a unit but for the last bits counts as half
        return np.rint(np.round(values / unit, 8)) * unit
    return np.copysign(np.floor(np.abs(values) / unit + 0.5 + 1e-9), values) * unit


def _rounded_shares(values: FloatArray, decimals: int) -> FloatArray:
    """Each row (last axis) rounded so that it adds up to its rounded sum: the largest remainders are rounded up."""
    unit = 10.0**-decimals
    units = values / unit
    down = np.floor(units + 1e-9)
    short = np.round(units.sum(axis=-1, keepdims=True)) - down.sum(axis=-1, keepdims=True)
    places = np.argsort(np.argsort(down - units, axis=-1, kind="stable"), axis=-1, kind="stable")
    shares: FloatArray = (down + (places < short)) * unit
    return shares
