"""GPT-2: normalisation before each part of a layer, and a causal mask (Radford et al. 2019; pre-norm)."""

from __future__ import annotations

import numpy as np

from ..engine.activations import ACTIVATIONS, layer_norm
from ..engine.arrays import FloatArray
from ..engine.layer import Layer, project
from .configuration import Configuration
from .sentence import ReadSentence
from .weights import Weights

_WORDS = "wte.weight"


class Gpt2:
    """The layers of a model whose tensors are named as GPT-2's are, with or without `transformer.` before them."""

    def __init__(self, configuration: Configuration, weights: Weights) -> None:
        self.configuration = configuration
        self._weights = weights
        self._prefix = weights.prefix_of(_WORDS)

    def embeddings(self, sentence: ReadSentence) -> FloatArray:
        """(t, m): word and position added up."""
        width = self.configuration.width
        words = self._weights.rows(self._prefix + _WORDS, sentence.ids, width)
        return words + self._weights.rows(f"{self._prefix}wpe.weight", range(len(sentence.ids)), width)

    def entering(self, hidden: FloatArray, index: int) -> FloatArray:
        """(t, m): the output of the layer before, normalised by ln_1."""
        return self._norm(hidden, f"h.{index}.ln_1")

    def attention(self, index: int) -> Layer:
        """All heads of a layer. A Conv1D stores a matrix as (in, out), and W_Q, W_K and W_V side by side."""
        width, name = self.configuration.width, f"h.{index}.attn"
        together, biases = self._conv(f"{name}.c_attn", width, 3 * width)
        w_q, w_k, w_v = (np.ascontiguousarray(part) for part in np.split(together, 3, axis=1))  # (m, m) each
        b_q, b_k, b_v = np.split(biases, 3)
        w_o, b_o = self._conv(f"{name}.c_proj", width, width)
        heads, scale = self.configuration.heads, self.configuration.scale(index)
        return Layer(w_q, w_k, w_v, b_q, b_k, b_v, w_o, b_o, heads=heads, kv_heads=heads, scale=scale)

    def leaving(self, hidden: FloatArray, attended: FloatArray, index: int) -> FloatArray:
        """(t, m): residual, then norm and feed-forward network beside the residual."""
        width, inner, name = self.configuration.width, self.configuration.inner, f"h.{index}"
        hidden = hidden + attended
        normal = self._norm(hidden, f"{name}.ln_2")
        bend = ACTIVATIONS[self.configuration.activation][0]
        middle = bend(project(normal, *self._conv(f"{name}.mlp.c_fc", width, inner)))  # (t, inner)
        return hidden + project(middle, *self._conv(f"{name}.mlp.c_proj", inner, width))

    def _conv(self, name: str, inputs: int, outputs: int) -> tuple[FloatArray, FloatArray]:
        read, full = self._weights.array, self._prefix + name
        return read(f"{full}.weight", (inputs, outputs)), read(f"{full}.bias", (outputs,))

    def _norm(self, x: FloatArray, name: str) -> FloatArray:
        read, full, width = self._weights.array, self._prefix + name, self.configuration.width
        gain, bias = read(f"{full}.weight", (width,)), read(f"{full}.bias", (width,))
        return layer_norm(x, gain, bias, self.configuration.epsilon)
