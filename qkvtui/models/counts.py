"""How many layers, heads, words and numbers there are, said in both languages."""

from __future__ import annotations

from ..files.phrases import counted
from ..graph.example import Example
from ..localized import LANGUAGES, Localized
from ..said import Phrase, in_language
from .texts import OF_SIDES, SIDES, THIS_HAS, filled

_LAYERS = Localized({"en": "{many} with {each} each", "zh": "{many}，每层 {each}"})
_EACH = Localized({"en": "{many} with {each} each", "zh": "{many}，每个 {each}"})
_OF_ONE = Localized({"en": "{many} with {each}", "zh": "{many}，有 {each}"})


def layers_told(count: int) -> Localized:
    """`3 layers`, `1 layer`."""
    return _localized(counted(count, "layer"))


def heads_told(count: int) -> Localized:
    """`4 heads`, `1 head`."""
    return _localized(counted(count, "head"))


def layers_with_heads(layers: int, heads: int) -> Localized:
    """`3 layers with 4 heads each`."""
    return filled(_OF_ONE if layers == 1 else _LAYERS, many=layers_told(layers), each=heads_told(heads))


def tokens_with_numbers(tokens: int, width: int) -> Localized:
    """`5 tokens with 16 numbers each`, `1 token with 16 numbers`."""
    many, each = _localized(counted(tokens, "token")), _localized(counted(width, "number"))
    return filled(_OF_ONE if tokens == 1 else _EACH, many=many, each=each)


def _localized(phrase: Phrase) -> Localized:
    return Localized({language: in_language(phrase, language) for language in LANGUAGES})


def layers_of(example: Example) -> Localized:
    """Of a layer of a model: how many there are, of an encoder-decoder on which side."""
    count = layers_told(len(example.layers))
    if not example.sides:
        return count
    return filled(OF_SIDES, layers=count, **{side.name: side.own_layers for side in example.sides})


def layers_and_heads_of(example: Example) -> Localized:
    """The same with the heads they have; the two sides may have not as many."""
    heads = example.attention.heads
    if not example.sides:
        return layers_with_heads(len(example.layers), heads)
    return filled(THIS_HAS, layers=layers_of(example), heads=heads_told(heads))


def all_layers_of(example: Example) -> Localized:
    """Of a whole model: its layers, of an encoder-decoder those of either side as the model counts them."""
    if not example.sides:
        return layers_and_heads_of(example)
    return filled(SIDES, **{side.name: layers_told(side.own_layers) for side in example.sides})
