"""Somebody who calculates attention and makes mistakes on purpose: plain, row by row, apart from the program's own way.

`commit` gives every step's numbers of a random exercise with some slips committed, and `printed` prints them.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from qkvtui.engine.arrays import FloatArray
from qkvtui.graph.example import Example
from qkvtui.graph.printed import Published
from qkvtui.operations.tensors import Address
from qkvtui.trace.slips import Explanation
from qkvtui.trace.slips.prediction import Suspicions
from qkvtui.trace.trace import Trace
from tests import samples

Steps = dict[str, list[FloatArray]]
"""Step id → one matrix for each head, or one for all."""

CAN_BE_COMMITTED = (
    "no-scale",
    "scale-by-d_k",
    "scale-by-d_model",
    "softmax-over-columns",
    "mask-after-softmax",
    "mask-forgotten",
    "no-exp",
    "early-rounding",
    "swap-q-k",
    "swap-k-v",
    "transposed-weights",
    "bias-forgotten",
)
PER_HEAD = ("queries", "keys", "values", "scores", "scaled", "masked", "weights", "output")


@dataclass(frozen=True)
class Slipping:
    """One calculation with mistakes."""

    example: Example
    slips: frozenset[str]
    decimals: int
    half_up: bool

    def steps(self) -> Steps:
        """Every step the example has."""
        settings, found = self.example.attention, Steps()
        found.update(self._projections())
        per_head = [self._head(head, found) for head in range(settings.heads)]
        for name in PER_HEAD[3:]:
            found[name] = [one[name] for one in per_head]
        found["heads"] = [np.concatenate(found["output"], axis=1)]
        if "W_O" in self.example.parameters:
            found["projected"] = [self._round(self._project(found["heads"][0], "O", {"O": self._which("O")}))]
        there = {step.id for step in Trace(self.example).steps}
        return {name: matrices for name, matrices in found.items() if name in there}

    def _projections(self) -> Steps:
        """Queries, keys and values of each head."""
        example, settings = self.example, self.example.attention
        x = example.inputs["X"]
        y = example.inputs.get("Y", x)
        letters = ["Q", "K", "V"]
        if "swap-q-k" in self.slips:
            letters = ["K", "Q", "V"]
        if "swap-k-v" in self.slips:
            letters = ["Q", "V", "K"]
        found: Steps = {}
        which = {letter: self._which(letter) for letter in "QKV"}
        for name, letter, rows in zip(PER_HEAD, letters, (x, y, y), strict=False):
            count = settings.heads if letter == "Q" else settings.kv_heads
            parts = np.split(self._round(self._project(rows, letter, which)), count, axis=1)
            found[name] = [parts[head * count // settings.heads] for head in range(settings.heads)]
        return found

    def _which(self, letter: str) -> set[str]:
        """The mistakes made with this letter's parameters."""
        return {slip for slip in ("transposed-weights", "bias-forgotten") if slip in self.slips}

    def _project(self, rows: FloatArray, letter: str, which: dict[str, set[str]]) -> FloatArray:
        w = self.example.parameters[f"W_{letter}"]
        b = self.example.parameters.get(f"b_{letter}")
        if "transposed-weights" in which[letter] and w.shape[0] == w.shape[1]:
            w = w.T
        if b is None or "bias-forgotten" in which[letter]:
            b = np.zeros(w.shape[1])
        return np.array(
            [[sum(row[i] * w[i, j] for i in range(len(row))) + b[j] for j in range(w.shape[1])] for row in rows]
        )

    def _head(self, head: int, found: Steps) -> dict[str, FloatArray]:
        q, k, v = (found[name][head] for name in PER_HEAD[:3])
        mask = self._mask()
        scores = self._round(np.array([[sum(a * b for a, b in zip(one, two, strict=True)) for two in k] for one in q]))
        scaled = self._round(scores * self._scale(q.shape[1]))
        seen = mask if "mask-after-softmax" not in self.slips else np.where(np.isneginf(mask), 0, mask)
        masked = self._round(scaled + seen)
        logits = scaled if "mask-forgotten" in self.slips else masked
        weights = self._shares(logits)
        if "mask-after-softmax" in self.slips:
            weights = np.where(np.isneginf(mask), 0, weights)
        weights = self._round(weights)
        output = self._round(np.array([sum(a * row for a, row in zip(one, v, strict=True)) for one in weights]))
        names = dict(zip(PER_HEAD[3:], (scores, scaled, logits, weights, output), strict=True))
        if self.example.attention.scale == "none":
            names["scaled"] = scores
        return names

    def _scale(self, d_k: int) -> float:
        scale = self.example.attention.scale
        if scale == "none" or "no-scale" in self.slips:
            return 1.0
        if "scale-by-d_k" in self.slips:
            return 1 / d_k
        if "scale-by-d_model" in self.slips:
            return 1 / math.sqrt(self.example.inputs["X"].shape[1])
        return 1 / math.sqrt(d_k) if isinstance(scale, str) else scale

    def _mask(self) -> FloatArray:
        settings = self.example.attention
        queries, keys = len(self.example.tokens), len(self.example.keys)
        mask = np.zeros((queries, keys))
        for i in range(queries):
            for j in range(keys):
                forbidden = (settings.causal and j > i) or (settings.padding is not None and not settings.padding[j])
                if settings.mask is not None:
                    own = settings.mask[i, j]
                    forbidden = forbidden or (settings.mask.dtype == np.bool_ and not own)
                    mask[i, j] = 0.0 if settings.mask.dtype == np.bool_ else float(own)
                if forbidden:
                    mask[i, j] = -math.inf
        return mask

    def _shares(self, logits: FloatArray) -> FloatArray:
        table = logits.T if "softmax-over-columns" in self.slips else logits
        shares = []
        for row in table:
            allowed = ~np.isneginf(row)
            raised = np.where(allowed, row, 0.0) if "no-exp" in self.slips else np.where(allowed, np.exp(row), 0.0)
            shares.append(raised / raised.sum() if allowed.any() else np.zeros(len(row)))
        found = np.array(shares)
        return found.T if "softmax-over-columns" in self.slips else found

    def _round(self, values: FloatArray) -> FloatArray:
        if "early-rounding" not in self.slips:
            return values
        unit, ties = Decimal(10) ** -self.decimals, ROUND_HALF_UP if self.half_up else ROUND_HALF_EVEN
        flat = [_by_hand(float(one), unit, ties) for one in values.ravel()]
        return np.array(flat).reshape(values.shape)


