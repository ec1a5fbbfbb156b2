"""An attention layer: the projections around scaled dot-product attention, split over heads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import FloatArray, quiet, read_only
from .attention import Attention, AttentionGradients, attention, attention_backward


@dataclass(frozen=True, eq=False)
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


@dataclass(frozen=True, eq=False)
class LayerRecord:
    """Every intermediate of a layer."""

    x: FloatArray  # (..., t, m)
    y: FloatArray  # (..., s, m); x itself in self-attention
    attention: Attention  # arrays (..., h, t, ·)
    merged: FloatArray  # (..., t, h·v)
    projected: FloatArray | None  # (..., t, m)


@dataclass(frozen=True, eq=False)
class ProjectionGradients:
    """The gradient of a loss by what went into `project`."""

    d_x: FloatArray  # (..., t, m)
    d_w: FloatArray  # (m, d)
    d_b: FloatArray  # (d,)


@dataclass(frozen=True, eq=False)
class LayerGradients:
    """The gradient of a loss by every intermediate and every parameter of a layer.

    What a layer does not have (a bias, `w_o`, another text to attend to) is None.
    """

    d_projected: FloatArray | None  # (..., t, m)
    d_merged: FloatArray  # (..., t, h·v)
    attention: AttentionGradients  # arrays (..., h, t, ·); keys and values apart for each query head
    d_queries: FloatArray  # (..., h, t, k)
    d_keys: FloatArray  # (..., g, s, k): summed over the heads that share them
    d_values: FloatArray  # (..., g, s, v): likewise
    d_w_q: FloatArray  # (m, h·k)
    d_w_k: FloatArray  # (m, g·k)
    d_w_v: FloatArray  # (m, g·v)
    d_w_o: FloatArray | None  # (h·v, m)
    d_b_q: FloatArray | None  # (h·k,)
    d_b_k: FloatArray | None  # (g·k,)
    d_b_v: FloatArray | None  # (g·v,)
    d_b_o: FloatArray | None  # (m,)
    d_x_through_q: FloatArray  # (..., t, m)
    d_y_through_k: FloatArray  # (..., s, m)
    d_y_through_v: FloatArray  # (..., s, m)
    d_x: FloatArray  # (..., t, m); in self-attention the sum of all three
    d_y: FloatArray | None  # (..., s, m); None in self-attention

    @property
    def d_output(self) -> FloatArray:
        """(..., h, t, v)."""
        return self.attention.d_output

    @property
    def d_weights(self) -> FloatArray:
        """(..., h, t, s)."""
        return self.attention.d_weights

    @property
    def d_masked(self) -> FloatArray:
        """(..., h, t, s)."""
        return self.attention.d_masked

    @property
    def d_scaled(self) -> FloatArray:
        """(..., h, t, s)."""
        return self.attention.d_scaled

    @property
    def d_scores(self) -> FloatArray:
        """(..., h, t, s)."""
        return self.attention.d_scores

    def by_name(self) -> dict[str, FloatArray]:
        """W_Q → its gradient, and so on for every parameter and input that the layer has."""
        found = {
            "W_Q": self.d_w_q,
            "W_K": self.d_w_k,
            "W_V": self.d_w_v,
            "W_O": self.d_w_o,
            "b_Q": self.d_b_q,
            "b_K": self.d_b_k,
            "b_V": self.d_b_v,
            "b_O": self.d_b_o,
            "X": self.d_x,
            "Y": self.d_y,
        }
        return {name: gradient for name, gradient in found.items() if gradient is not None}


@quiet
def project(x: FloatArray, w: FloatArray, b: FloatArray | None = None) -> FloatArray:
    """x w + b: (..., t, m) by (m, d) gives (..., t, d)."""
    product = x @ w  # (..., t, d)
    return product if b is None else product + b


@quiet
def project_backward(x: FloatArray, w: FloatArray, d_product: FloatArray) -> ProjectionGradients:
    """From d_product (..., t, d) back to x (..., t, m), w (m, d) and the bias: every row adds to w and the bias."""
    rows = x.reshape(-1, w.shape[0])  # (n, m): all rows of all leading axes
    d_rows = d_product.reshape(-1, w.shape[1])  # (n, d)
    d_x = d_product @ w.mT  # (..., t, m)
    d_w = rows.mT @ d_rows  # (m, d)
    d_b = d_rows.sum(axis=0)  # (d,)
    return ProjectionGradients(read_only(d_x), read_only(d_w), read_only(d_b))


def split_heads(x: FloatArray, heads: int) -> FloatArray:
    """(..., t, h·d) → (..., h, t, d)."""
    *leading, rows, width = x.shape
    return np.moveaxis(x.reshape(*leading, rows, heads, width // heads), -2, -3)


def split_heads_backward(d_split: FloatArray) -> FloatArray:
    """(..., h, t, d) → (..., t, h·d): every number goes back to its place."""
    return merge_heads(d_split)


def merge_heads(x: FloatArray) -> FloatArray:
    """(..., h, t, d) → (..., t, h·d): the heads side by side."""
    *leading, heads, rows, width = x.shape
    return np.moveaxis(x, -3, -2).reshape(*leading, rows, heads * width)


def merge_heads_backward(d_merged: FloatArray, heads: int) -> FloatArray:
    """(..., t, h·d) → (..., h, t, d): every number goes back to its place."""
    return split_heads(d_merged, heads)


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


def forward(x: FloatArray, layer: Layer, y: FloatArray | None = None, mask: FloatArray | None = None) -> LayerRecord:
    """The whole layer: x (..., t, m) asks, y (..., s, m) is attended to (default: x itself).

    `mask` broadcasts to (..., h, t, s).
    """
    source = x if y is None else y
    q = split_heads(project(x, layer.w_q, layer.b_q), layer.heads)  # (..., h, t, k)
    k = split_heads(project(source, layer.w_k, layer.b_k), layer.kv_heads)  # (..., g, s, k)
    v = split_heads(project(source, layer.w_v, layer.b_v), layer.kv_heads)  # (..., g, s, v)
    record = attention(q, share_heads(k, layer.heads), share_heads(v, layer.heads), scale=layer.scale, mask=mask)
    merged = merge_heads(record.output)  # (..., t, h·v)
    projected = None if layer.w_o is None else project(merged, layer.w_o, layer.b_o)  # (..., t, m)
    asking = read_only(x)
    return LayerRecord(
        x=asking,
        y=asking if y is None else read_only(y),
        attention=record,
        merged=read_only(merged),
        projected=None if projected is None else read_only(projected),
    )


@quiet
def backward(
    record: LayerRecord, layer: Layer, d_last: FloatArray | None = None, *, d_log_weights: FloatArray | None = None
) -> LayerGradients:
    """From the layer's last step back to all of its parameters and inputs; `layer` is the one `record` came from.

    `d_last` has the shape of `projected` (..., t, m), or without `w_o` of `merged` (..., t, h·v); None where the
    loss does not look there. `d_log_weights` (..., h, t, s) is what the loss sends to the logarithms of the weights.
    """
    last = record.merged if record.projected is None else record.projected
    d_last = np.zeros_like(last) if d_last is None else d_last
    out = None if layer.w_o is None else project_backward(record.merged, layer.w_o, d_last)
    d_merged = d_last if out is None else out.d_x  # (..., t, h·v)
    d_output = merge_heads_backward(d_merged, layer.heads)  # (..., h, t, v)
    inner = attention_backward(record.attention, d_output, d_log_weights=d_log_weights)
    d_keys = share_heads_backward(inner.d_k, layer.kv_heads)  # (..., g, s, k)
    d_values = share_heads_backward(inner.d_v, layer.kv_heads)  # (..., g, s, v)
    of_q = project_backward(record.x, layer.w_q, split_heads_backward(inner.d_q))
    of_k = project_backward(record.y, layer.w_k, split_heads_backward(d_keys))
    of_v = project_backward(record.y, layer.w_v, split_heads_backward(d_values))
    d_y = of_k.d_x + of_v.d_x  # (..., s, m)
    self_attention = record.y is record.x
    return LayerGradients(
        d_projected=None if out is None else read_only(d_last),
        d_merged=read_only(d_merged),
        attention=inner,
        d_queries=inner.d_q,
        d_keys=read_only(d_keys),
        d_values=read_only(d_values),
        d_w_q=of_q.d_w,
        d_w_k=of_k.d_w,
        d_w_v=of_v.d_w,
        d_w_o=None if out is None else out.d_w,
        d_b_q=None if layer.b_q is None else of_q.d_b,
        d_b_k=None if layer.b_k is None else of_k.d_b,
        d_b_v=None if layer.b_v is None else of_v.d_b,
        d_b_o=None if out is None or layer.b_o is None else out.d_b,
        d_x_through_q=of_q.d_x,
        d_y_through_k=of_k.d_x,
        d_y_through_v=of_v.d_x,
        d_x=read_only(of_q.d_x + d_y) if self_attention else of_q.d_x,
        d_y=None if self_attention else read_only(d_y),
    )
