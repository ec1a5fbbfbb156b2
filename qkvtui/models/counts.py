"""How many layers, heads, words and numbers there are, said in both languages."""

from __future__ import annotations

from typing import Literal

from ..graph.example import Example
from ..localized import Localized
from .texts import OF_SIDES, SIDES, filled

Noun = Literal["layer", "head", "token", "number"]

_CHINESE: dict[Noun, str] = {"layer": "层", "head": "个头", "token": "个词元", "number": "个数"}
"""Measure word and noun."""
_EACH = Localized({"en": "{many} with {each} each", "zh": "{many}，每{measure} {each}"})
_OF_ONE = Localized({"en": "{many} with {each}", "zh": "{many}，有 {each}"})


def counted(count: int, noun: Noun) -> Localized:
    """`3 layers`, `1 layer`."""
    return Localized({"en": f"{count} {noun}{'' if count == 1 else 's'}", "zh": f"{count} {_CHINESE[noun]}"})


def counted_each(count: int, noun: Noun, each: int, part: Noun) -> Localized:
    """`3 layers with 4 heads each`, `1 token with 16 numbers`."""
    template = _OF_ONE if count == 1 else _EACH
    return filled(template, many=counted(count, noun), each=counted(each, part), measure=_CHINESE[noun][0])


def layers_of(example: Example) -> Localized:
    """Of a layer of a model: how many there are, and how many heads they have on its side."""
    count, heads = len(example.layers), example.attention.heads
    if example.sides:
        sides = {side.name: side.own_layers for side in example.sides}
        return filled(OF_SIDES, layers=counted(count, "layer"), heads=counted(heads, "head"), **sides)
    return counted_each(count, "layer", heads, "head")


def all_layers_of(example: Example) -> Localized:
    """Of a whole model: its layers, of an encoder-decoder those of either side as the model counts them."""
    if not example.sides:
        return layers_of(example)
    return filled(SIDES, **{side.name: counted(side.own_layers, "layer") for side in example.sides})
