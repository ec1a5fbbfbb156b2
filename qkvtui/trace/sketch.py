"""An example for a sentence to start from: its words as tokens, and whole numbers small enough to be worked out."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

import numpy as np

from ..engine.arrays import FloatArray
from ..engine.attention import attention_weights
from ..errors import UsageError
from ..files.clean import clean_line, short_title
from ..files.tokens import TokenError, token_index
from ..graph.example import Example
from ..localized import Localized
from ..said import say
from .fresh import one_of

LONGEST = 32
"""Tokens that one still works through by hand."""
_FEATURES, _LONG, _SHORT = 4, 4, 2
"""m, k and v: √4 = 2, so that scores are halved, and the outputs are short."""
_TRIES = 1000
_ENTRIES = (0, 0, 0, 1, 1, 1, 2)
"""Drawn from for the rows of tokens."""
_EDGES = '.,;:!?…"“”‘’()[]{}«»。，、；：！？（）《》「」『』'
"""Punctuation that is taken off the ends of words."""
_PIECE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[^\s\u3040-\u30ff\u3400-\u9fff]+")
"""A character of Chinese or Japanese, or a run of others."""
_WIDEST = 3.0
"""Scaled scores of one row that lie further apart leave softmax a one and zeros."""
_LARGEST = 9
"""Scores that are added up at a glance."""
_TITLES = {"en": "Attention in “{sentence}”", "zh": "“{sentence}”里的注意力"}


def words_of(sentence: str) -> tuple[str, ...]:
    """The tokens of a sentence: what stands between blanks, without punctuation at its ends.

    Chinese or Japanese without blanks is taken character by character. Raises UsageError where there is none, or more
    than LONGEST.
    """
    parts = clean_line(sentence).split()
    if len(parts) == 1:
        parts = _PIECE.findall(parts[0])
    words = tuple(word for part in parts if (word := part.strip(_EDGES)))
    if not words:
        raise UsageError(say("there is no word in the sentence; write it between quotation marks"))
    if len(words) > LONGEST:
        raise UsageError(
            say(
                "the sentence has {count} words, and an example to be worked out by hand at most {most}",
                count=len(words),
                most=LONGEST,
            )
        )
    return words


def sketched(sentence: str, query: str | None, seed: int) -> Example:
    """An example for a sentence, the same for the same `seed`; the last word asks unless `query` names another.

    Numbers are whole, from 0 up, and equal words have equal rows. They are drawn until there is something to see: the
    query gives most to another word, but not all, and other words look elsewhere. Raises UsageError.
    """
    tokens = words_of(sentence)
    asking = len(tokens) - 1 if query is None else _asking(query, tokens)
    words = tuple(dict.fromkeys(tokens))
    stream = random.Random(seed)
    best = _best(len(words), words.index(tokens[asking]), stream)
    rows = best.pop("X")[[words.index(token) for token in tokens]]
    return Example(
        name="new",
        file="new",
        title=_title(sentence),
        tokens=tokens,
        query=asking,
        inputs={"X": rows},
        parameters=best,
    )


def _asking(query: str, tokens: Sequence[str]) -> int:
    try:
        return token_index(query, tokens)
    except TokenError as error:
        raise UsageError(say("--query: {problem}", problem=str(error))) from None


def _title(sentence: str) -> Localized:
    shown = short_title(clean_line(sentence).strip())
    return Localized({language: text.format(sentence=shown) for language, text in _TITLES.items()})


def _best(count: int, asking: int, stream: random.Random) -> dict[str, FloatArray]:
    """Rows for so many words, and the three matrices: one row or column after the other is drawn again."""
    widths = {"W_Q": _LONG, "W_K": _LONG, "W_V": _SHORT}
    drawn = {"X": np.array([_row(stream) for _ in range(count)])}
    drawn |= {name: np.array([_column(stream) for _ in range(width)]).T for name, width in widths.items()}
    faults = _faults(drawn, asking)
    for _ in range(_TRIES):
        if not faults:
            break
        name = one_of(tuple(drawn), stream)
        array = drawn[name].copy()
        if name == "X":
            array[one_of(range(count), stream)] = _row(stream)
        else:
            array[:, one_of(range(widths[name]), stream)] = _column(stream)
        other = {**drawn, name: array}
        if (left := _faults(other, asking)) <= faults:
            drawn, faults = other, left
    return drawn


def _row(stream: random.Random) -> list[float]:
    """What a word is made of."""
    return [float(one_of(_ENTRIES, stream)) for _ in range(_FEATURES)]


def _column(stream: random.Random) -> list[float]:
    """Of a matrix: one number other than 0, or two."""
    chosen = {one_of(range(_FEATURES), stream) for _ in range(one_of((1, 1, 2), stream))}
    return [float(row in chosen) for row in range(_FEATURES)]


def _faults(drawn: Mapping[str, FloatArray], asking: int) -> float:
    """How much of what is to be seen cannot be seen; of the query most, then of the other words."""
    x = drawn["X"]
    queries, keys, values = (x @ drawn[f"W_{letter}"] for letter in "QKV")
    scores, weights = queries @ keys.mT, attention_weights(queries, keys)
    count = len(x)
    found = 5.0 * (count - len(np.unique(x, axis=0)) + count - len(np.unique(values, axis=0)))
    found += 10.0 * float((drawn["W_Q"] == drawn["W_K"]).all() + (~x.any(axis=1)).sum())
    found += float((scores > _LARGEST).sum() + (np.ptp(scores, axis=1) > _WIDEST * 2).sum())
    if count > 1:
        found += float((np.ptp(scores, axis=1) == 0).sum()) + 3.0 * (len(np.unique(weights.argmax(axis=1))) == 1)
    return found + 10.0 * _faults_of_query(scores[asking], weights[asking], asking)


def _faults_of_query(scores: FloatArray, weights: FloatArray, asking: int) -> float:
    """The largest share is another word's, no tie, neither all nor little more than the rest."""
    if len(weights) == 1:
        return 0.0
    order = np.sort(weights)[::-1]
    lead = float(order[0] - order[1])
    few = max(0, min(3, len(weights)) - len(np.unique(scores)))
    faults = (int(weights.argmax()) == asking, not 0.12 <= lead <= 0.6, order[0] > 0.85)
    return float(few + sum(faults))
