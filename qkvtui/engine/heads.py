"""Heads apart, and keys and values that several heads share.

Head i owns the columns i·k … (i+1)·k of a projection, as in torch.nn.MultiheadAttention.
"""

from __future__ import annotations

import numpy as np

from .arrays import FloatArray


def split_heads(x: FloatArray, heads: int) -> FloatArray:
    """(..., t, h·d) → (..., h, t, d)."""
    *leading, rows, width = x.shape
    return np.moveaxis(x.reshape(*leading, rows, heads, width // heads), -2, -3)


def share_heads(x: FloatArray, heads: int) -> FloatArray:
    """(..., g, s, d) → (..., h, s, d): each key/value head serves h / g query heads in turn."""
    groups = x.shape[-3]
    if heads % groups:
        raise ValueError(f"{heads} heads cannot share {groups} key/value heads evenly")
    return x if groups == heads else np.repeat(x, heads // groups, axis=-3)


def share_heads_backward(d_shared: FloatArray, groups: int) -> FloatArray:
    """(..., h, s, d) → (..., g, s, d): a key/value head gets the sum over the h / g query heads that use it."""
    *leading, heads, rows, width = d_shared.shape
    if groups == heads:
        return d_shared
    shared: FloatArray = d_shared.reshape(*leading, groups, heads // groups, rows, width).sum(axis=-3)
    return shared