def _by_hand(value: float, unit: Decimal, ties: str) -> float:
    return float(Decimal(repr(round(value, 10))).quantize(unit, ties)) if math.isfinite(value) else value


def random_example(rng: np.random.Generator, *, suits: Collection[str] = ()) -> Example:
    """A small example of any layout, in which the slips in `suits` can be committed."""
    t, m, k = (int(rng.integers(2, 5)) for _ in range(3))
    heads = int(rng.integers(1, 4))
    kv_heads = int(rng.choice([count for count in range(1, heads + 1) if heads % count == 0]))
    v = k if "swap-k-v" in suits else int(rng.integers(1, 4))
    k += int("scale-by-d_k" in suits and k == 1)
    if "transposed-weights" in suits:
        heads = kv_heads = 1
        k = v = m
    if "swap-q-k" in suits:
        kv_heads = heads
    if "scale-by-d_model" in suits and m == k:
        m += 1
        suits = [slip for slip in suits if slip != "transposed-weights"]
    m += int("scale-by-d_k" in suits and m == k * k)  # √d_model would be the same
    cross = bool(rng.random() < 0.25)
    s = int(rng.integers(2, 5)) if cross else t
    scaled = {"no-scale", "scale-by-d_k", "scale-by-d_model"} & set(suits)
    example = samples.projected(
        f"random{int(rng.integers(1 << 30))}",
        tuple(f"q{index}" for index in range(t)),
        context=tuple(f"k{index}" for index in range(s)) if cross else None,
        m=m,
        k=k,
        v=v,
        heads=heads,
        kv_heads=kv_heads,
        biases="bias-forgotten" in suits or bool(rng.random() < 0.3),
        last=bool(rng.choice([False, True])),
        scale="1/sqrt(d_k)" if scaled or rng.random() < 0.7 else str(rng.choice(["none"])),  # type: ignore[arg-type]
        **_masks(rng, t, s, needed=any(slip.startswith("mask") for slip in suits)),
    )
    return _fresh(example, rng)


def _masks(rng: np.random.Generator, t: int, s: int, needed: bool) -> dict[str, Any]:
    kinds = ["causal", "padding", "mask", "added"]
    kind = str(rng.choice(kinds if needed else [*kinds, "", "", ""]))
    allowed = rng.random((t, s)) < 0.6
    allowed[0, : s // 2] = True
    allowed[0, -1] = False
    if kind == "causal":
        return {"causal": True if t == s else "first"}
    if kind == "padding":
        return {"padding": np.array([True] + [bool(rng.random() < 0.7) for _ in range(s - 2)] + [False])}
    if kind == "mask":
        return {"mask": allowed}
    return {"mask": np.where(allowed, np.round(rng.uniform(-2, 2, (t, s)), 1), -np.inf)} if kind == "added" else {}


def _fresh(example: Example, rng: np.random.Generator) -> Example:
    """The same shapes with other numbers."""

    def numbers(array: FloatArray) -> FloatArray:
        return np.round(rng.uniform(-1.5, 1.5, array.shape), 2)

    inputs = {name: numbers(array) for name, array in example.inputs.items()}
    parameters = {name: numbers(array) for name, array in example.parameters.items()}
    return replace(example, inputs=inputs, parameters=parameters)


def printed(example: Example, steps: Steps, decimals: int, rng: np.random.Generator, *, some: bool = True) -> Trace:
    """The example with the numbers of some steps (or of all), rounded, as published ones."""
    names = sorted(steps)
    if some:
        names = sorted(rng.choice(names, int(rng.integers(1, len(names) + 1)), replace=False).tolist())
    rows: dict[str, dict[int, tuple[float, ...]]] = {}
    for name in names:
        for head, matrix in enumerate(steps[name]):
            if head and rng.random() < 0.3:
                continue
            rounded = np.round(matrix, decimals) + 0.0
            chosen = range(len(matrix)) if rng.random() < 0.7 else sorted({0, int(rng.integers(len(matrix)))})
            rows[f"{name}@{head}" if head else name] = {row: tuple(rounded[row].tolist()) for row in chosen}
    published = Published(rows, decimals)
    return Trace(replace(example, published=published))


def explain(trace: Trace, cell: Address, typed: float, decimals: int) -> tuple[Explanation, ...]:
    """What is said of one number, typed with so many decimals, where no other was."""
    suspicions = Suspicions(trace)
    return suspicions.explained(cell, typed, decimals, decimals, suspicions.fitting(cell, typed, decimals))


def ids_of(trace: Trace, cell: Address, typed: float, decimals: int) -> tuple[str, ...]:
    """The slips that explain a typed number, most specific first."""
    return tuple(dict.fromkeys(one.slips[0] for one in explain(trace, cell, typed, decimals)))


def commit(example: Example, slips: Collection[str], decimals: int, rng: np.random.Generator) -> Steps:
    """The numbers of somebody who commits exactly these slips."""
    return Slipping(example, frozenset(slips), decimals, half_up=bool(rng.random() < 0.5)).steps()
