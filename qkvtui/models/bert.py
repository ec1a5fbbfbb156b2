"""BERT and its relatives: normalisation after each part of a layer (Devlin et al. 2018; post-norm)."""

from __future__ import annotations

import numpy as np

from ..engine.activations import ACTIVATIONS, layer_norm
from ..engine.arrays import FloatArray
from ..engine.layer import Layer, project
from .configuration import Configuration
from .sentence import ReadSentence
from .weights import Weights

_WORDS = "embeddings.word_embeddings.weight"


class Bert:
    """The layers of a model whose tensors are named as BERT's are, with or without `bert.` before them."""

    def __init__(self, configuration: Configuration, weights: Weights) -> None:
        self.configuration = configuration
        self._weights = weights
        self._prefix = weights.prefix_of(_WORDS)

    def embeddings(self, sentence: ReadSentence) -> FloatArray:
        """(t, m): word, position and token type added up, normalised."""
        width, first = self.configuration.width, self.configuration.first_position
        positions = range(first, first + len(sentence.ids))
        total = self._rows(_WORDS, sentence.ids) + self._rows("embeddings.position_embeddings.weight", positions)
        if self.configuration.token_types:
            types = [min(kind, self.configuration.token_types - 1) for kind in sentence.types]
            total = total + self._rows("embeddings.token_type_embeddings.weight", types)
        return self._norm(total, "embeddings.LayerNorm", width)

    def entering(self, hidden: FloatArray, index: int) -> FloatArray:
        """(t, m): the output of the layer before, as it is."""
        return hidden

    def attention(self, index: int) -> Layer:
        """All heads of a layer. PyTorch stores a matrix as (out, in): W is its transpose."""
        width, name = self.configuration.width, f"encoder.layer.{index}.attention"
        (w_q, b_q), (w_k, b_k), (w_v, b_v), (w_o, b_o) = (
            self._linear(f"{name}.{part}", width, width)
            for part in ("self.query", "self.key", "self.value", "output.dense")
        )
        heads, scale = self.configuration.heads, self.configuration.scale(index)
        return Layer(w_q, w_k, w_v, b_q, b_k, b_v, w_o, b_o, heads=heads, kv_heads=heads, scale=scale)

    def leaving(self, hidden: FloatArray, attended: FloatArray, index: int) -> FloatArray:
        """(t, m): residual, norm, feed-forward network, residual, norm."""
        width, inner, name = self.configuration.width, self.configuration.inner, f"encoder.layer.{index}"
        hidden = self._norm(hidden + attended, f"{name}.attention.output.LayerNorm", width)
        bend = ACTIVATIONS[self.configuration.activation][0]
        middle = bend(project(hidden, *self._linear(f"{name}.intermediate.dense", width, inner)))  # (t, inner)
        fed = project(middle, *self._linear(f"{name}.output.dense", inner, width))
        return self._norm(hidden + fed, f"{name}.output.LayerNorm", width)

    def _rows(self, name: str, indices: tuple[int, ...] | range | list[int]) -> FloatArray:
        return self._weights.rows(self._prefix + name, indices, self.configuration.width)

    def _linear(self, name: str, inputs: int, outputs: int) -> tuple[FloatArray, FloatArray]:
        weight = self._weights.array(f"{self._prefix}{name}.weight", (outputs, inputs))
        return np.ascontiguousarray(weight.T), self._weights.array(f"{self._prefix}{name}.bias", (outputs,))

    def _norm(self, x: FloatArray, name: str, width: int) -> FloatArray:
        """Old files call the gain gamma and the bias beta."""
        full = self._prefix + name
        gain, bias = ("gamma", "beta") if self._weights.has(f"{full}.gamma") else ("weight", "bias")
        read = self._weights.array
        return layer_norm(x, read(f"{full}.{gain}", (width,)), read(f"{full}.{bias}", (width,)), self._epsilon)

    @property
    def _epsilon(self) -> float:
        return self.configuration.epsilon
