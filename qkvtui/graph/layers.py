"""An example at one of its layers, and the layers of an example that was changed at one."""

from __future__ import annotations

from dataclasses import replace

from ..engine.arrays import FloatArray
from .block import WORDS
from .example import Example
from .positions import empty_rows, entering_rows
from .sides import DECODER, Side, side_of
from .stored import shared_with


def last_layer(example: Example) -> int:
    """The last of the layers, or 0 where there is none but one."""
    return max(0, len(example.layers) - 1)


def of_layer(example: Example, layer: int) -> Example:
    """The example at another of its layers. What comes into a later one is seen when that is worked."""
    example = with_own_layer(example)
    found, side = example.layers[layer], side_of(example.sides, layer)
    if side is not None:
        example = _on_side(example, side)
    entering = example.entering
    assert entering is not None
    inputs, context = {"X": entering}, None
    looked_at = None if found.context is None else side_of(example.sides, found.context)
    if looked_at is not None:
        context = looked_at.tokens
        inputs["Y"] = empty_rows(len(context), entering.shape[1])
    return replace(
        example,
        layer=layer,
        block=found.block,
        parameters=found.parameters,
        attention=found.attention,
        inputs=inputs,
        context=context if example.sides else example.context,
        published=example.printed[layer] if example.printed else example.published,
    )


def _on_side(example: Example, side: Side) -> Example:
    """The example with the words of a side."""
    return replace(
        example,
        tokens=side.tokens,
        query=side.query,
        ids=side.ids,
        special=side.special,
        vocabulary=side.vocabulary,
        last_readout=side.readout,
        entering=entering_rows(example.layers[side.first].parameters, len(side.tokens)),
    )


def with_own_layer(example: Example) -> Example:
    """The example whose lists of layers and sides say of its own what it says itself, however it was changed."""
    there = example.layers[example.layer]
    block, side = example.block or there.block, example.side
    own = replace(there, block=block, parameters=example.parameters, attention=example.attention)
    layers = [*example.layers[: example.layer], own, *example.layers[example.layer + 1 :]]
    ends = [end for one in example.sides for end in (one.first, one.last)]
    for index in ends or (0, len(layers) - 1):
        other = layers[index]
        if WORDS in own.parameters and WORDS in other.parameters and other is not own:
            shared = shared_with(other.parameters, own.parameters, WORDS)
            layers[index] = replace(other, parameters=shared)
    entering: FloatArray | None
    if example.vocabulary is not None:
        first = 0 if side is None else side.first
        entering = entering_rows(layers[first].parameters, len(example.tokens))
    else:
        entering = example.inputs["X"] if example.layer == 0 else example.entering
    assert entering is not None
    inputs = {"X": entering} if example.is_first else example.inputs
    sides = tuple(_own_words(example) if one is side else one for one in example.sides)
    return replace(example, layers=tuple(layers), entering=entering, inputs=inputs, sides=sides)


def _own_words(example: Example) -> Side:
    """The example's side, with the words that it has now."""
    assert example.side is not None
    return replace(example.side, tokens=example.tokens, query=example.query, ids=example.ids, special=example.special)


def words_at(example: Example, layer: int) -> tuple[str, ...]:
    """The tokens that a layer reads."""
    side = side_of(example.sides, layer)
    return example.tokens if side is None or side is example.side else side.tokens


def reads_otherwise(one: Example, other: Example) -> bool:
    """Whether two layers read different words: where one is an encoder's and one a decoder's."""
    return (one.side and one.side.name) != (other.side and other.side.name)


def look_alike(example: Example, one: int, other: int) -> bool:
    """Whether in two layers the same words look at the same words."""
    if not example.sides:
        return True
    same_keys = example.layers[one].context == example.layers[other].context
    return same_keys and side_of(example.sides, one) is side_of(example.sides, other)


def decoder_of(example: Example) -> Side | None:
    """The side that writes, where there are two."""
    return next((side for side in example.sides if side.name == DECODER), None)
