"""What an example has, as far as its settings tell."""

from __future__ import annotations

from ..graph.example import NO_SCALE, Example, ModelLayer, Settings
from ..graph.masks import has_mask


def is_masked(example: Example) -> bool:
    """Whether any mask takes part."""
    return has_mask(example.attention)


def is_plain(example: Example) -> bool:
    """Whether it is attention and nothing else: scores Q Kᵀ, scaled, masked alike in all heads, and shared out."""
    return example.block is None and _is_plain(example.attention) and "Z" not in example.inputs


def is_plain_stack(example: Example) -> bool:
    """Whether its words, its layers and its readout are of those kinds that the fast path of training knows."""
    words, readout, first = example.vocabulary, example.last_readout, example.layers[0].parameters
    changed = words is not None and (words.scale != 1.0 or words.norm or words.first)
    changed = bool(changed) or not {"types", "W_E"}.isdisjoint(first)
    capped = readout is not None and readout.softcap is not None
    return not changed and not capped and all(map(_is_plain_layer, example.layers))


def _is_plain_layer(layer: ModelLayer) -> bool:
    """Nothing around softmax but a scale and a causal mask, norms before or after, one part after the other."""
    settings, block = layer.attention, layer.block
    unmasked = settings.mask is None and settings.padding is None
    return _is_plain(settings) and unmasked and block.norm in ("before", "after", "none") and not block.parallel


def _is_plain(settings: Settings) -> bool:
    changed = settings.rotary, settings.norm, settings.softcap, settings.sink, settings.window
    alike = settings.mask is None or settings.mask.ndim < 3
    unchanged = not any(changed) and settings.bias is None and settings.scoring == "dot"
    return unchanged and alike


def is_scaled(example: Example) -> bool:
    """Whether the scores are scaled at all."""
    return example.attention.scale != NO_SCALE
