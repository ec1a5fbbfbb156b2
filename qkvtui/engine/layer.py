"""An attention layer: the projections around scaled dot-product attention, split over heads."""

from __future__ import annotations

import numpy as np

from ..records import record
from .arrays import FloatArray, quiet
from .outputs import attend_output


@record(frozen=True, eq=False)
class Layer:
    """The parameters and settings of one attention layer.

    Head i owns the columns i·k … (i+1)·k of `w_q`, as in torch.nn.MultiheadAttention. With fewer `kv_heads`
    than `heads` (grouped-query attention, Ainslie et al. 2023), query head i uses key/value head
    i // (heads / kv_heads).
    """

    w_q: FloatArray  # (m, h·k)
    w_k: FloatArray  # (m, kv_heads·k)
    w_v: FloatArray  # (m, kv_heads·v)
    b_q: FloatArray | None = None  # (h·k,)
    b_k: FloatArray | None = None  # (kv_heads·k,)
    b_v: FloatArray | None = None  # (kv_heads·v,)
    w_o: FloatArray | None = None  # (h·v, m)
    b_o: FloatArray | None = None  # (m,)
    heads: int = 1
    kv_heads: int = 1
    scale: float | None = None


@quiet
def project(x: FloatArray, w: FloatArray, b: FloatArray | None = None) -> FloatArray:
    """x w + b: (..., t, m) by (m, d) gives (..., t, d)."""
    product = x @ w  # (..., t, d)
    return product if b is None else product + b


def split_heads(x: FloatArray, heads: int) -> FloatArray:
    """(..., t, h·d) → (..., h, t, d)."""
    *leading, rows, width = x.shape
    return np.moveaxis(x.reshape(*leading, rows, heads, width // heads), -2, -3)


def merge_heads(x: FloatArray) -> FloatArray:
    """(..., h, t, d) → (..., t, h·d): the heads side by side."""
    *leading, heads, rows, width = x.shape
    return np.moveaxis(x, -3, -2).reshape(*leading, rows, heads * width)


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


@quiet
def layer_output(x: FloatArray, layer: Layer, mask: FloatArray | None = None) -> FloatArray:
    """What a layer makes of x (..., t, m) that looks at itself: (..., t, m), without W_O (..., t, h·v).

    `mask` broadcasts to (..., h, t, t).
    """
    q = split_heads(project(x, layer.w_q, layer.b_q), layer.heads)  # (..., h, t, k)
    k = share_heads(split_heads(project(x, layer.w_k, layer.b_k), layer.kv_heads), layer.heads)  # (..., h, t, k)
    v = share_heads(split_heads(project(x, layer.w_v, layer.b_v), layer.kv_heads), layer.heads)  # (..., h, t, v)
    merged = merge_heads(attend_output(q, k, v, scale=layer.scale, mask=mask))  # (..., t, h·v)
    return merged if layer.w_o is None else project(merged, layer.w_o, layer.b_o)
