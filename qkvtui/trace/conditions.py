"""What an example has, as far as its settings tell."""

from __future__ import annotations

from ..graph.example import NO_SCALE, Example


def is_masked(example: Example) -> bool:
    """Whether any mask takes part: causal, the file's own, or padding."""
    settings = example.attention
    return settings.causal or settings.mask is not None or settings.padding is not None


def is_scaled(example: Example) -> bool:
    """Whether the scores are scaled at all."""
    return example.attention.scale != NO_SCALE


def logits_symbol(example: Example) -> str:
    """The symbol of what softmax is taken of: the last of S, S′ and S″ that the example has."""
    if is_masked(example):
        return "S″"
    return "S′" if is_scaled(example) else "S"
