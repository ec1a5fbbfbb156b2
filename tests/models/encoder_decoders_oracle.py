"""T5, BART, mBART and Marian in NumPy alone, in float64, from their tensors by name and config.json.

Nothing here comes from qkvtui. What it gives was compared with transformers' eager attention (test_encoder_decoders.py
does so again wherever that is installed).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.models.families_oracle import CURVES, Array, Model, attend, seen, split


@dataclass(frozen=True)
class ToldPair:
    """What a model makes of two sentences."""

    encoded: list[Array]
    """(s, m) behind each of the encoder's layers; behind the last one normed where the model does so."""
    encoder_weights: list[Array]
    left: list[Array]
    """(t, m) behind each of the decoder's layers, the last one not normed."""
    own_weights: list[Array]
    cross_weights: list[Array]
    logits: Array


def told_by_pair(tensors: dict[str, Array], config: dict[str, Any], source: list[int], target: list[int]) -> ToldPair:
    """What the model of these tensors makes of the tokens of both sentences."""
    model = Model(tensors, config)
    kind = _T5(model) if config["model_type"] in ("t5", "mt5") else _Bart(model)
    y, encoded, weights = kind.entering("encoder", source), [], []
    for layer in range(kind.layers("encoder")):
        y, seen_there = kind.layer(y, "encoder", layer, None)
        encoded.append(y)
        weights.append(seen_there[0])
    encoded[-1] = y = kind.end(y, "encoder")
    x, told = kind.entering("decoder", target), ToldPair(encoded, weights, [], [], [], None)
    for layer in range(kind.layers("decoder")):
        x, (own, cross) = kind.layer(x, "decoder", layer, y)
        told.left.append(x)
        told.own_weights.append(own)
        told.cross_weights.append(cross)
    return ToldPair(
        encoded, weights, told.left, told.own_weights, told.cross_weights, kind.logits(kind.end(x, "decoder"))
    )


class _T5:
    def __init__(self, model: Model) -> None:
        self._model, self._c = model, model.config

    def layers(self, side: str) -> int:
        return int(self._c["num_layers" if side == "encoder" else "num_decoder_layers"])

    def entering(self, side: str, ids: list[int]) -> Array:
        return self._model("shared.weight")[ids]

    def _norm(self, x: Array, stem: str) -> Array:
        return self._model.rms(x, stem, self._c["layer_norm_epsilon"])

    def _attention(self, x: Array, of: Array, at: str, mask: Array, bias: Any) -> tuple[Array, Array]:
        q, k, v = (
            split(self._model.linear(one, f"{at}.{name}"), self._c["num_heads"])
            for name, one in (("q", x), ("k", of), ("v", of))
        )
        found, weights = attend(q, k, v, 1.0, mask, bias)
        return self._model.linear(found, f"{at}.o"), weights

    def layer(self, x: Array, side: str, layer: int, y: Array | None) -> tuple[Array, list[Array]]:
        at, count = f"{side}.block.{layer}.layer", len(x)
        n = self._norm(x, f"{at}.0.layer_norm")
        mask = seen(count, causal=side == "decoder")
        found, own = self._attention(n, n, f"{at}.0.SelfAttention", mask, self._bias(side, count))
        x, weights, part = x + found, [own], 1
        if y is not None:
            n = self._norm(x, f"{at}.1.layer_norm")
            found, cross = self._attention(n, y, f"{at}.1.EncDecAttention", np.ones((count, len(y)), bool), 0.0)
            x, weights, part = x + found, [own, cross], 2
        n, fed = self._norm(x, f"{at}.{part}.layer_norm"), f"{at}.{part}.DenseReluDense"
        if self._c["feed_forward_proj"] == "relu":
            inner = np.maximum(self._model.linear(n, f"{fed}.wi"), 0)
        else:
            gate = CURVES["gelu_new"](self._model.linear(n, f"{fed}.wi_0"))
            inner = gate * self._model.linear(n, f"{fed}.wi_1")
        return x + self._model.linear(inner, f"{fed}.wo"), weights

    def _bias(self, side: str, count: int) -> Array:
        table = self._model(f"{side}.block.0.layer.0.SelfAttention.relative_attention_bias.weight")
        rows = [[bucket(key - query, side == "encoder") for key in range(count)] for query in range(count)]
        return table[np.array(rows)].transpose(2, 0, 1)

    def end(self, x: Array, side: str) -> Array:
        return self._norm(x, f"{side}.final_layer_norm")

    def logits(self, x: Array) -> Array:
        if self._model.has("lm_head.weight"):
            return x @ self._model("lm_head.weight").T
        return x / math.sqrt(x.shape[1]) @ self._model("shared.weight").T


