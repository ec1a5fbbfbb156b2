"""Random examples that leave room for certain slips."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np

from qkvtui.engine.arrays import FloatArray
from qkvtui.graph.example import Example
from qkvtui.graph.mechanisms import Alibi, Relative, Rotary
from tests import samples

SCALES = {"no-scale", "scale-by-d_k", "scale-by-d_model", "scale-after-softmax", "other-scale", "bias-before-scale"}
MASKS = {
    "mask-forgotten",
    "mask-after-softmax",
    "mask-inverted",
    "mask-multiplied",
    "mask-added-as-numbers",
    "mask-not-infinite",
}
BIASES = {"bias-before-scale", "bias-negated", "bias-rescaled"}
SQUARES = {"keys-not-transposed", "attention-transposed", "padding-on-queries", "weights-times-scores"}
"""These need as many keys as queries."""
SEVERAL_HEADS = {"heads-cut-wrongly", "heads-averaged", "groups-tiled"}
WIDE_AS_X = {"values-are-inputs", "output-projection-forgotten", "residual-added"}
"""These need heads that are side by side as wide as X."""


def random_example(rng: np.random.Generator, *, suits: Collection[str] = ()) -> Example:
    """A small example of any layout, in which the slips in `suits` can be committed."""
    wanted = set(suits)
    heads, kv_heads = _heads(rng, wanted)
    cross = bool(rng.random() < 0.25) and not wanted & SQUARES
    t = int(rng.integers(2, 5))
    t = max(t, 3) if wanted & {"causal-shifted", "window-off-by-one"} else t
    s = int(rng.integers(2, 5)) if cross else t
    k, rotary = _rotary(rng, s if "keys-not-transposed" in wanted else int(rng.integers(2, 5)), wanted)
    m, v = _widths(rng, wanted, heads, k, s)
    masks = _masks(rng, t, s, wanted)
    has_last = "output-projection-forgotten" in wanted or rng.random() < 0.5
    example = samples.projected(
        f"random{int(rng.integers(1 << 30))}",
        tuple(f"q{index}" for index in range(t)),
        context=tuple(f"k{index}" for index in range(s)) if cross else None,
        m=m,
        k=k,
        v=v,
        heads=heads,
        kv_heads=kv_heads,
        biases="bias-forgotten" in wanted or bool(rng.random() < 0.3),
        last=bool(has_last),
        scale="1/sqrt(d_k)" if wanted & SCALES or rng.random() < 0.7 else "none",
        rotary=rotary,
        bias=_bias(rng, heads, t, s) if _needs_bias(rng, wanted, masks) else None,
        **masks,
    )
    return _fresh(example, rng)


def _heads(rng: np.random.Generator, wanted: set[str]) -> tuple[int, int]:
    """How many heads there are, and how many for keys and values."""
    if "groups-tiled" in wanted:
        return 4, 2
    several = wanted & SEVERAL_HEADS
    if "transposed-weights" in wanted:  # each matrix is square: as many columns for all heads together as X has
        heads = int(rng.integers(2, 4)) if several or "scale-by-d_model" in wanted else 1
        return heads, heads
    heads = int(rng.integers(2 if several else 1, 4))
    choices = [heads] if "swap-q-k" in wanted else [count for count in range(1, heads + 1) if heads % count == 0]
    return heads, int(rng.choice(choices))


def _widths(rng: np.random.Generator, wanted: set[str], heads: int, k: int, s: int) -> tuple[int, int]:
    """The width of X, and of each head's values."""
    v = k if "swap-k-v" in wanted else int(rng.integers(1, 4))
    if "weights-times-scores" in wanted:
        v = s
    if "transposed-weights" in wanted:
        return heads * k, k
    if wanted & WIDE_AS_X:
        return heads * v, v
    m = int(rng.integers(2, 5))
    m += int("scale-by-d_model" in wanted and m == k)
    m += int("scale-by-d_k" in wanted and m == k * k)  # √d_model would be the same
    return m, v


