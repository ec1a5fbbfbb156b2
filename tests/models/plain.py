"""The forward pass of BERT and GPT-2 in plain Python, loop by loop, from the tensors as they are stored.

Nothing here comes from qkvtui or NumPy; a matrix is a list of rows, and every sum is taken in float64.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.oracle import Matrix, Row, project, reference

Numbers = Mapping[str, Any]


@dataclass(frozen=True)
class Entered:
    """What enters the attention of a layer, and its matrices (m, m) and biases for all heads together."""

    x: Matrix
    parameters: dict[str, Any]
    weights: list[Matrix]
    """For each head (t, t)."""


def bert_layers(tensors: Numbers, config: Mapping[str, Any], ids: tuple[int, ...], bend: str) -> list[Entered]:
    """Each layer of a BERT (after Devlin et al. 2018, appendix A, and the tensors' names)."""
    first = config["pad_token_id"] + 1 if config["model_type"] == "roberta" else 0
    epsilon, heads = config["layer_norm_eps"], config["num_attention_heads"]
    words, places, types = (
        tensors[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")
    )
    hidden = [add(add(words[one], places[first + at]), types[0]) for at, one in enumerate(ids)]
    hidden = norm(hidden, tensors, "embeddings.LayerNorm", epsilon)
    found = []
    for index in range(config["num_hidden_layers"]):
        name = f"encoder.layer.{index}"
        parameters: dict[str, Any] = {}
        for letter, part in (("Q", "self.query"), ("K", "self.key"), ("V", "self.value"), ("O", "output.dense")):
            parameters[f"W_{letter}"] = transposed(tensors[f"{name}.attention.{part}.weight"])
            parameters[f"b_{letter}"] = tensors[f"{name}.attention.{part}.bias"]
        layer = reference({"X": hidden}, parameters, {"heads": heads, "kv_heads": heads})
        found.append(Entered(hidden, parameters, layer.weights))
        assert layer.projected is not None
        hidden = norm(plus(hidden, layer.projected), tensors, f"{name}.attention.output.LayerNorm", epsilon)
        middle = [
            [CURVES[bend](number) for number in row] for row in linear(hidden, tensors, f"{name}.intermediate.dense")
        ]
        fed = linear(middle, tensors, f"{name}.output.dense")
        hidden = norm(plus(hidden, fed), tensors, f"{name}.output.LayerNorm", epsilon)
    return found


def gpt2_layers(tensors: Numbers, config: Mapping[str, Any], ids: tuple[int, ...], bend: str) -> list[Entered]:
    """Each layer of a GPT-2 (after Radford et al. 2019, section 2.3, and the tensors' names)."""
    epsilon, heads, width = config["layer_norm_epsilon"], config["n_head"], config["n_embd"]
    hidden = [add(tensors["wte.weight"][one], tensors["wpe.weight"][at]) for at, one in enumerate(ids)]
    found = []
    for index in range(config["n_layer"]):
        name = f"h.{index}"
        entering = norm(hidden, tensors, f"{name}.ln_1", epsilon)
        together, biases = tensors[f"{name}.attn.c_attn.weight"], tensors[f"{name}.attn.c_attn.bias"]
        parameters: dict[str, Any] = {}
        for at, letter in enumerate("QKV"):
            columns = slice(at * width, (at + 1) * width)
            parameters[f"W_{letter}"] = [row[columns] for row in together]
            parameters[f"b_{letter}"] = biases[columns]
        parameters["W_O"] = tensors[f"{name}.attn.c_proj.weight"]
        parameters["b_O"] = tensors[f"{name}.attn.c_proj.bias"]
        factor = 1 / math.sqrt(width // heads) / (index + 1 if config.get("scale_attn_by_inverse_layer_idx") else 1)
        settings = {"heads": heads, "kv_heads": heads, "causal": True, "scale": factor}
        layer = reference({"X": entering}, parameters, settings)
        found.append(Entered(entering, parameters, layer.weights))
        assert layer.projected is not None
        hidden = plus(hidden, layer.projected)
        normal = norm(hidden, tensors, f"{name}.ln_2", epsilon)
        middle = [[CURVES[bend](number) for number in row] for row in convolved(normal, tensors, f"{name}.mlp.c_fc")]
        hidden = plus(hidden, convolved(middle, tensors, f"{name}.mlp.c_proj"))
    return found


def gelu(x: float) -> float:
    """x times the share of a normal distribution below x."""
    return x * 0.5 * (1 + math.erf(x / math.sqrt(2)))


def gelu_tanh(x: float) -> float:
    """The approximation that GPT-2 uses."""
    return 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


CURVES: dict[str, Callable[[float], float]] = {
    "gelu": gelu,
    "gelu_new": gelu_tanh,
    "relu": lambda x: max(x, 0.0),
    "silu": lambda x: x / (1 + math.exp(-x)),
}


def norm(x: Matrix, tensors: Numbers, name: str, epsilon: float) -> Matrix:
    """Each row to mean 0 and variance 1, times the gain, plus the bias."""
    found = []
    for row in x:
        mean = math.fsum(row) / len(row)
        variance = math.fsum((number - mean) ** 2 for number in row) / len(row)
        gain, bias = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
        deviation = math.sqrt(variance + epsilon)
        found.append([(n - mean) / deviation * g + b for n, g, b in zip(row, gain, bias, strict=True)])
    return found


def linear(x: Matrix, tensors: Numbers, name: str) -> Matrix:
    """torch.nn.Linear: weights are stored as (out, in)."""
    return project(x, transposed(tensors[f"{name}.weight"]), tensors[f"{name}.bias"])


def convolved(x: Matrix, tensors: Numbers, name: str) -> Matrix:
    """Conv1D: weights are stored as (in, out)."""
    return project(x, tensors[f"{name}.weight"], tensors[f"{name}.bias"])


def transposed(matrix: Matrix) -> Matrix:
    """Columns as rows."""
    return [list(column) for column in zip(*matrix, strict=True)]


def add(one: Row, other: Row) -> Row:
    """Two rows, number by number."""
    return [a + b for a, b in zip(one, other, strict=True)]


def plus(one: Matrix, other: Matrix) -> Matrix:
    """Two matrices, number by number."""
    return [add(a, b) for a, b in zip(one, other, strict=True)]
