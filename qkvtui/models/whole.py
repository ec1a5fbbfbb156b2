"""A model and a sentence as an example with all its layers, whose parameters stay in the model's file."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cached_property

import numpy as np

from .. import __version__
from ..errors import UsageError
from ..files.clean import clean_line, short_title
from ..graph.block import WordTable
from ..graph.example import Example, ModelLayer
from ..graph.positions import entering_rows
from ..graph.sides import DECODER, ENCODER, Side, SideName
from ..localized import Localized
from ..records import record
from ..said import say
from . import texts
from .architecture import Architecture, Family
from .counts import layers_told, layers_with_heads, tokens_with_numbers
from .opened import OpenedModel, open_model
from .pieces import ModelTensors
from .sentence import CONTINUES, ReadSentence, WordLabels, read_sentence, read_target
from .texts import filled, joined


@record(frozen=True, eq=False)
class WholeModel:
    """A model on a sentence."""

    name: str
    sentence: ReadSentence
    example: Example
    """At its first layer."""
    unknown: Localized | None
    """Which words its tokenizer does not know; None where it knows all."""


def model_example(path: str, text: str, *, target: str = "", name: str = "", file: str = "") -> Example:
    """All of the model at `path` on the sentence `text`. Raises UsageError.

    The last word asks first. `target` is what an encoder-decoder has written so far, behind the token that it starts
    with. `name` and `file` are those of the file that names the model, where one does.
    """
    return read_model(path, text, target=target, name=name, file=file).example


def read_model(path: str, text: str, *, target: str = "", name: str = "", file: str = "") -> WholeModel:
    """The same, with what an example does not tell of the sentence. Raises UsageError."""
    opened = open_model(path)
    family, architecture = opened.family, opened.architecture
    sentence = read_sentence(opened.tokenizer, text, architecture.sizes.positions)
    tensors = ModelTensors(family, architecture, opened.weights)
    tensors.check_sentence(sentence)
    first = _Part(opened, architecture, tensors, sentence)
    second = None if family.decoder is None else _decoder(opened, family.decoder, first, target)
    if second is None and target:
        raise UsageError(say("a target goes with an encoder-decoder, which writes it; this model reads one sentence"))
    layers = first.layers if second is None else (*first.layers, *second.layers)
    entering = entering_rows(layers[0].parameters, len(sentence.ids))
    example = Example(
        name=name or clean_line(os.path.basename(os.path.abspath(path))),
        file=file or clean_line(path),
        title=filled(texts.TITLE_OF_MODEL, model=opened.name, text=title_of(f"{text} → {target}" if target else text)),
        tokens=sentence.tokens,
        query=sentence.query(None),
        inputs={"X": entering},
        parameters=layers[0].parameters,
        attention=layers[0].attention,
        about=_about(first, second),
        source=_source(opened),
        vocabulary=first.words,
        ids=sentence.ids,
        types=sentence.types if "types" in layers[0].parameters else (),
        special=sentence.special,
        block=layers[0].block,
        layers=layers,
        entering=entering,
        last_readout=tensors.readout,
        sides=() if second is None else (first.side(ENCODER, 0), second.side(DECODER, len(first.layers))),
    )
    return WholeModel(opened.name, sentence, replace(example, written=example), _unknown(first, second))


def unknown_words(model: str, *read: ReadSentence) -> Localized | None:
    """Which words of all that is read the tokenizer does not know; None where it knows all."""
    unknown = [sentence.unknown for sentence in read if sentence.unknown is not None]
    if not unknown:
        return None
    words = [word for one in unknown for word in one.words]
    return filled(
        texts.UNKNOWN,
        model=model,
        words=texts.quoted_words(tuple(dict.fromkeys(words))),
        sign=unknown[0].sign,
        count=len(words),
        tokens=sum(len(sentence.ids) - sum(sentence.special) for sentence in read),
    )


@record(frozen=True, eq=False)
class _Part:
    """A model, or one side of it, and what it reads."""

    opened: OpenedModel
    architecture: Architecture
    tensors: ModelTensors
    sentence: ReadSentence
    context: int | None = None
    """The layer that half of a decoder's layers look at."""

    @cached_property
    def layers(self) -> tuple[ModelLayer, ...]:
        """All its layers."""
        architecture, table = self.architecture, self.tensors.bias_by_distance()  # the same in each
        found = []
        for index in range(architecture.sizes.layers):
            settings, looks = architecture.attention_of(index), bool(index % architecture.parts)
            settings = settings if table is None or looks else replace(settings, bias=table)
            parameters, context = self.tensors.layer(index), self.context if looks else None
            found.append(ModelLayer(architecture.block_of(index), parameters, settings, context))
        return tuple(found)

    @cached_property
    def words(self) -> WordTable:
        """The table of its words."""
        architecture = self.architecture
        return WordTable(
            WordLabels(self.opened.tokenizer, self.tensors.word_count),
            sinusoidal=architecture.sinusoidal and not self.tensors.has_places,
            pairs="halves",
            scale=float(np.float32(architecture.scale)),
            norm=architecture.norm,
            first=architecture.first,
        )

    def side(self, name: SideName, first: int) -> Side:
        """The side that it is, from this layer on."""
        sentence, last = self.sentence, first + len(self.layers) - 1
        query, readout = sentence.query(None) if name == ENCODER else len(sentence.ids) - 1, self.tensors.readout
        own = self.architecture.own_layers
        tokens, ids, special = sentence.tokens, sentence.ids, sentence.special
        return Side(name, first, last, tokens, query, ids, special, self.words, readout, own)


def _unknown(part: _Part, decoder: _Part | None) -> Localized | None:
    sides = (part,) if decoder is None else (part, decoder)
    return unknown_words(part.opened.name, *(side.sentence for side in sides))


def title_of(text: str) -> str:
    """A sentence as it stands in a title."""
    return short_title(clean_line(" ".join(text.split())))


def _decoder(opened: OpenedModel, family: Family, encoder: _Part, target: str) -> _Part:
    """The decoder that looks at what an encoder made."""
    architecture = encoder.architecture.decoder
    assert architecture is not None
    tensors = ModelTensors(family, architecture, opened.weights, encoder.tensors)
    start, before, most = architecture.start, architecture.before_text, architecture.sizes.positions
    sentence = read_target(opened.tokenizer, target, start, before, most)
    tensors.check_sentence(sentence)
    return _Part(opened, architecture, tensors, sentence, len(encoder.layers) - 1)


def _about(part: _Part, decoder: _Part | None) -> Localized:
    sizes, tokens, model = part.architecture.sizes, part.sentence.tokens, part.opened.name
    if decoder is None:
        layers = layers_with_heads(sizes.layers, sizes.heads)
        given = tokens_with_numbers(len(tokens), sizes.width)
        about = filled(texts.ABOUT_MODEL, model=model, of=layers, given=given)
    else:
        tokens = (*tokens, *decoder.sentence.tokens)
        sides = {"encoder": sizes.layers, "decoder": decoder.architecture.own_layers}
        counts = {name: layers_told(count) for name, count in sides.items()}
        about = filled(texts.ABOUT_SIDES, model=model, **counts)
    if any(token.startswith(CONTINUES) for token in tokens):
        about = joined(about, texts.CONTINUED)
    unknown = _unknown(part, decoder)
    return about if unknown is None else joined(about, texts.BLANK, unknown)


def _source(opened: OpenedModel) -> Localized:
    licence = opened.licence
    said = texts.NO_LICENCE if licence is None else filled(texts.LICENCE, licence=licence)
    return filled(texts.SOURCE, model=opened.name, licence=said, version=__version__)
