"""A sentence through a model's layers, one after the other: what enters the attention of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np

from ..engine.arrays import FloatArray, quiet
from ..engine.layer import Layer, layer_output
from ..engine.masks import causal_mask
from ..errors import UsageError
from ..files.phrases import plural
from ..records import record
from ..said import Phrase, say
from .bert import Bert
from .configuration import Configuration, read_configuration
from .gpt2 import Gpt2
from .opened import open_model
from .sentence import ReadSentence, read_sentence

Progress = Callable[[int, int], None]
"""Told after each layer: how many are done, and of how many."""


class Model(Protocol):
    """What the families have in common; rows are tokens."""

    configuration: Configuration

    def embeddings(self, sentence: ReadSentence) -> FloatArray:
        """(t, m): what enters the first layer."""

    def entering(self, hidden: FloatArray, index: int) -> FloatArray:
        """(t, m): what enters the attention of layer `index`, X."""

    def attention(self, index: int) -> Layer:
        """The attention of layer `index`, all heads and W_O."""

    def leaving(self, hidden: FloatArray, attended: FloatArray, index: int) -> FloatArray:
        """(t, m): what leaves layer `index`; `attended` is what came out of its W_O."""


@record(frozen=True, eq=False)
class LayerStop:
    """One layer, seen when its attention begins."""

    index: int
    x: FloatArray  # (t, m)
    layer: Layer


class Reading:
    """A sentence and the model that reads it."""

    def __init__(self, path: str, text: str) -> None:
        """Raises UsageError where the model or the sentence cannot be used."""
        opened = open_model(path)
        self.name = opened.name
        self.licence = opened.licence
        self.configuration = read_configuration(opened.settings, opened.shown)
        self.sentence = read_sentence(opened.tokenizer, text, self.configuration.positions)
        family = Gpt2 if self.configuration.family == "gpt2" else Bert
        self._model: Model = family(self.configuration, opened.weights)

    @property
    def mask(self) -> FloatArray | None:
        """(t, t), or None where every token may look at every other."""
        count = len(self.sentence.ids)
        return causal_mask(count, count) if self.configuration.causal else None

    def checked_layer(self, layer: int) -> int:
        """The layer, if there is such a one. Raises UsageError."""
        return _checked("--layer", layer, self.configuration.layers, "layer")

    def checked_head(self, head: int) -> int:
        """The head, if there is such a one. Raises UsageError."""
        return _checked("--head", head, self.configuration.heads, "head")

    def stops(self, last: int, progress: Progress) -> Iterator[LayerStop]:
        """The layers from the first to `last`; what comes behind a layer's attention is computed when it is needed."""
        hidden = quiet(self._model.embeddings)(self.sentence)  # (t, m)
        for index in range(last + 1):
            stop = self._stop(hidden, index)
            yield stop
            progress(index + 1, last + 1)
            if index < last:
                hidden = self._through(hidden, stop)

    @quiet
    def _stop(self, hidden: FloatArray, index: int) -> LayerStop:
        x = self._model.entering(hidden, index)
        if not np.isfinite(x).all():
            raise UsageError(
                say("what enters layer {index} is not finite: float32 has no numbers that large", index=index)
            )
        return LayerStop(index, x, self._model.attention(index))

    @quiet
    def _through(self, hidden: FloatArray, stop: LayerStop) -> FloatArray:
        attended = layer_output(stop.x, stop.layer, self.mask)
        return self._model.leaving(hidden, attended, stop.index)


def _checked(option: str, asked: int, count: int, noun: str) -> int:
    if 0 <= asked < count:
        return asked
    if count > 1:
        there = say("{nouns} 0 to {last}", nouns=plural(noun), last=count - 1)
    else:
        there = say("only {noun} 0", noun=Phrase(noun))
    raise UsageError(say("{option} {asked}: the model has {there}", option=option, asked=asked, there=there))
