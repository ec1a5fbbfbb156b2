"""The layers of a model on a sentence, worked one after the other while somebody waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..errors import UsageError
from ..files.phrases import plural
from ..graph.example import Example
from ..graph.layers import last_layer
from ..said import Phrase, say
from .trace import Trace

Progress = Callable[[int, int], None]
"""Told after each layer: how many are done, and of how many."""


def worked_layers(example: Example, last: int, progress: Progress) -> Iterator[Trace]:
    """The traces of the layers from the first to `last`."""
    trace = Trace(example)
    for index in range(last + 1):
        yield trace.at_layer(index)
        progress(index + 1, last + 1)


def check_layer(example: Example, layer: int) -> None:
    """Raise UsageError where the model has no such layer."""
    _check("--layer", layer, len(example.layers), "layer")


def last_read(example: Example) -> int:
    """The last layer that reads the sentence itself: of an encoder-decoder the encoder's last."""
    return last_layer(example) if example.side is None else example.side.last


def check_head(example: Example, layer: int, head: int) -> None:
    """Raise UsageError where the layer has no such head."""
    _check("--head", head, example.layers[layer].attention.heads, "head")


def _check(option: str, asked: int, count: int, noun: str) -> None:
    if 0 <= asked < count:
        return
    if count > 1:
        there = say("{nouns} 0 to {last}", nouns=plural(noun), last=count - 1)
    else:
        there = say("only {noun} 0", noun=Phrase(noun))
    raise UsageError(say("{option} {asked}: the model has {there}", option=option, asked=asked, there=there))
