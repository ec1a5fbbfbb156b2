"""A model and a sentence as an example with all its layers, whose parameters stay in the model's file."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np

from .. import __version__
from ..files.clean import clean_line
from ..graph.block import WordTable
from ..graph.example import Example, ModelLayer, Settings
from ..graph.mechanisms import Relative
from ..graph.positions import entering_rows
from ..localized import Localized
from ..records import record
from . import texts
from .architecture import Architecture
from .labels import WordLabels
from .opened import OpenedModel, open_model
from .pieces import ModelTensors
from .sentence import CONTINUES, ReadSentence, read_sentence
from .texts import filled, joined

_LONGEST_TITLE = 60


@record(frozen=True, eq=False)
class WholeModel:
    """A model on a sentence."""

    name: str
    sentence: ReadSentence
    example: Example
    """At its first layer."""
    unknown: Localized | None
    """Which words its tokenizer does not know; None where it knows all."""


def model_example(path: str, text: str, *, name: str = "", file: str = "") -> Example:
    """All of the model at `path` on the sentence `text`. Raises UsageError.

    The last word asks first. `name` and `file` are those of the file that names the model, where one does.
    """
    return read_model(path, text, name=name, file=file).example


def read_model(path: str, text: str, *, name: str = "", file: str = "") -> WholeModel:
    """The same, with what an example does not tell of the sentence. Raises UsageError."""
    opened = open_model(path)
    family, architecture = opened.family, opened.architecture
    sentence = read_sentence(opened.tokenizer, text, architecture.sizes.positions)
    tensors = ModelTensors(family, architecture, opened.weights)
    tensors.check_sentence(sentence)
    layers = _layers(architecture, tensors)
    entering = entering_rows(layers[0].parameters, len(sentence.ids))
    readout = architecture.readout
    if readout is not None and not tensors.reads_words:
        readout = replace(readout, reads=False)
    words = WordTable(
        WordLabels(opened.tokenizer, tensors.word_count),
        scale=float(np.float32(architecture.scale)),
        norm=architecture.norm,
        first=architecture.first,
    )
    example = Example(
        name=name or clean_line(os.path.basename(os.path.abspath(path))),
        file=file or clean_line(path),
        title=filled(texts.TITLE_OF_MODEL, model=opened.name, text=short_title(sentence.text)),
        tokens=sentence.tokens,
        query=sentence.query(None),
        inputs={"X": entering},
        parameters=layers[0].parameters,
        attention=layers[0].attention,
        about=_about(opened, architecture, sentence),
        source=_source(opened),
        vocabulary=words,
        ids=sentence.ids,
        types=sentence.types if "types" in layers[0].parameters else (),
        special=sentence.special,
        block=layers[0].block,
        layers=layers,
        entering=entering,
        last_readout=readout,
    )
    return WholeModel(opened.name, sentence, replace(example, written=example), unknown_words(opened.name, sentence))


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


def _layers(architecture: Architecture, tensors: ModelTensors) -> tuple[ModelLayer, ...]:
    table = tensors.bias_by_distance()  # the same in each

    def attention(index: int) -> Settings:
        settings = architecture.attention_of(index)
        return settings if table is None else replace(settings, bias=Relative(table))

    return tuple(
        ModelLayer(architecture.block_of(index), tensors.layer(index), attention(index))
        for index in range(architecture.sizes.layers)
    )


def short_title(text: str) -> str:
    """A sentence as it stands in a title."""
    text = clean_line(" ".join(text.split()))
    return text if len(text) <= _LONGEST_TITLE else f"{text[: _LONGEST_TITLE - 1]}…"


def _about(opened: OpenedModel, architecture: Architecture, sentence: ReadSentence) -> Localized:
    sizes = architecture.sizes
    about = filled(
        texts.ABOUT_MODEL,
        model=opened.name,
        layers=sizes.layers,
        heads=sizes.heads,
        width=sizes.width,
        tokens=len(sentence.ids),
    )
    if any(token.startswith(CONTINUES) for token in sentence.tokens):
        about = joined(about, texts.CONTINUED)
    unknown = unknown_words(opened.name, sentence)
    return about if unknown is None else joined(about, texts.BLANK, unknown)


def _source(opened: OpenedModel) -> Localized:
    licence = opened.licence
    said = texts.NO_LICENCE if licence is None else filled(texts.LICENCE, licence=licence)
    return filled(texts.SOURCE, model=opened.name, licence=said, version=__version__)
