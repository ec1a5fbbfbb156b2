"""Attention in NumPy: pure functions over arrays, each returning a record of every intermediate.

The letters are those of "Attention Is All You Need" (Vaswani et al. 2017, section 3.2). Shapes at the end of
a line: t queries, s keys, m = d_model, k = d_k, v = d_v, h heads; `...` stands for any leading axes.
"""

from .attention import Attention, attention, default_scale, row_blocks
from .layer import Layer, LayerRecord, forward, merge_heads, project, share_heads, split_heads
from .masks import additive_mask, causal_mask, combine_masks, padding_mask
from .softmax import SoftmaxStages, softmax, softmax_stages

__all__ = [
    "Attention",
    "Layer",
    "LayerRecord",
    "SoftmaxStages",
    "additive_mask",
    "attention",
    "causal_mask",
    "combine_masks",
    "default_scale",
    "forward",
    "merge_heads",
    "padding_mask",
    "project",
    "row_blocks",
    "share_heads",
    "softmax",
    "softmax_stages",
    "split_heads",
]
