"""Whole layers in NumPy alone, on complex numbers too: the imaginary part of a tiny step is a derivative, exactly.

Nothing here comes from qkvtui. It expects the tables of a file with `[[blocks]]` as Python values.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

Numbers = Any


def bent(x: Numbers, curve: str) -> Numbers:
    """relu, gelu, gelu_tanh or silu of a number whose imaginary part is next to nothing."""
    real = x.real
    if curve == "relu":
        return np.where(real > 0, x, 0)
    if curve == "gelu":
        share = 0.5 * (1 + np.vectorize(math.erf)(real / math.sqrt(2)))
        density = np.exp(-0.5 * real * real) / math.sqrt(2 * math.pi)
        return x * (share + 1j * x.imag * density)
    if curve == "gelu_tanh":
        return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    with np.errstate(over="ignore"):
        return x / (1 + np.exp(-x))


def normed(x: Numbers, kind: str, epsilon: float, gain: Any = None, bias: Any = None) -> Numbers:
    """LayerNorm or RMSNorm of each row."""
    apart = x - x.mean(axis=-1, keepdims=True) if kind == "layer" else x
    found = apart / np.sqrt((apart * apart).mean(axis=-1, keepdims=True) + epsilon)
    found = found if gain is None else found * np.asarray(gain)
    return found if bias is None else found + np.asarray(bias)


def attended(
    x: Numbers, p: Mapping[str, Any], settings: Mapping[str, Any], put: Mapping[int, Numbers] = {}
) -> tuple[Numbers, Numbers, list[Numbers]]:
    """(what attention finds (t, m), its weights (h, t, t), what each head finds); `put` stands for what heads find."""
    heads, kv_heads = settings.get("heads", 1), settings.get("kv_heads", settings.get("heads", 1))
    q, k, v = (x @ np.asarray(p[f"W_{one}"]) + np.asarray(p.get(f"b_{one}", 0.0)) for one in "QKV")
    d_k, d_v, count = q.shape[1] // heads, v.shape[1] // kv_heads, len(x)
    found, weights = [], []
    for head in range(heads):
        shared = head // (heads // kv_heads)
        of_q = q[:, head * d_k : (head + 1) * d_k]
        of_k = k[:, shared * d_k : (shared + 1) * d_k]
        scores = of_q @ of_k.T / math.sqrt(d_k)
        if settings.get("causal"):
            scores = np.where(np.tril(np.ones((count, count), dtype=bool)), scores, -1e30)
        powers = np.exp(scores - scores.real.max(axis=-1, keepdims=True))
        weights.append(powers / powers.sum(axis=-1, keepdims=True))
        found.append(put.get(head, weights[-1] @ v[:, shared * d_v : (shared + 1) * d_v]))
    side_by_side = np.concatenate(found, axis=1)
    projected = side_by_side @ np.asarray(p["W_O"]) + np.asarray(p.get("b_O", 0.0)) if "W_O" in p else side_by_side
    return projected, np.array(weights), found


def layer(x: Numbers, block: Mapping[str, Any], put: Mapping[int, Numbers] = {}) -> dict[str, Numbers]:
    """What one block makes of its rows: its steps by id; `weights` and `output` by head."""
    p, settings = block["parameters"], block.get("attention", {})
    norm, kind, epsilon = block.get("norm", "none"), block.get("kind", "layer"), block.get("epsilon", 1e-5)
    curve = block.get("mlp", "none")

    def size(rows: Numbers, letter: str) -> Numbers:
        return normed(rows, kind, epsilon, p.get(f"g_{letter}"), p.get(f"b_{letter}n"))

    steps = {"embeddings": x}
    source = size(x, "1") if norm in ("before", "around") else x
    found, steps["weights"], by_head = attended(source, p, settings, put)
    steps["output"] = np.array(by_head)
    found = size(found, "3") if norm == "around" else found
    stream = x + found
    if norm == "after":
        stream = size(stream, "1")
    if curve == "none":
        return {**steps, "left": stream}
    entering = x if block.get("parallel") else stream
    entering = size(entering, "2") if norm in ("before", "around", "mlp") else entering
    hidden = entering @ np.asarray(p["W_1"]) + np.asarray(p.get("b_1", 0.0))
    if block.get("gated"):
        inner = bent(entering @ np.asarray(p["W_G"]) + np.asarray(p.get("b_G", 0.0)), curve) * hidden
    else:
        inner = bent(hidden, curve)
    fed = inner @ np.asarray(p["W_2"]) + np.asarray(p.get("b_2", 0.0))
    left = stream + (size(fed, "4") if norm == "around" else fed)
    return {**steps, "hidden": hidden, "fed": fed, "left": size(left, "2") if norm == "after" else left}


def model(structure: Mapping[str, Any]) -> list[dict[str, Numbers]]:
    """The steps of every layer; the last one also reads the next word, where the file says how."""
    vocabulary, tokens = structure.get("vocabulary"), structure["tokens"]
    if vocabulary is None:
        x = np.asarray(structure["inputs"]["X"]) + 0j
    else:
        table = np.asarray(vocabulary["E"])
        x = table[[vocabulary["tokens"].index(token) for token in tokens]] * vocabulary.get("scale", 1.0) + 0j
        places = vocabulary.get("positions")
        if isinstance(places, str):
            x = x + _sines(len(tokens), x.shape[1])
        elif places is not None:
            x = x + np.asarray(places)[: len(tokens)]
        x = x + np.asarray(vocabulary["types"])[0] if "types" in vocabulary else x
        if vocabulary.get("norm"):
            first = structure["blocks"][0]
            kind, epsilon = first.get("kind", "layer"), first.get("epsilon", 1e-5)
            x = normed(x, kind, epsilon, vocabulary.get("g_E"), vocabulary.get("b_En"))
        if "W_E" in vocabulary:
            x = x @ np.asarray(vocabulary["W_E"]) + np.asarray(vocabulary.get("b_E", 0.0))
    layers = []
    for block in structure["blocks"]:
        layers.append(layer(x, block))
        x = layers[-1]["left"]
    readout = structure.get("readout")
    if readout is not None:
        assert vocabulary is not None
        last = structure["blocks"][-1]
        kind, epsilon = last.get("kind", "layer"), last.get("epsilon", 1e-5)
        rows = normed(x, kind, epsilon, readout.get("g_U"), readout.get("b_Un")) if readout.get("norm") else x
        table = np.asarray(vocabulary["E"]).T if readout.get("tied") else np.asarray(readout["W_U"])
        logits = rows @ table + np.asarray(readout.get("b_U", 0.0))
        layers[-1]["logits"] = logits
        if "softcap" in readout:
            layers[-1] |= {"capped_logits": (logits := np.tanh(logits / readout["softcap"]) * readout["softcap"])}
        powers = np.exp((logits - logits.real.max(axis=-1, keepdims=True)) / readout.get("temperature", 1.0))
        layers[-1] |= {"probabilities": powers / powers.sum(axis=-1, keepdims=True)}
    return layers


def _sines(count: int, width: int) -> Numbers:
    found = np.zeros((count, width))
    for place in range(count):
        for column in range(width):
            angle = place / 10000 ** ((column - column % 2) / width)
            found[place, column] = math.cos(angle) if column % 2 else math.sin(angle)
    return found
