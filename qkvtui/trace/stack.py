"""A learning task of whole layers as the engine wants it."""

from __future__ import annotations

from ..engine.arrays import FloatArray
from ..engine.stack import LeftRows, StackLayer, StackReadout, StackTask, WordSentence
from ..graph.block import WORDS
from ..graph.example import Example, ModelLayer
from ..graph.layers import with_own_layer
from ..graph.moving import movable
from ..graph.positions import sinusoidal
from ..graph.settings import scale_factor


def stack_of(example: Example) -> StackTask:
    """The task as it stands in the file: from the given numbers, whatever `start` says."""
    example = with_own_layer(example)
    assert example.learn is not None
    return StackTask(
        movable(example),
        example.learn.train,
        tuple(_layer(example, index, one) for index, one in enumerate(example.layers)),
        _wanted(example),
        _reading(example),
        _places(example),
    )


def _suffix(example: Example, layer: int) -> str:
    return f"@{layer}" if len(example.layers) > 1 else ""


def _layer(example: Example, index: int, layer: ModelLayer) -> StackLayer:
    settings, block = layer.attention, layer.block
    d_k = layer.parameters["W_Q"].shape[1] // settings.heads
    return StackLayer(
        _suffix(example, index),
        settings.heads,
        settings.kv_heads,
        scale_factor(settings, d_k),
        bool(settings.causal),
        block.norm,
        block.kind,
        block.epsilon,
        block.mlp,
        block.gated,
    )


def _wanted(example: Example) -> tuple[WordSentence, ...] | LeftRows:
    learn, words = example.learn, example.vocabulary
    assert learn is not None
    rows = {} if words is None else {word: row for row, word in enumerate(words.words)}
    if learn.target is not None:
        tokens = None if words is None else tuple(rows[token] for token in example.tokens)
        return LeftRows(learn.rows, learn.target, tokens)
    return tuple(WordSentence(tuple(rows[token] for token in one.tokens), one.wanted) for one in learn.sentences)


def _reading(example: Example) -> StackReadout | None:
    readout, last = example.last_readout, len(example.layers) - 1
    if readout is None:
        return None
    at = _suffix(example, last)
    table = f"{WORDS}{_suffix(example, 0)}" if readout.tied else f"W_U{at}"
    return StackReadout(at, table, readout.tied, readout.norm, readout.temperature)


def _places(example: Example) -> FloatArray | None:
    """(t, m) for the longest of the sentences: sines, which do not move."""
    words, learn = example.vocabulary, example.learn
    if words is None or learn is None or not words.sinusoidal:
        return None
    longest = max(len(example.tokens), *(len(one.tokens) for one in learn.sentences), 0)
    return sinusoidal(longest, example.layers[0].parameters[WORDS].shape[1])
