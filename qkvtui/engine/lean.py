"""The loss of a task and its gradient as fast as NumPy gives them: no records, and only what the task asks for.

`examined` computes the same with every intermediate kept, and the tests hold the two together. What is saved
here: queries without a target are not computed, nor is the gradient of what does not move; softmax and
cross-entropy go back in one step; all sentences are computed at once, and all that moves lies in one vector, so
that an optimiser takes as long for six matrices as for one.

Letters besides the engine's: b sentences (1 where there are none), n queries with a target in each, g key/value
heads, c query heads that share each of them. Heads that share are further queries to the same keys: (b, g, c·n, ·).
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

import numpy as np

from .arrays import FloatArray, Indices, read_only
from .attention import default_scale
from .batches import Batch, batch_of
from .tasks import OutputTargets, Task, WeightTargets

Arrays = Mapping[str, FloatArray]


class Packing:
    """The parameters that move, one after the other in one vector."""

    def __init__(self, parameters: Arrays, names: tuple[str, ...]) -> None:
        self.names = names
        self._places: list[tuple[str, slice, tuple[int, ...]]] = []
        self.size = 0
        for name in names:
            shape = parameters[name].shape
            end = self.size + prod(shape)
            self._places.append((name, slice(self.size, end), shape))
            self.size = end

    def pack(self, parameters: Arrays) -> FloatArray:
        """The vector, read-only."""
        return read_only(np.concatenate([parameters[name].ravel() for name in self.names]))

    def index(self, name: str, row: int, column: int) -> int:
        """Where in the vector a number is; a row vector has row 0."""
        place, shape = next((place, shape) for one, place, shape in self._places if one == name)
        return int(place.start) + row * shape[-1] + column

    def unpack(self, vector: FloatArray) -> dict[str, FloatArray]:
        """Name → array; views of the vector."""
        return {name: vector[place].reshape(shape) for name, place, shape in self._places}


class Lean:
    """The loss and the gradient of one task."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.packing = Packing(task.parameters, task.train)
        self._fixed = {name: array for name, array in task.parameters.items() if name not in task.train}
        self._batch = batch_of(task)
        self._groups, self._shared = task.kv_heads, task.heads // task.kv_heads
        self._plain = self._batch.sentences == task.heads == 1
        self._scale = default_scale(task.parameters["W_Q"].shape[1] // task.heads) if task.scale is None else task.scale
        self._mask = self._mask_of(self._batch)
        self._some_see_nothing = self._mask is not None and bool(np.isneginf(self._mask).all(axis=-1).any())
        moves = set(task.train)
        self._inputs_move = bool(moves & {"X", "Y", "E"})
        self._asks_move = self._inputs_move or bool(moves & {"W_Q", "b_Q"})
        self._keys_move = self._inputs_move or bool(moves & {"W_K", "b_K"})
        self._values_move = self._inputs_move or bool(moves & {"W_V", "b_V"})
        if isinstance(task.objective, WeightTargets):
            self._prepare_weight_targets(task.objective)

    def _mask_of(self, batch: Batch) -> FloatArray | None:
        """The mask as the scores are laid out: (b, 1, c·n, s), or (n, s)."""
        if batch.mask is None:
            return None
        return batch.mask[0] if self._plain else np.tile(batch.mask, (1, self._shared, 1))[:, None]

    def _prepare_weight_targets(self, objective: WeightTargets) -> None:
        """Where in the scores the targets are, and what the gradient by the scores needs of them."""
        rows = len(objective.rows)
        shape = (1, self._groups, self._shared * rows, objective.target.shape[1])
        group, member = divmod(objective.head, self._shared)
        targets = np.zeros(shape)
        targets[0, group, member * rows : (member + 1) * rows] = objective.target
        if self._plain:
            targets = targets[0, 0]
        self._places = np.flatnonzero(targets)
        self._wanted = targets.ravel()[self._places] / rows  # what −log weight counts at each place
        self._counts = targets.sum(axis=-1, keepdims=True) / rows  # (…, c·n, 1): the sum of that over a row
        self._target = targets / rows  # (…, c·n, s)

    def at(self, vector: FloatArray) -> tuple[float, FloatArray]:
        """The loss, and the gradient as a vector, where what moves is `vector`; the gradient is read-only.

        NumPy warns of an overflow here unless the caller keeps it quiet.
        """
        moving = self.packing.unpack(vector)
        p = {**self._fixed, **moving}
        gradient = np.zeros(self.packing.size)
        grads = self.packing.unpack(gradient)
        loss = self._pass(p, grads)
        gradient.flags.writeable = False
        return loss, gradient

    def _pass(self, p: Arrays, grads: dict[str, FloatArray]) -> float:
        """Forward and back: fills `grads` and returns the loss."""
        batch = self._batch
        x, y = batch.rows(p)  # (b·n, m), (b·s, m)
        q = self._split(_project(x, p, "W_Q", "b_Q"), batch.queries, self._shared)  # (b, g, c·n, k)
        k = self._split(_project(y, p, "W_K", "b_K"), batch.keys, 1)  # (b, g, s, k)
        scores = q @ k.mT  # (b, g, c·n, s)
        scores *= self._scale
        if self._mask is not None:
            scores += self._mask
        exponentials, total = self._exponentials(scores)
        if isinstance(self.task.objective, WeightTargets):
            # Σ target · (log total − shifted score); and back through softmax and logarithm at once.
            shifted = scores.ravel()[self._places]
            loss = float(np.vdot(self._counts, np.log(total)) - np.vdot(self._wanted, shifted))
            d_scores: FloatArray = exponentials * (self._counts / total)  # (b, g, c·n, s)
            d_scores -= self._target
            d_y = None
        else:
            weights = exponentials / total  # (b, g, c·n, s)
            loss, d_scores, d_y = self._pass_values(p, grads, y, weights)
        self._go_back(p, grads, (x, y), (q, k), d_scores, d_y)
        return loss

    def _exponentials(self, scores: FloatArray) -> tuple[FloatArray, FloatArray]:
        """exp(score − maximum) and its sum, kept with length 1; `scores` is shifted in place."""
        maximum = np.maximum.reduce(scores, axis=-1, keepdims=True)  # (b, g, c·n, 1)
        if self._some_see_nothing:
            np.maximum(maximum, np.finfo(np.float64).min, out=maximum)
        scores -= maximum
        exponentials = np.exp(scores)  # (b, g, c·n, s)
        total = np.add.reduce(exponentials, axis=-1, keepdims=True)  # (b, g, c·n, 1)
        if self._some_see_nothing:
            np.maximum(total, 1, out=total)  # at least 1 already, but for a row of zeros
        return exponentials, total

    def _pass_values(
        self, p: Arrays, grads: dict[str, FloatArray], y: FloatArray, weights: FloatArray
    ) -> tuple[float, FloatArray, FloatArray | None]:
        """From the weights to the loss and back to the scores: the loss, d_scores, and d_y where that is needed."""
        batch = self._batch
        v = self._split(_project(y, p, "W_V", "b_V"), batch.keys, 1)  # (b, g, s, v)
        merged = self._merge(weights @ v, batch.queries, self._shared)  # (b·n, h·v)
        last = _project(merged, p, "W_O", "b_O") if "W_O" in p else merged  # (b·n, m)
        loss, d_last = self._objective(p, grads, last)
        d_merged = _back(p, grads, merged, d_last, "W_O", "b_O", True) if "W_O" in p else d_last
        assert d_merged is not None
        d_output = self._split(d_merged, batch.queries, self._shared)  # (b, g, c·n, v)
        d_weights = d_output @ v.mT  # (b, g, c·n, s)
        mean = np.add.reduce(weights * d_weights, axis=-1, keepdims=True)  # (b, g, c·n, 1)
        d_weights -= mean
        d_weights *= weights
        d_y = None
        if self._values_move:
            d_v = self._merge(weights.mT @ d_output, batch.keys, 1)  # (b·s, g·v)
            d_y = _back(p, grads, y, d_v, "W_V", "b_V", self._inputs_move)
        return loss, d_weights, d_y

    def _objective(self, p: Arrays, grads: dict[str, FloatArray], last: FloatArray) -> tuple[float, FloatArray]:
        """The loss of the last step's rows (b·n, m), and its gradient by them."""
        if isinstance(self.task.objective, OutputTargets):
            difference = last - self.task.objective.target  # (n, m)
            loss = float(np.vdot(difference, difference)) / difference.size
            difference *= 2 / difference.size
            return loss, difference
        logits = _project(last, p, "W_R", "b_R")  # (b, labels)
        loss, d_logits = cross_entropy(logits, self._batch.labels)
        d_last = _back(p, grads, last, d_logits, "W_R", "b_R", True)
        assert d_last is not None
        return loss, d_last

    def _go_back(
        self,
        p: Arrays,
        grads: dict[str, FloatArray],
        inputs: tuple[FloatArray, FloatArray],
        projected: tuple[FloatArray, FloatArray],
        d_scores: FloatArray,
        d_y: FloatArray | None,
    ) -> None:
        """From the scores through queries and keys to what moves; d_y has come through the values."""
        x, y = inputs
        q, k = projected
        d_scores *= self._scale
        d_x = None
        if self._asks_move:
            d_q = self._merge(d_scores @ k, self._batch.queries, self._shared)  # (b·n, h·k)
            d_x = _back(p, grads, x, d_q, "W_Q", "b_Q", self._inputs_move)
        if self._keys_move:
            d_k = self._merge(d_scores.mT @ q, self._batch.keys, 1)  # (b·s, g·k)
            through_k = _back(p, grads, y, d_k, "W_K", "b_K", self._inputs_move)
            if through_k is not None:
                d_y = through_k if d_y is None else d_y + through_k
        if d_x is not None and d_y is not None:
            self._batch.add(grads, d_x, d_y)

    def _split(self, rows: FloatArray, count: int, shared: int) -> FloatArray:
        """(b·count, g·shared·d) → (b, g, shared·count, d); for one head of one text nothing is to be done."""
        if self._plain:
            return rows
        apart = rows.reshape(self._batch.sentences, count, self._groups, shared, -1).transpose(0, 2, 3, 1, 4)
        return apart.reshape(self._batch.sentences, self._groups, shared * count, -1)

    def _merge(self, heads: FloatArray, count: int, shared: int) -> FloatArray:
        """(b, g, shared·count, d) → (b·count, g·shared·d)."""
        if self._plain:
            return heads
        apart = heads.reshape(self._batch.sentences, self._groups, shared, count, -1).transpose(0, 3, 1, 2, 4)
        return apart.reshape(self._batch.sentences * count, -1)


def cross_entropy(logits: FloatArray, labels: Indices) -> tuple[float, FloatArray]:
    """The mean of −ln of the labels' probabilities, and its gradient by the logits (n, words), which are used up."""
    logits -= np.maximum.reduce(logits, axis=-1, keepdims=True)
    exponentials = np.exp(logits)
    total = np.add.reduce(exponentials, axis=-1, keepdims=True)
    right = (np.arange(len(logits)), labels)
    loss = float((np.log(total[:, 0]) - logits[right]).sum()) / len(logits)
    d_logits = exponentials / total
    d_logits[right] -= 1
    d_logits /= len(logits)
    return loss, d_logits


def _project(rows: FloatArray, p: Arrays, w: str, b: str) -> FloatArray:
    product: FloatArray = rows.dot(p[w])  # of small matrices faster than @
    if b in p:
        product += p[b]
    return product


def _back(
    p: Arrays, grads: dict[str, FloatArray], rows: FloatArray, d_product: FloatArray, w: str, b: str, further: bool
) -> FloatArray | None:
    """Adds up what of w and b moves; the gradient by the rows where the way goes `further`."""
    if w in grads:
        np.dot(rows.T, d_product, out=grads[w])  # of small matrices faster than @
    if b in grads:
        np.add.reduce(d_product, axis=0, out=grads[b])
    return d_product @ p[w].T if further else None
