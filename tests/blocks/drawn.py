"""Files with blocks, drawn at random: every way of norming, bending, gating, sharing and reading."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np

from qkvtui.files.read import parse_example
from qkvtui.graph.example import Example

WORDS = ("the", "cat", "sat", "on", "mat")


def short_numbers(rng: np.random.Generator) -> Callable[..., Any]:
    """Draws arrays of a shape, of numbers with three decimals."""

    def numbers(*shape: int) -> Any:
        return rng.normal(size=shape).round(3).tolist()

    return numbers


def drawn(seed: int, layers: int = 1) -> dict[str, Any]:
    """The tables of a file, as its JSON has them."""
    rng = np.random.default_rng(seed)
    count, half = int(rng.integers(2, 6)), int(rng.integers(1, 3))
    heads = int(rng.choice([1, 2, 4]))
    kv_heads = int(rng.choice([one for one in (1, 2, 4) if heads % one == 0]))
    width, inner = heads * half * 2, int(rng.integers(1, 6))
    numbers = short_numbers(rng)
    with_words = bool(rng.integers(2))
    structure: dict[str, Any] = {
        "format": 1,
        "title": "drawn",
        "tokens": [str(one) for one in rng.choice(WORDS, count)],
        "query": int(rng.integers(count)),
    }
    if with_words:
        structure["vocabulary"] = {"tokens": list(WORDS), "E": numbers(len(WORDS), width)}
        places = rng.choice(["none", "table", "sines"])
        if places != "none":
            structure["vocabulary"]["positions"] = numbers(7, width) if places == "table" else "sinusoidal"
    else:
        structure["inputs"] = {"X": numbers(count, width)}
    structure["blocks"] = [_block(rng, numbers, width, inner, half * 2, heads, kv_heads) for _ in range(layers)]
    if with_words and rng.integers(2):
        readout: dict[str, Any] = {"norm": bool(rng.integers(2)), "temperature": float(rng.choice([0.5, 1.0, 2.0]))}
        if rng.integers(2):
            readout["tied"] = True
        else:
            readout |= {"W_U": numbers(width, len(WORDS)), "b_U": numbers(len(WORDS))}
        if readout["norm"]:
            readout["g_U"] = numbers(width)
        structure["readout"] = readout
    return structure


def grown(seed: int, layers: int = 1) -> dict[str, Any]:
    """The same with what models have beside it: scaled, typed, normed and widened words, parts side by side, caps."""
    rng = np.random.default_rng(seed + 1000)
    structure = drawn(seed, layers)
    width = len(structure["blocks"][0]["parameters"]["W_Q"])
    numbers = short_numbers(rng)
    narrow = int(rng.integers(2, 5)) if seed % 3 == 0 else width
    structure.pop("inputs", None)
    kind = structure["blocks"][0].get("kind", "layer")
    structure["vocabulary"] = _grown_words(seed, numbers, narrow, width, kind)
    for block in structure["blocks"]:
        _grow(block, seed, numbers, width, kind)
    if narrow == width:
        structure["readout"] = {"tied": True, "softcap": 1.5, "temperature": float(rng.choice([1.0, 2.0]))}
    else:
        structure["readout"] = {"W_U": numbers(width, len(WORDS)), "softcap": 1.5}
    return structure


def _grown_words(seed: int, numbers: Any, narrow: int, width: int, kind: str) -> dict[str, Any]:
    words: dict[str, Any] = {"tokens": list(WORDS), "E": numbers(len(WORDS), narrow)}
    if seed % 2:
        words["scale"] = 2.5
    if seed % 5 != 1:
        words["positions"] = numbers(7, narrow)
    if seed % 5 != 2:
        words["types"] = numbers(2, narrow)
    if seed % 4 != 3:
        words |= {"norm": True, "g_E": numbers(narrow)}
        if kind == "layer":
            words["b_En"] = numbers(narrow)
    if narrow != width:
        words |= {"W_E": numbers(narrow, width), "b_E": numbers(width)}
    return words


def _grow(block: dict[str, Any], seed: int, numbers: Any, width: int, kind: str) -> None:
    here = block["parameters"]
    for name in ("g_1", "b_1n", "g_2", "b_2n"):
        here.pop(name, None)
    if block.get("mlp", "none") == "none":
        block.pop("gated", None)
        block["mlp"] = "relu"
        here |= {"W_1": numbers(width, 3), "W_2": numbers(3, width)}
        here.pop("W_G", None)
    block["kind"] = kind
    block["norm"] = ("around", "before", "mlp", "none")[seed % 4]
    block["parallel"] = block["norm"] in ("before", "none")
    if block["norm"] == "around":
        here |= {"g_3": numbers(width), "g_4": numbers(width)}


INSIDE = (
    "W_Q",
    "W_K",
    "W_V",
    "W_O",
    "b_Q",
    "b_V",
    "b_O",
    "g_1",
    "b_1n",
    "g_2",
    "W_1",
    "b_1",
    "W_G",
    "b_G",
    "W_2",
    "b_2",
    "b_2n",
)


def places(structure: dict[str, Any]) -> dict[str, Any]:
    """The arrays that can move, each with the table that it stands in."""
    found = {
        name: structure["blocks"][0]["parameters"] for name in INSIDE if name in structure["blocks"][0]["parameters"]
    }
    if "vocabulary" in structure:
        found["E"] = structure["vocabulary"]
        if isinstance(structure["vocabulary"].get("positions"), list):
            found["positions"] = structure["vocabulary"]
    else:
        found["X"] = structure["inputs"]
    return found


def _block(rng: Any, numbers: Any, width: int, inner: int, d_k: int, heads: int, kv_heads: int) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        "W_Q": numbers(width, heads * d_k),
        "W_K": numbers(width, kv_heads * d_k),
        "W_V": numbers(width, kv_heads * 2),
        "W_O": numbers(heads * 2, width),
    }
    if rng.integers(2):
        parameters |= {"b_Q": numbers(heads * d_k), "b_V": numbers(kv_heads * 2), "b_O": numbers(width)}
    block: dict[str, Any] = {
        "norm": str(rng.choice(["before", "after", "none"])),
        "kind": str(rng.choice(["layer", "rms"])),
        "epsilon": float(rng.choice([1e-5, 1e-12, 0.1])),
        "mlp": str(rng.choice(["none", "relu", "gelu", "gelu_tanh", "silu"])),
    }
    if block["norm"] != "none" and rng.integers(2):
        parameters["g_1"] = numbers(width)
        if block["kind"] == "layer":
            parameters["b_1n"] = numbers(width)
    if block["mlp"] != "none":
        parameters |= {"W_1": numbers(width, inner), "W_2": numbers(inner, width)}
        if rng.integers(2):
            parameters |= {"b_1": numbers(inner), "b_2": numbers(width)}
        if rng.integers(2):
            block["gated"] = True
            parameters |= {"W_G": numbers(width, inner), "b_G": numbers(inner)}
        if block["norm"] != "none" and rng.integers(2):
            parameters["g_2"] = numbers(width)
            if block["kind"] == "layer":
                parameters["b_2n"] = numbers(width)
    attention = {"heads": heads, "kv_heads": kv_heads, "causal": bool(rng.integers(2))}
    return {**block, "parameters": parameters, "attention": attention}


def read(structure: dict[str, Any]) -> Example:
    """The example that the tables are read as."""
    return parse_example(json.dumps(structure), kind="json")
