"""Whom a token attends to in every head of a model, so that one can find a head worth looking at."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..engine.arrays import FloatArray, read_only
from ..engine.attention import attention_weights
from ..engine.layer import Layer, project, share_heads, split_heads
from ..records import record
from .roles import main_role, role_shares, roles_of
from .sentence import BLANK, ReadSentence, is_word, query_index
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
    roles: Mapping[str, float]
    """For each role that the sentence can tell, the share of attention that goes there, over all tokens."""

    @property
    def role(self) -> str:
        """What the head does with most of its attention, whoever asks; empty: nothing in particular."""
        return main_role(self.roles)


@record(frozen=True)
class Survey:
    """All heads, those first that give most to the token asked about, or to a distant word."""

    model: str
    sentence: ReadSentence
    query: int
    heads: tuple[HeadFound, ...]
    to: int | None = None
    """The token asked about."""


def survey(
    path: str, text: str, query: str | None, layer: int | None, progress: Progress, *, to: str | None = None
) -> Survey:
    """Every head of the model at `path`, or those of one layer, ranked by what they give to `to`. Raises UsageError."""
    reading = Reading(path, text)
    last = reading.configuration.layers - 1 if layer is None else reading.checked_layer(layer)
    asks = reading.sentence.query(query)
    wanted = None if to is None else query_index(to, reading.sentence.tokens, option="--to")
    roles = roles_of(reading.sentence, causal=reading.configuration.causal)
    found: list[HeadFound] = []
    for stop in reading.stops(last, progress):
        if layer in (None, stop.index):
            shares = role_shares(stop, roles, reading.mask)
            rows = _weights_of(stop, asks, reading.mask)
            found += (_found(reading, stop.index, head, asks, row, shares[head]) for head, row in enumerate(rows))

    def rank(one: HeadFound) -> float:
        if wanted is not None:
            return float(one.weights[wanted])
        return one.word.weight if one.word else 0.0

    ranked = sorted(found, key=rank, reverse=True)
    return Survey(reading.name, reading.sentence, asks, tuple(ranked), wanted)


def _weights_of(stop: LayerStop, query: int, mask: FloatArray | None) -> FloatArray:
    """(h, t): the query's row of weights in each head; the other rows are not computed."""
    layer: Layer = stop.layer
    q = split_heads(project(stop.x[query : query + 1], layer.w_q, layer.b_q), layer.heads)  # (h, 1, k)
    k = share_heads(split_heads(project(stop.x, layer.w_k, layer.b_k), layer.kv_heads), layer.heads)  # (h, t, k)
    row = None if mask is None else mask[query : query + 1]  # (1, t)
    weights: FloatArray = attention_weights(q, k, scale=layer.scale, mask=row)[:, 0]
    return weights


def _found(
    reading: Reading, layer: int, head: int, query: int, weights: FloatArray, roles: Mapping[str, float]
) -> HeadFound:
    sentence = reading.sentence
    first = 1 if reading.configuration.causal else 0
    near = _beside(query, sentence.tokens)
    words = [
        index
        for index, token in enumerate(sentence.tokens)
        if index >= first and index not in near and not sentence.special[index] and is_word(token)
    ]
    seen = [index for index in words if weights[index] > 0]
    best = max(seen, key=lambda index: float(weights[index]), default=None)

    def share(index: int) -> Share:
        return Share(index, sentence.tokens[index], float(weights[index]))

    word = None if best is None else share(best)
    return HeadFound(layer, head, share(int(np.argmax(weights))), word, read_only(weights), roles)


def _beside(query: int, tokens: tuple[str, ...]) -> set[int]:
    """The query and the tokens next to it; a blank that is a token of its own stands between neighbours."""
    before = [index for index in range(query) if tokens[index] != BLANK]
    behind = [index for index in range(query + 1, len(tokens)) if tokens[index] != BLANK]
    return {query, *before[-1:], *behind[:1]}