def _rotary(rng: np.random.Generator, k: int, wanted: set[str]) -> tuple[int, Rotary | None]:
    """d_k, and how queries and keys are rotated, if they are."""
    all_of_it = "rotation-pairs-swapped" in wanted
    if not all_of_it and "rotation-forgotten" not in wanted and (rng.random() < 0.9 or k % 2):
        return k, None
    k = 4 if all_of_it else k + k % 2
    width = None if all_of_it or rng.random() < 0.6 else 2
    pairs = "halves" if rng.random() < 0.5 else "neighbours"
    return k, Rotary(float(rng.choice([100.0, 10000.0])), width, pairs, int(rng.integers(0, 3)))  # type: ignore[arg-type]


def _needs_bias(rng: np.random.Generator, wanted: set[str], masks: dict[str, Any]) -> bool:
    if wanted & BIASES:
        mask = masks.get("mask")
        return mask is None or mask.dtype == np.bool_
    return bool(rng.random() < 0.15)


def _bias(rng: np.random.Generator, heads: int, t: int, s: int) -> Any:
    kind = int(rng.integers(4))
    if kind == 0:
        return Alibi(tuple(np.round(rng.uniform(0.1, 1, heads), 2).tolist()))
    if kind == 1:
        return Relative(tuple(map(tuple, np.round(rng.uniform(-1, 1, (heads, 5)), 2).tolist())))
    return np.round(rng.uniform(-2, 2, (heads, t, s) if kind == 2 else (t, s)), 1)


def _masks(rng: np.random.Generator, t: int, s: int, wanted: set[str]) -> dict[str, Any]:
    kinds = ["causal", "padding", "mask", "added"]
    if "mask-added-as-numbers" in wanted:
        kinds.remove("added")
    if not wanted & MASKS:
        kinds += ["window", "", "", ""]
    if wanted & BIASES and rng.random() < 0.4:
        kinds = ["added"]
    needed = {"window-off-by-one": "window", "causal-shifted": "causal", "padding-on-queries": "padding"}
    kind = next((needed[slip] for slip in needed if slip in wanted), str(rng.choice(kinds)))
    if kind in ("mask", "added"):
        return {"mask": _written(rng, t, s, kind)}
    found: dict[str, Any] = {"padding": _padding(rng, s)} if kind == "padding" else {}
    if kind == "window":
        found = _window(rng, t, s)
    if kind == "causal" or (kind in ("padding", "window") and "mask" not in found and rng.random() < 0.4):
        found |= _causal(rng, t, s, written=kind == "causal")
    return found


def _written(rng: np.random.Generator, t: int, s: int, kind: str) -> Any:
    allowed = rng.random((t, s)) < 0.6
    allowed[0, : s // 2] = True
    allowed[0, -1] = False
    return allowed if kind == "mask" else np.where(allowed, np.round(rng.uniform(-2, 2, (t, s)), 1), -np.inf)


def _padding(rng: np.random.Generator, s: int) -> Any:
    return np.array([True] + [bool(rng.random() < 0.7) for _ in range(s - 2)] + [False])


def _causal(rng: np.random.Generator, t: int, s: int, *, written: bool) -> dict[str, Any]:
    if t == s:
        as_table = written and rng.random() < 0.25
        return {"mask": np.tril(np.ones((t, s), dtype=np.bool_))} if as_table else {"causal": True}
    return {"causal": str(rng.choice(["first", "last"])) if t < s else "first"}


def _window(rng: np.random.Generator, t: int, s: int) -> dict[str, Any]:
    width = int(rng.integers(1, 3))
    if t == s and rng.random() < 0.25:
        offsets = np.arange(s)[None] - np.arange(t)[:, None]
        return {"mask": (offsets <= 0) & (offsets > -width)}
    return {"window": width}


def _fresh(example: Example, rng: np.random.Generator) -> Example:
    """The same shapes with other numbers."""

    def numbers(array: FloatArray) -> FloatArray:
        return np.round(rng.uniform(-1.5, 1.5, array.shape), 2)

    inputs = {name: numbers(array) for name, array in example.inputs.items()}
    parameters = {name: numbers(array) for name, array in example.parameters.items()}
    return replace(example, inputs=inputs, parameters=parameters)
