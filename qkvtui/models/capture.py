"""One head of a model, or all of a layer, on one sentence, as an example."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .. import __version__
from ..engine.arrays import FloatArray
from ..files.clean import clean_line
from ..graph.example import Example, Scale, Settings
from ..localized import Localized
from . import texts
from .scales import named_scale
from .sentence import CONTINUES, ReadSentence
from .stack import LayerStop, Progress, Reading
from .texts import filled, joined

_LONGEST_TITLE = 60


class Captured(NamedTuple):
    """A head as an example, and what its user has to know."""

    example: Example
    unknown: Localized | None
    """Of words that the tokenizer does not know."""


def capture_layer(
    path: str, text: str, layer: int, head: int | None, query: str | None, progress: Progress
) -> Captured:
    """Head `head` of layer `layer`, both from 0, of the model at `path`, on the sentence `text`; None: all heads, W_O.

    X (t, m) is what enters the layer's attention, after ln_1 for GPT-2; W_Q, W_K and W_V (m, k) and the biases (k,)
    are the head's columns, or those of all heads side by side; all float32. Raises UsageError.
    """
    reading = Reading(path, text)
    reading.checked_layer(layer)
    if head is not None:
        reading.checked_head(head)
    first = reading.sentence.query(query)
    *_, stop = reading.stops(layer, progress)
    heads = reading.configuration.heads if head is None else 1
    settings = Settings(heads=heads, kv_heads=heads, scale=_scale(reading, layer), causal=reading.configuration.causal)
    unknown = unknown_words(reading.name, reading.sentence)
    example = Example(
        name="capture",
        file="capture",
        title=_title(reading, layer, head),
        tokens=reading.sentence.tokens,
        query=first,
        inputs={"X": stop.x},
        parameters=_parameters(stop) if head is None else _of_head(stop, head, reading.configuration.d_k),
        attention=settings,
        about=_about(reading, layer, head),
        source=_source(reading),
    )
    return Captured(example, unknown)


def unknown_words(model: str, sentence: ReadSentence) -> Localized | None:
    """Which words the tokenizer does not know; None where it knows all."""
    unknown = sentence.unknown
    if unknown is None:
        return None
    words = tuple(dict.fromkeys(unknown.words))
    return filled(
        texts.UNKNOWN,
        model=model,
        words=texts.quoted_words(words),
        sign=unknown.sign,
        count=len(unknown.words),
        tokens=len(sentence.ids) - sum(sentence.special),
    )


def _parameters(stop: LayerStop) -> dict[str, FloatArray]:
    layer = stop.layer
    found = {
        **{"W_Q": layer.w_q, "W_K": layer.w_k, "W_V": layer.w_v, "W_O": layer.w_o},
        **{"b_Q": layer.b_q, "b_K": layer.b_k, "b_V": layer.b_v, "b_O": layer.b_o},
    }
    return {name: array for name, array in found.items() if array is not None}


def _of_head(stop: LayerStop, head: int, d_k: int) -> dict[str, FloatArray]:
    """A head's own columns; W_O mixes all heads, so one head has none."""
    columns = slice(head * d_k, (head + 1) * d_k)
    return {
        name: np.ascontiguousarray(array[..., columns])
        for name, array in _parameters(stop).items()
        if not name.endswith("_O")
    }


def _scale(reading: Reading, layer: int) -> Scale:
    scale = reading.configuration.scale(layer)
    return named_scale(scale, reading.configuration.d_k)


def _title(reading: Reading, layer: int, head: int | None) -> Localized:
    text = clean_line(" ".join(reading.sentence.text.split()))
    short = text if len(text) <= _LONGEST_TITLE else f"{text[: _LONGEST_TITLE - 1]}…"
    title = texts.TITLE if head is not None else texts.TITLE_OF_LAYER
    return filled(title, model=reading.name, layer=layer, head=head, text=short)


def _about(reading: Reading, layer: int, head: int | None) -> Localized:
    configuration = reading.configuration
    before = filled(texts.AFTER, layer=layer) if layer else texts.EMBEDDED
    about = filled(
        texts.ABOUT if head is not None else texts.ABOUT_LAYER,
        model=reading.name,
        layer=layer,
        head=head,
        layers=configuration.layers,
        heads=configuration.heads,
        tokens=len(reading.sentence.ids),
        width=configuration.width,
        entering=filled(texts.NORMALISED, before=before) if configuration.family == "gpt2" else before,
    )
    if any(token.startswith(CONTINUES) for token in reading.sentence.tokens):
        about = joined(about, texts.CONTINUED)
    unknown = unknown_words(reading.name, reading.sentence)
    return about if unknown is None else joined(about, texts.BLANK, unknown)


def _source(reading: Reading) -> Localized:
    licence = reading.licence
    said = filled(texts.LICENCE, licence=licence) if licence else texts.NO_LICENCE
    return filled(texts.SOURCE, model=reading.name, licence=said, version=__version__)
