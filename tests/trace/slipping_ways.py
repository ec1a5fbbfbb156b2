"""The ways in which a slip can be committed, where there are several."""

from __future__ import annotations

from typing import Any

import numpy as np

from qkvtui.graph.example import Example
from qkvtui.graph.masks import masks_in


def ways_to_commit(example: Example, rng: np.random.Generator) -> dict[str, Any]:
    """Slip → the way it is committed in this example."""
    settings = example.attention
    queries, keys = len(example.tokens), len(example.keys)
    masks = list(masks_in(settings, queries, keys))
    shifts: list[Any] = [-1, 1, "other end"] if settings.causal and keys > queries else [-1, 1]
    steps = ["scores", "scaled"] if settings.scale != "none" else ["scores"]
    has_projections = any(name.startswith("b_") for name in example.parameters)
    biases = ["projections"] * has_projections + ["scores"] * (settings.bias is not None)
    shape = (settings.heads, queries, keys)
    p = float(rng.choice([0.1, 0.2, 0.5]))
    forbidding = [name for name in masks if name != "mask" or settings.mask is None or not np.all(settings.mask)]
    return {
        "early-rounding": bool(rng.random() < 0.5),
        "mask-forgotten": _one(rng, ["all", *masks]),
        "mask-inverted": _one(rng, ["all", *forbidding]),
        "blind rows": _one(rng, [-np.inf, -1e9]),
        "causal-shifted": _one(rng, shifts),
        "window-off-by-one": _one(rng, [1] if settings.window == 1 else [-1, 1]),
        "mask-not-infinite": _one(
            rng, [(number, filled) for number in (-10.0, -100.0, -1e4, -1e9, -7.5, -3.0) for filled in (False, True)]
        ),
        "bias-forgotten": _one(rng, biases or ["projections"]),
        "bias-before-scale": _one(rng, ["scaled has it", "scaled as it is"]),
        "bias-rescaled": _one(rng, [2.0, 0.5, 0.3, 1.7]),
        "other-scale": _one(rng, [0.3, 2.0, 0.11, 0.9, 1.4]),
        "heads-cut-wrongly": _one(
            rng, [("viewed", True), ("viewed", False), ("every", True), ("every", False), ("right", False)]
        ),
        "heads-averaged": _one(rng, ["of each", "of the mean"]),
        "rotation-forgotten": _one(rng, [("queries", "keys"), ("queries",), ("keys",)]),
        "rotation-pairs-swapped": (bool(rng.random() < 0.5), int(rng.integers(2))),
        "softmax-twice": _one(rng, ["all", "zeros stay"]) if masks else "all",
        "weights-times-scores": (_one(rng, steps), bool(rng.random() < 0.5) and queries == keys),
        "dropout-on": (p, rng.random(shape) >= p),
    }


def _one(rng: np.random.Generator, choices: list[Any]) -> Any:
    return choices[int(rng.integers(len(choices)))]
