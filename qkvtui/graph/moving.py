"""What can move in an example, by name. In a model with several layers a name says which, `W_Q@1`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..engine.arrays import FloatArray
from ..operations.tensors import split_name
from .block import WORDS
from .example import Example, ModelLayer
from .layers import with_own_layer


def moving_name(example: Example, name: str) -> str:
    """By what name a parameter or an input of the example's own layer moves."""
    if len(example.layers) < 2:
        return name
    return f"{name}@{0 if name == WORDS else example.layer}"


def movable(example: Example) -> dict[str, FloatArray]:
    """Every array of the model that can move, by name."""
    if len(example.layers) < 2:
        words = example.learn.vocabulary if example.learn is not None else None
        inputs = {WORDS: words.embeddings} if words is not None else example.given
        return {**example.parameters, **inputs}
    example = with_own_layer(example)
    found = {
        f"{name}@{layer}": array
        for layer, one in enumerate(example.layers)
        for name, array in one.parameters.items()
        if layer == 0 or name != WORDS
    }
    if example.vocabulary is None and example.entering is not None:
        found["X@0"] = example.entering
    return found


def with_moved(example: Example, moved: Mapping[str, FloatArray]) -> Example:
    """A model of whole layers with other numbers, which have the names of `movable`."""
    several = len(example.layers) > 1

    def array_of(name: str, layer: int, array: FloatArray) -> FloatArray:
        if not several:
            return moved.get(name, array)
        return moved.get(f"{name}@{0 if name == WORDS else layer}", array)

    layers = tuple(
        ModelLayer(
            one.block, {name: array_of(name, layer, array) for name, array in one.parameters.items()}, one.attention
        )
        for layer, one in enumerate(with_own_layer(example).layers)
    )
    entering = example.entering
    if example.vocabulary is None and entering is not None:
        entering = array_of("X", 0, entering)
    inputs = {"X": entering} if example.layer == 0 and entering is not None else example.inputs
    return with_own_layer(
        replace(
            example,
            layers=layers,
            parameters=layers[example.layer].parameters,
            entering=entering,
            inputs=inputs,
        )
    )


def lowest(example: Example) -> int:
    """The first layer in which something moves: there the way back ends, and there is the update."""
    assert example.learn is not None
    return min((split_name(name)[1] or 0 for name in example.learn.train), default=0)


def own_moving(example: Example) -> tuple[str, ...]:
    """What moves of the example's own layer, and what leads to that which moves in the layers before it."""
    assert example.learn is not None
    names = [split_name(name) for name in example.learn.train]
    own = [name for name, layer in names if layer in (None, example.layer)]
    if example.layer and WORDS in example.parameters and (WORDS, 0) in names:
        own.append(WORDS)
    if example.layer > lowest(example):
        own.append("embeddings")
    return tuple(own)
