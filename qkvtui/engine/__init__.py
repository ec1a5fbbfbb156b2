"""Attention in NumPy: pure functions over arrays, each returning a record of every intermediate.

The letters are those of "Attention Is All You Need" (Vaswani et al. 2017, section 3.2). Shapes at the end of
a line: t queries, s keys, m = d_model, k = d_k, v = d_v, h heads; `...` stands for any leading axes.

`x_backward` stands beside each `x`: from the gradient of a loss by what `x` made, the gradients by what it was made
of (`d_` and the name; same shapes). Learning is in `losses`, `optimisers`, `tasks`, `examined` and `training`, which
are not imported here, so that what only goes forward does not wait for them.
"""

from .attention import (
    Attention,
    AttentionGradients,
    attention,
    attention_backward,
    default_scale,
    row_blocks,
)
from .layer import (
    Layer,
    LayerGradients,
    LayerRecord,
    ProjectionGradients,
    backward,
    forward,
    merge_heads,
    merge_heads_backward,
    project,
    project_backward,
    share_heads,
    share_heads_backward,
    split_heads,
    split_heads_backward,
)
from .masks import additive_mask, causal_mask, combine_masks, padding_mask
from .outputs import attend_output
from .softmax import SoftmaxGradients, SoftmaxStages, log_weights, softmax, softmax_backward, softmax_stages

__all__ = [
    "Attention",
    "AttentionGradients",
    "Layer",
    "LayerGradients",
    "LayerRecord",
    "ProjectionGradients",
    "SoftmaxGradients",
    "SoftmaxStages",
    "additive_mask",
    "attend_output",
    "attention",
    "attention_backward",
    "backward",
    "causal_mask",
    "combine_masks",
    "default_scale",
    "forward",
    "log_weights",
    "merge_heads",
    "merge_heads_backward",
    "padding_mask",
    "project",
    "project_backward",
    "row_blocks",
    "share_heads",
    "share_heads_backward",
    "softmax",
    "softmax_backward",
    "softmax_stages",
    "split_heads",
    "split_heads_backward",
]
