"""An example at one of its layers, and the layers of an example that was changed at one."""

from __future__ import annotations

from dataclasses import replace

from ..engine.arrays import FloatArray
from .example import Example, ModelLayer
from .positions import entering_rows
from .stored import shared_with

_SHARED = "E"
"""The table of words, which the last layer may use again."""


def last_layer(example: Example) -> int:
    """The last of the layers, or 0 where there is none but one."""
    return max(0, len(example.layers) - 1)


def of_layer(example: Example, layer: int) -> Example:
    """The example at another of its layers. What comes into a later one is seen when that is worked."""
    example = with_own_layer(example)
    found = example.layers[layer]
    entering = example.entering
    assert entering is not None
    return replace(
        example,
        layer=layer,
        block=found.block,
        parameters=found.parameters,
        attention=found.attention,
        inputs={"X": entering},
        published=example.printed[layer] if example.printed else example.published,
    )


def with_own_layer(example: Example) -> Example:
    """The example whose list of layers says of its own what it says itself, however it was changed."""
    own = ModelLayer(example.block or example.layers[example.layer].block, example.parameters, example.attention)
    layers = [*example.layers[: example.layer], own, *example.layers[example.layer + 1 :]]
    for index in (0, len(layers) - 1):
        other = layers[index]
        if _SHARED in own.parameters and _SHARED in other.parameters and other is not own:
            shared = shared_with(other.parameters, own.parameters, _SHARED)
            layers[index] = ModelLayer(other.block, shared, other.attention)
    entering: FloatArray | None
    if example.vocabulary is not None:
        entering = entering_rows(layers[0].parameters, len(example.tokens))
    else:
        entering = example.inputs["X"] if example.layer == 0 else example.entering
    assert entering is not None
    inputs = example.inputs if example.layer else {"X": entering}
    return replace(example, layers=tuple(layers), entering=entering, inputs=inputs)
