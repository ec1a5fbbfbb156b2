"""What an example has, as far as its settings tell."""

from __future__ import annotations

from ..graph.example import NO_SCALE, Example
from ..graph.masks import has_mask


def is_masked(example: Example) -> bool:
    """Whether any mask takes part."""
    return has_mask(example.attention)


def is_plain(example: Example) -> bool:
    """Whether it is attention and nothing else: scores Q Kᵀ, scaled, masked alike in all heads, and shared out."""
    settings = example.attention
    changed = settings.rotary, settings.norm, settings.softcap, settings.sink, settings.window
    alike = settings.mask is None or settings.mask.ndim < 3
    unchanged = not any(changed) and settings.bias is None and settings.scoring == "dot"
    return example.block is None and unchanged and alike and "Z" not in example.inputs


def is_scaled(example: Example) -> bool:
    """Whether the scores are scaled at all."""
    return example.attention.scale != NO_SCALE
