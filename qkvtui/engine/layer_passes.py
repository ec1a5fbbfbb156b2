"""What whole layers do, forward and back: norm, attention, and the feed-forward part, on rows of all sentences at once.

Each `…_forward` gives what it makes and what its `…_backward` needs; that adds to `grads` what moves and gives the
gradient by what came in. Letters besides the engine's: b sentences of t tokens, g key/value heads, c query heads that
share each of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from .activations import ACTIVATIONS
from .arrays import FloatArray
from .stack import StackLayer

Arrays = Mapping[str, FloatArray]
Grads = Mapping[str, FloatArray]


def linear_forward(x: FloatArray, p: Arrays, w: str, b: str) -> FloatArray:
    """x W + b; no bias where there is none."""
    product = x @ p[w]
    return product + p[b] if b in p else product


def linear_backward(x: FloatArray, d_product: FloatArray, p: Arrays, grads: Grads, w: str, b: str) -> FloatArray:
    """(b, t, m): the gradient by x."""
    rows, d_rows = x.reshape(-1, x.shape[-1]), d_product.reshape(-1, d_product.shape[-1])
    if w in grads:
        grads[w][...] += rows.T @ d_rows
    if b in grads:
        grads[b][...] += d_rows.sum(axis=0)
    return d_product @ p[w].T


class NormPass(NamedTuple):
    """What a norm's way back needs."""

    normal: FloatArray  # (b, t, m)
    size: FloatArray  # (b, t, 1)
    gain: str
    bias: str
    centred: bool


def norm_forward(
    x: FloatArray, p: Arrays, kind: str, epsilon: float, letter: str, at: str
) -> tuple[FloatArray, NormPass]:
    """LayerNorm or RMSNorm of each row, with the gain and the bias that there are."""
    centred = kind == "layer"
    apart = x - x.mean(axis=-1, keepdims=True) if centred else x
    size = np.sqrt((apart * apart).mean(axis=-1, keepdims=True) + epsilon)
    normal = apart / size
    gain, bias = f"g_{letter}{at}", f"b_{letter}n{at}"
    found = normal * p[gain] if gain in p else normal
    return (found + p[bias] if bias in p else found), NormPass(normal, size, gain, bias, centred)


def norm_backward(d_normed: FloatArray, p: Arrays, grads: Grads, of: NormPass) -> FloatArray:
    """(b, t, m): the gradient by x."""
    if of.bias in grads:
        grads[of.bias][...] += d_normed.sum(axis=(0, 1))
    if of.gain in grads:
        grads[of.gain][...] += (d_normed * of.normal).sum(axis=(0, 1))
    d_normal = d_normed * p[of.gain] if of.gain in p else d_normed
    along = (d_normal * of.normal).mean(axis=-1, keepdims=True)
    d_x = d_normal - of.normal * along
    if of.centred:
        d_x -= d_normal.mean(axis=-1, keepdims=True)
    return np.asarray(d_x / of.size)


class AttentionPass(NamedTuple):
    """What the way back through attention needs."""

    x: FloatArray
    q: FloatArray  # (b, g, c·t, k)
    k: FloatArray  # (b, g, t, k)
    v: FloatArray  # (b, g, t, v)
    weights: FloatArray  # (b, g, c·t, t)
    side_by_side: FloatArray  # (b, t, h·v)


def attention_forward(
    x: FloatArray, p: Arrays, layer: StackLayer, mask: FloatArray | None
) -> tuple[FloatArray, AttentionPass]:
    """(b, t, m): what all heads find, brought back to the width of x; `mask` is (b | 1, 1, t | 1, t)."""
    at, groups, shared = layer.suffix, layer.kv_heads, layer.heads // layer.kv_heads
    q = _split(linear_forward(x, p, f"W_Q{at}", f"b_Q{at}"), groups, shared)
    k = _split(linear_forward(x, p, f"W_K{at}", f"b_K{at}"), groups, 1)
    v = _split(linear_forward(x, p, f"W_V{at}", f"b_V{at}"), groups, 1)
    scores = (q @ k.mT) * layer.scale  # (b, g, c·t, t)
    if mask is not None:
        scores += mask if mask.shape[-2] == 1 else np.tile(mask, (1, 1, shared, 1))
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    side_by_side = _merge(weights @ v, shared)
    found = linear_forward(side_by_side, p, f"W_O{at}", f"b_O{at}") if f"W_O{at}" in p else side_by_side
    return found, AttentionPass(x, q, k, v, weights, side_by_side)