def bucket(behind: int, both_ways: bool, rows: int = 32, most: int = 128) -> int:
    """The row of T5's table for a key so many places behind the query."""
    first, count = (rows // 2 if behind > 0 else 0, rows // 2) if both_ways else (0, rows)
    far, near = abs(behind) if both_ways else max(-behind, 0), count // 2
    if far < near:
        return first + far
    return first + min(count - 1, near + int(math.log(far / near) / math.log(most / near) * (count - near) + 1e-6))


class _Bart:
    def __init__(self, model: Model) -> None:
        self._model, self._c = model, model.config
        self._before = self._c["model_type"] == "mbart"

    def layers(self, side: str) -> int:
        return int(self._c[f"{side}_layers"])

    def entering(self, side: str, ids: list[int]) -> Array:
        words, width = self._model("shared.weight"), self._c["d_model"]
        x = words[ids] * (math.sqrt(width) if self._c["scale_embedding"] else 1.0)
        if self._c["model_type"] == "marian":
            angles = np.arange(len(ids))[:, None] / 10000 ** (np.arange(0, width, 2) / width)
            return x + np.concatenate([np.sin(angles), np.cos(angles)], axis=1)
        x = x + self._model(f"{side}.embed_positions.weight")[2 : 2 + len(ids)]
        return self._model.norm(x, f"{side}.layernorm_embedding", 1e-5)

    def layer(self, x: Array, side: str, layer: int, y: Array | None) -> tuple[Array, list[Array]]:
        at, heads, weights = f"{side}.layers.{layer}", self._c[f"{side}_attention_heads"], []
        for name, of in (("self_attn", None), *([] if y is None else [("encoder_attn", y)])):
            n = self._model.norm(x, f"{at}.{name}_layer_norm", 1e-5) if self._before else x
            other = n if of is None else of
            q, k, v = (
                split(self._model.linear(one, f"{at}.{name}.{letter}_proj"), heads)
                for letter, one in (("q", n), ("k", other), ("v", other))
            )
            mask = seen(len(x), causal=side == "decoder") if of is None else np.ones((len(x), len(other)), bool)
            found, shares = attend(q, k, v, q.shape[-1] ** -0.5, mask)
            x = x + self._model.linear(found, f"{at}.{name}.out_proj")
            x = x if self._before else self._model.norm(x, f"{at}.{name}_layer_norm", 1e-5)
            weights.append(shares)
        n = self._model.norm(x, f"{at}.final_layer_norm", 1e-5) if self._before else x
        curve = CURVES[{"swish": "silu"}.get(self._c["activation_function"], self._c["activation_function"])]
        x = x + self._model.linear(curve(self._model.linear(n, f"{at}.fc1")), f"{at}.fc2")
        return (x if self._before else self._model.norm(x, f"{at}.final_layer_norm", 1e-5)), weights

    def end(self, x: Array, side: str) -> Array:
        return self._model.norm(x, f"{side}.layer_norm", 1e-5) if self._before else x

    def logits(self, x: Array) -> Array:
        return x @ self._model("shared.weight").T + self._model("final_logits_bias")[0]
