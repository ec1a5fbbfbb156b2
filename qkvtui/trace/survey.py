"""Whom a token attends to in every head of a model, so that one can find a head worth looking at."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..engine.arrays import FloatArray, read_only
from ..graph.example import Example
from ..graph.layers import of_layer
from ..graph.sides import side_of
from ..models.sentence import BLANK, is_word, query_index
from ..models.whole import WholeModel
from ..records import record
from .attends import Attended
from .model_layers import Progress, check_layer, last_read, worked_layers
from .roles import main_role, role_shares, roles_of


@record(frozen=True, eq=False)
class HeadFound:
    """What one head does with the query."""

    layer: int
    head: int
    top: Attended
    """The token with the largest weight."""
    word: Attended | None
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
    text: str
    tokens: tuple[str, ...]
    """Of these one asks."""
    keys: tuple[str, ...]
    """Those that are looked at: the same, but where a decoder looks at what the encoder read."""
    query: int
    heads: tuple[HeadFound, ...]
    to: int | None = None
    """The token asked about."""


def survey(
    model: WholeModel, query: str | None, layer: int | None, progress: Progress, *, to: str | None = None
) -> Survey:
    """Every head of the model, or those of one layer, ranked by what they give to `to`. Raises UsageError."""
    example = model.example
    if layer is not None:
        check_layer(example, layer)
    there = of_layer(example, layer or 0)
    asks = there.query if query is None else query_index(query, there.tokens)
    wanted = None if to is None else query_index(to, there.keys, option="--to")
    roles, words = roles_of(there), distant_words(there, asks)
    found: list[HeadFound] = []
    for trace in worked_layers(example, last_read(example) if layer is None else layer, progress):
        at = trace.example.layer
        if layer in (None, at):
            shares = role_shares(trace, roles)
            rows = (trace.row("weights", asks, head) for head in range(trace.shape.heads))
            found += (
                HeadFound(at, head, *_seen(there.keys, words, row), read_only(row), shares[head])
                for head, row in enumerate(rows)
            )

    def rank(one: HeadFound) -> float:
        if wanted is not None:
            return float(one.weights[wanted])
        return one.word.weight if one.word else 0.0

    ranked = sorted(found, key=rank, reverse=True)
    return Survey(model.name, model.sentence.text, there.tokens, there.keys, asks, tuple(ranked), wanted)


def distant_words(example: Example, query: int) -> list[int]:
    """The keys that a head may look for; with a causal mask not the first one, where heads put what they need not."""
    near = set() if example.context is not None else _beside(query, example.tokens)
    read = None if example.context_layer is None else side_of(example.sides, example.context_layer)
    special = example.special if read is None else read.special
    left_out = near | {index for index, is_added in enumerate(special) if is_added}
    return [
        index
        for index, token in enumerate(example.keys)
        if index >= bool(example.attention.causal) and index not in left_out and is_word(token)
    ]


def _seen(keys: tuple[str, ...], words: list[int], weights: FloatArray) -> tuple[Attended, Attended | None]:
    """The token with the largest weight, and the distant word with the largest one."""
    seen = [index for index in words if weights[index] > 0]
    best = max(seen, key=lambda index: float(weights[index]), default=None)

    def share(index: int) -> Attended:
        return Attended(index, keys[index], float(weights[index]))

    return share(int(np.argmax(weights))), None if best is None else share(best)


def _beside(query: int, tokens: tuple[str, ...]) -> set[int]:
    """The query and the tokens next to it; a blank that is a token of its own stands between neighbours."""
    before = [index for index in range(query) if tokens[index] != BLANK]
    behind = [index for index in range(query + 1, len(tokens)) if tokens[index] != BLANK]
    return {query, *before[-1:], *behind[:1]}
