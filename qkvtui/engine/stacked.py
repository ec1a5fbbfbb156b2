"""The loss of a task of whole layers and its gradient, all sentences at once; what moves lies in one vector.

As lean.py for one layer of attention. The graph computes the same number by number, and tests hold the two together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .arrays import FloatArray, Indices
from .layer_passes import (
    Arrays,
    AttentionPass,
    FeedPass,
    Grads,
    NormPass,
    attention_backward,
    attention_forward,
    feed_backward,
    feed_forward,
    linear_backward,
    linear_forward,
    norm_backward,
    norm_forward,
)
from .lean import Packing, cross_entropy
from .masks import additive_mask, causal_mask, combine_masks
from .stack import LeftRows, StackLayer, StackTask


class _LayerPass(NamedTuple):
    """What the way back through a layer needs."""

    first: NormPass | None
    attended: AttentionPass
    second: NormPass | None
    fed: FeedPass | None


class Stacked:
    """The loss and the gradient of one task (an engine.training.Descent)."""

    def __init__(self, task: StackTask) -> None:
        self.task = task
        self.packing = Packing(task.parameters, task.train)
        self._fixed = {name: array for name, array in task.parameters.items() if name not in task.train}
        self._at = task.layers[0].suffix
        self._tokens, self._padding = _sentences(task)  # (b, t) or None, (b, 1, 1, t) or None
        if isinstance(task.wanted, LeftRows):
            self._places = (np.zeros(len(task.wanted.rows), dtype=np.intp), np.array(task.wanted.rows))
            self._labels = self._places[1]
        else:
            asked = [(index, *one) for index, said in enumerate(task.wanted) for one in said.wanted]
            sentence, row, label = (np.array(column, dtype=np.intp) for column in zip(*asked, strict=True))
            self._places, self._labels = (sentence, row), label

    def at(self, vector: FloatArray) -> tuple[float, FloatArray]:
        """The loss, and the gradient as a vector, where what moves is `vector`; the gradient is read-only.

        NumPy warns of an overflow here unless the caller keeps it quiet.
        """
        p = {**self._fixed, **self.packing.unpack(vector)}
        gradient = np.zeros(self.packing.size)
        grads = self.packing.unpack(gradient)
        x = self._entering(p)
        passed = []
        for layer in self.task.layers:
            x, one = _layer_forward(x, p, layer, self._mask(layer, x.shape[1]))
            passed.append(one)
        loss, d_rows = self._objective(x[self._places], p, grads)  # (n, m)
        d_x = np.zeros_like(x)
        np.add.at(d_x, self._places, d_rows)
        for layer, one in zip(reversed(self.task.layers), reversed(passed), strict=True):
            d_x = _layer_backward(d_x, p, grads, layer, one)
        self._add_entering(d_x, grads)
        gradient.flags.writeable = False
        return loss, gradient

    def _mask(self, layer: StackLayer, count: int) -> FloatArray | None:
        """(b | 1, 1, t | 1, t): what is ahead, and what only fills up the shorter sentences."""
        return combine_masks(causal_mask(count, count)[None, None] if layer.causal else None, self._padding)

    def _entering(self, p: Arrays) -> FloatArray:
        """(b, t, m): the rows of the words with those of their places, or the given rows."""
        if self._tokens is None:
            given: FloatArray = p[f"X{self._at}"][None]
            return given
        x = p[f"E{self._at}"][self._tokens]
        count, positions = self._tokens.shape[1], f"positions{self._at}"
        if positions in p:
            x = x + p[positions][:count]
        return x if self.task.places is None else x + self.task.places[:count]

    def _add_entering(self, d_x: FloatArray, grads: Grads) -> None:
        given, words, positions = (f"{name}{self._at}" for name in ("X", "E", "positions"))
        if given in grads:
            grads[given][...] += d_x[0]
        if words in grads:
            assert self._tokens is not None
            np.add.at(grads[words], self._tokens, d_x)
        if positions in grads:
            grads[positions][: d_x.shape[1]] += d_x.sum(axis=0)

    def _objective(self, rows: FloatArray, p: Arrays, grads: Grads) -> tuple[float, FloatArray]:
        """The loss of what the last layer leaves in the rows that count (n, m), and its gradient by them."""
        if isinstance(self.task.wanted, LeftRows):
            difference = rows - self.task.wanted.target
            return float((difference * difference).mean()), 2 * difference / difference.size
        reading = self.task.reading
        assert reading is not None
        at, normed = reading.suffix, None
        x = rows[None]  # (1, n, m)
        if reading.norm:
            last = self.task.layers[-1]
            x, normed = norm_forward(x, p, last.kind, last.epsilon, "U", at)
        turned = {**p, "U": p[reading.table].T} if reading.tied else {**p, "U": p[reading.table]}
        logits = linear_forward(x, turned, "U", f"b_U{at}")[0] / reading.temperature  # (n, words)
        loss, d_logits = cross_entropy(logits, self._labels)
        d_logits = d_logits[None] / reading.temperature
        of_table = np.zeros_like(turned["U"])
        d_x = linear_backward(x, d_logits, turned, {**grads, "U": of_table}, "U", f"b_U{at}")
        if reading.table in grads:
            grads[reading.table][...] += of_table.T if reading.tied else of_table
        return loss, (d_x if normed is None else norm_backward(d_x, p, grads, normed))[0]


def _sentences(task: StackTask) -> tuple[Indices | None, FloatArray | None]:
    """Rows of E (b, t), the short sentences filled up, and what hides the filling (b, 1, 1, t)."""
    if isinstance(task.wanted, LeftRows):
        tokens = task.wanted.tokens
        return (None if tokens is None else np.array([tokens], dtype=np.intp)), None
    longest = max(len(one.tokens) for one in task.wanted)
    tokens_of = np.zeros((len(task.wanted), longest), dtype=np.intp)
    real = np.zeros((len(task.wanted), 1, 1, longest), dtype=np.bool_)
    for index, one in enumerate(task.wanted):
        tokens_of[index, : len(one.tokens)] = one.tokens
        real[index, ..., : len(one.tokens)] = True
    return tokens_of, None if real.all() else additive_mask(real)


def _layer_forward(
    x: FloatArray, p: Arrays, layer: StackLayer, mask: FloatArray | None
) -> tuple[FloatArray, _LayerPass]:
    at, first, second, fed = layer.suffix, None, None, None

    def normed(rows: FloatArray, letter: str) -> tuple[FloatArray, NormPass]:
        return norm_forward(rows, p, layer.kind, layer.epsilon, letter, at)

    rows, before, after = x, layer.norm == "before", layer.norm == "after"
    if before:
        rows, first = normed(x, "1")
    found, attended = attention_forward(rows, p, layer, mask)
    x = x + found
    if after:
        x, first = normed(x, "1")
    if layer.curve != "none":
        rows = x
        if before:
            rows, second = normed(x, "2")
        more, fed = feed_forward(rows, p, layer)
        x = x + more
        if after:
            x, second = normed(x, "2")
    return x, _LayerPass(first, attended, second, fed)


def _layer_backward(d_x: FloatArray, p: Arrays, grads: Grads, layer: StackLayer, of: _LayerPass) -> FloatArray:
    before, after = layer.norm == "before", layer.norm == "after"
    if of.fed is not None:
        if after and of.second is not None:
            d_x = norm_backward(d_x, p, grads, of.second)
        d_rows = feed_backward(d_x, p, grads, layer, of.fed)
        d_x = d_x + (norm_backward(d_rows, p, grads, of.second) if before and of.second is not None else d_rows)
    if after and of.first is not None:
        d_x = norm_backward(d_x, p, grads, of.first)
    d_rows = attention_backward(d_x, p, grads, layer, of.attended)
    return d_x + (norm_backward(d_rows, p, grads, of.first) if before and of.first is not None else d_rows)
