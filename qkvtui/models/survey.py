"""Whom a token attends to in every head of a model, so that one can find a head worth looking at."""

from __future__ import annotations

import numpy as np

from ..engine.arrays import FloatArray, read_only
from ..engine.attention import attention_weights
from ..engine.layer import Layer, project, split_heads
from ..records import record
from .sentence import ReadSentence, is_word
from .stack import LayerStop, Progress, Reading


@record(frozen=True)
class Share:
    """A token and the weight it gets."""

    index: int
    token: str
    weight: float


@record(frozen=True, eq=False)
class HeadFound:
    """What one head does with the query."""

    layer: int
    head: int
    top: Share
    """The token with the largest weight."""
    word: Share | None
    """The distant word with the largest weight: not the query itself or a token beside it, nothing the tokenizer
    added, no punctuation, and with a causal mask not the first token, where heads put what they do not need. None
    where there is none. (Many heads only look one token back or ahead; those are soon seen.)"""
    weights: FloatArray
    """(t,): the query's row."""


@record(frozen=True)
class Survey:
    """All heads, those first that give most to a distant word."""

    model: str
    sentence: ReadSentence
    query: int
    heads: tuple[HeadFound, ...]


def survey(path: str, text: str, query: str | None, layer: int | None, progress: Progress) -> Survey:
    """Every head of the model in the folder `path`, or those of one layer. Raises UsageError."""
    reading = Reading(path, text)
    last = reading.configuration.layers - 1 if layer is None else reading.checked_layer(layer)
    asks = reading.sentence.query(query)
    found = [
        _found(reading, stop.index, head, asks, weights)
        for stop in reading.stops(last, progress)
        if layer in (None, stop.index)
        for head, weights in enumerate(_weights_of(stop, asks, reading.mask))
    ]
    ranked = sorted(found, key=lambda one: -(one.word.weight if one.word else 0.0))
    return Survey(reading.name, reading.sentence, asks, tuple(ranked))


def _weights_of(stop: LayerStop, query: int, mask: FloatArray | None) -> FloatArray:
    """(h, t): the query's row of weights in each head; the other rows are not computed."""
    layer: Layer = stop.layer
    q = split_heads(project(stop.x[query : query + 1], layer.w_q, layer.b_q), layer.heads)  # (h, 1, k)
    k = split_heads(project(stop.x, layer.w_k, layer.b_k), layer.kv_heads)  # (h, t, k)
    row = None if mask is None else mask[query : query + 1]  # (1, t)
    weights: FloatArray = attention_weights(q, k, scale=layer.scale, mask=row)[:, 0]
    return weights


def _found(reading: Reading, layer: int, head: int, query: int, weights: FloatArray) -> HeadFound:
    sentence = reading.sentence
    first = 1 if reading.configuration.causal else 0
    words = [
        index
        for index, token in enumerate(sentence.tokens)
        if index >= first and abs(index - query) > 1 and not sentence.special[index] and is_word(token)
    ]
    seen = [index for index in words if weights[index] > 0]
    best = max(seen, key=lambda index: float(weights[index]), default=None)

    def share(index: int) -> Share:
        return Share(index, sentence.tokens[index], float(weights[index]))

    word = None if best is None else share(best)
    return HeadFound(layer, head, share(int(np.argmax(weights))), word, read_only(weights))
