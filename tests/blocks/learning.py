"""Blocks with something to learn: what the last layer leaves of one row, or the words that are read behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from qkvtui.graph.example import Example
from qkvtui.graph.task import Learn
from qkvtui.trace.trace import Trace
from tests.blocks.drawn import WORDS, drawn, grown, places, read, short_numbers

BLOCKS = 17
"""So many seeds have every curve, norm and way of reading among them."""


def block_to_learn(seed: int) -> Example:
    """A block whose numbers all move."""
    structure = drawn(seed)
    example = read(structure)
    rng = np.random.default_rng(seed)
    row = int(rng.integers(len(example.tokens)))
    wanted = rng.normal(size=(1, example.inputs["X"].shape[1]))
    return replace(example, learn=Learn("output", tuple(places(structure)), rows=(row,), target=wanted))


def words_to_learn(seed: int, layers: int, *, as_models: bool = False) -> dict[str, Any]:
    """The tables of a file with layers whose numbers all move, and with words that are wanted of its sentences.

    `as_models`: with what models have beside it.
    """
    structure = (grown if as_models else drawn)(seed, layers)
    rng = np.random.default_rng(1000 + seed)
    width = len(structure["blocks"][0]["parameters"]["W_Q"])
    numbers = short_numbers(rng)
    if structure.pop("inputs", None) is not None:
        structure["vocabulary"] = {"tokens": list(WORDS), "E": numbers(len(WORDS), width)}
        structure["vocabulary"]["positions"] = numbers(8, width) if seed % 2 else "sinusoidal"
    for block in structure["blocks"]:
        if as_models and block["norm"] == "around" and block["kind"] == "layer":
            block["parameters"] |= {"b_3n": numbers(width), "b_4n": numbers(width)}
    if not as_models:
        structure["readout"] = _readout(seed, numbers, width, structure["blocks"][-1]["kind"])
    causal = all(block["attention"]["causal"] for block in structure["blocks"])
    sentences: list[dict[str, Any]] = [
        {"tokens": structure["tokens"], "query": structure["query"], "word": str(rng.choice(WORDS))}
    ]
    for count in (3, 6):
        sentence: dict[str, Any] = {"tokens": rng.choice(WORDS, count).tolist()}
        if not causal or count == 6:
            sentence |= {"query": int(rng.integers(count)), "word": str(rng.choice(WORDS))}
        sentences.append(sentence)
    structure["learn"] = {"sentences": sentences, "test": [{"tokens": ["the", "mat"], "word": "cat"}]}
    return structure


def _readout(seed: int, numbers: Any, width: int, kind: str) -> dict[str, Any]:
    """Tied or not, normed or not, with a gain, a bias or both, with a temperature or none."""
    count = len(WORDS)
    found: dict[str, Any] = (
        {"tied": True},
        {"tied": True, "norm": True, "g_U": numbers(width), "b_Un": numbers(width), "temperature": 0.7},
        {"W_U": numbers(width, count), "b_U": numbers(count), "norm": True, "g_U": numbers(width)},
        {"W_U": numbers(width, count), "norm": True, "b_Un": numbers(width), "temperature": 2.0},
    )[seed % 4]
    if kind == "rms":
        found.pop("b_Un", None)
    return found


def layers_to_learn() -> Iterator[Trace]:
    """Every layer of a few such files, which between them have each step of learning that layers can have."""
    for seed, as_models in (*((seed, False) for seed in range(_WORDS)), *((seed, True) for seed in (0, 1, 2, 3, 8))):
        trace = Trace(read(words_to_learn(seed, 2, as_models=as_models)))
        yield from (trace.at_layer(layer) for layer in range(2))


_WORDS = 6