def attention_backward(
    d_found: FloatArray, p: Arrays, grads: Grads, layer: StackLayer, of: AttentionPass
) -> FloatArray:
    """(b, t, m): the gradient by x."""
    at, groups, shared = layer.suffix, layer.kv_heads, layer.heads // layer.kv_heads
    if f"W_O{at}" in p:
        d_found = linear_backward(of.side_by_side, d_found, p, grads, f"W_O{at}", f"b_O{at}")
    d_output = _split(d_found, groups, shared)  # (b, g, c·t, v)
    d_weights = d_output @ of.v.mT
    d_scores = of.weights * (d_weights - (of.weights * d_weights).sum(axis=-1, keepdims=True)) * layer.scale
    d_q, d_k, d_v = d_scores @ of.k, d_scores.mT @ of.q, of.weights.mT @ d_output
    return (
        linear_backward(of.x, _merge(d_q, shared), p, grads, f"W_Q{at}", f"b_Q{at}")
        + linear_backward(of.x, _merge(d_k, 1), p, grads, f"W_K{at}", f"b_K{at}")
        + linear_backward(of.x, _merge(d_v, 1), p, grads, f"W_V{at}", f"b_V{at}")
    )


def _split(rows: FloatArray, groups: int, shared: int) -> FloatArray:
    """(b, t, g·shared·d) → (b, g, shared·t, d)."""
    sentences, count, _ = rows.shape
    apart = rows.reshape(sentences, count, groups, shared, -1).transpose(0, 2, 3, 1, 4)
    return apart.reshape(sentences, groups, shared * count, -1)


def _merge(heads: FloatArray, shared: int) -> FloatArray:
    """(b, g, shared·t, d) → (b, t, g·shared·d)."""
    sentences, groups, rows, _ = heads.shape
    apart = heads.reshape(sentences, groups, shared, rows // shared, -1).transpose(0, 3, 1, 2, 4)
    return apart.reshape(sentences, rows // shared, -1)


class FeedPass(NamedTuple):
    """What the way back through the feed-forward part needs."""

    x: FloatArray
    hidden: FloatArray  # (b, t, n)
    gate: FloatArray | None
    inner: FloatArray


def feed_forward(x: FloatArray, p: Arrays, layer: StackLayer) -> tuple[FloatArray, FeedPass]:
    """(b, t, m): curve(x W_1) W_2, or where it is gated (curve(x W_G) · x W_1) W_2."""
    at, curve = layer.suffix, ACTIVATIONS[layer.curve][0]
    hidden = linear_forward(x, p, f"W_1{at}", f"b_1{at}")
    gate = linear_forward(x, p, f"W_G{at}", f"b_G{at}") if layer.gated else None
    inner = curve(hidden) if gate is None else curve(gate) * hidden
    return linear_forward(inner, p, f"W_2{at}", f"b_2{at}"), FeedPass(x, hidden, gate, inner)


def feed_backward(d_fed: FloatArray, p: Arrays, grads: Grads, layer: StackLayer, of: FeedPass) -> FloatArray:
    """(b, t, m): the gradient by x."""
    at, (curve, slope) = layer.suffix, ACTIVATIONS[layer.curve]
    d_inner = linear_backward(of.inner, d_fed, p, grads, f"W_2{at}", f"b_2{at}")
    if of.gate is None:
        return linear_backward(of.x, d_inner * slope(of.hidden), p, grads, f"W_1{at}", f"b_1{at}")
    d_gate, d_hidden = d_inner * of.hidden * slope(of.gate), d_inner * curve(of.gate)
    through_gate = linear_backward(of.x, d_gate, p, grads, f"W_G{at}", f"b_G{at}")
    return through_gate + linear_backward(of.x, d_hidden, p, grads, f"W_1{at}", f"b_1{at}")
