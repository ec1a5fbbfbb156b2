"""What if a token stood elsewhere in the sentence? It takes all that the file says of it along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..engine.arrays import FloatArray
from ..errors import UsageError
from ..graph.example import Example, Settings, arrays_of
from ..said import say
from .trace import Trace

_OF_KEYS = ("Y", "Z", "K", "V")
"""Inputs with a row for each token that is looked at."""


def swapped(trace: Trace, one: int, other: int) -> Trace:
    """The trace with two tokens of the sentence that asks in each other's place, compared to this one token by token.

    Raises UsageError where the file says something of places: a mask, a bias, or what is to be learned; and where
    rows of another run are put in.
    """
    example = trace.example
    if example.learn is not None:
        raise UsageError(say("what is to be learned goes with this order of the tokens, so they stay where they are"))
    if example.patches:
        raise UsageError(say("rows of another run are patched place by place, so the tokens stay where they are"))
    for settings in (example.attention, *(layer.attention for layer in example.layers)):
        arrays = arrays_of(settings)
        for name in ("mask", "bias"):
            if arrays[name] is not None:
                raise UsageError(
                    say("{name} stands in the file place by place, so the tokens stay where they are", name=name)
                )
    order = list(range(len(example.tokens)))
    order[one], order[other] = order[other], order[one]
    return Trace(
        _reordered(example, order),
        softmax_over=trace.softmax_over,
        round_each=trace.round_each,
        compared_to=trace,
        memory=trace.memory,
        order=tuple(order),
    )


def _reordered(example: Example, order: Sequence[int]) -> Example:
    own_keys = example.context is None
    return replace(
        example,
        tokens=tuple(example.tokens[index] for index in order),
        ids=tuple(example.ids[index] for index in order) if example.ids else (),
        types=tuple(example.types[index] for index in order) if example.types else (),
        special=tuple(example.special[index] for index in order) if example.special else (),
        query=order.index(example.query),
        inputs=_inputs(example.inputs, order, own_keys),
        entering=None if example.entering is None else _taken(example.entering, order, -2),
        attention=_settings(example.attention, order) if own_keys else example.attention,
        layers=tuple(replace(layer, attention=_settings(layer.attention, order)) for layer in example.layers),
        gloss=tuple(example.gloss[index] for index in order) if example.gloss else (),
        published=None,  # a source printed its numbers for the order it had
    )


def _settings(settings: Settings, order: Sequence[int]) -> Settings:
    """What they say of single tokens goes with these."""
    return settings if settings.padding is None else replace(settings, padding=_taken(settings.padding, order))


def _inputs(inputs: Mapping[str, FloatArray], order: Sequence[int], own_keys: bool) -> dict[str, FloatArray]:
    made = {}
    for name, array in inputs.items():
        moved = array
        if own_keys or name not in _OF_KEYS:
            moved = _taken(array, order, -2)
        if name == "S" and own_keys:
            moved = _taken(moved, order, -1)
        made[name] = moved
    return made


def _taken(array: Any, order: Sequence[int], axis: int = 0) -> Any:
    moved = np.take(array, order, axis=axis)
    moved.setflags(write=False)
    return moved
