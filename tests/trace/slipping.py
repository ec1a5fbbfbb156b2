"""Somebody who calculates attention and makes mistakes on purpose: plain, row by row, apart from the program's own way.

`commit` gives every step's numbers of an exercise with some slips committed.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from qkvtui.engine.arrays import FloatArray
from qkvtui.graph.example import Example
from qkvtui.trace.slips import SLIP_IDS
from qkvtui.trace.trace import Trace
from tests.trace.slipping_masks import Masking, bias, forbidden
from tests.trace.slipping_numbers import by_hand, exp, product, turned
from tests.trace.slipping_ways import ways_to_commit

Steps = dict[str, list[FloatArray]]
"""Step id → one matrix for each head, or one for all."""

OF_SINGLE_NUMBERS = ("row-adjusted", "misprinted-parameter", "copied-wrong", "impossible-softmax", "arithmetic")
"""These are no ways of calculating."""
CAN_BE_COMMITTED = tuple(slip for slip in SLIP_IDS if slip not in OF_SINGLE_NUMBERS)
PER_HEAD = ("queries", "keys", "values")


class Slipping:
    """One calculation with mistakes."""

    def __init__(self, example: Example, slips: Collection[str], decimals: int, how: Mapping[str, Any]) -> None:
        self.example, self.slips, self.decimals = example, frozenset(slips), decimals
        self.how = how
        """Slip → the way it is committed, where there are several."""
        self.heads = example.attention.heads

    def steps(self) -> Steps:
        """Every step the example has."""
        found = Steps()
        found.update(self._three())
        self._rotate(found)
        self._score(found)
        self._share(found)
        self._mix(found)
        self._join(found)
        there = {step.id for step in Trace(self.example).steps}
        return {name: [self._cut(matrix) for matrix in matrices] for name, matrices in found.items() if name in there}

    def _three(self) -> Steps:
        """Queries, keys and values of each head."""
        example, settings = self.example, self.example.attention
        if "X" not in example.inputs:
            return {name: self._given(letter) for name, letter in zip(PER_HEAD, "QKV", strict=True)}
        x = example.inputs["X"]
        y = example.inputs.get("Y", x)
        letters = ["Q", "K", "V"]
        if "swap-q-k" in self.slips:
            letters = ["K", "Q", "V"]
        if "swap-k-v" in self.slips:
            letters = [{"K": "V", "V": "K"}.get(letter, letter) for letter in letters]
        found: Steps = {}
        for name, letter, rows in zip(PER_HEAD, letters, (x, y, y), strict=True):
            count = settings.heads if name == "queries" else settings.kv_heads
            parts = self._apart(self._round(self._project(rows, letter)), count)
            found[name] = [parts[self._group(head, count)] for head in range(settings.heads)]
        return found

    def _given(self, letter: str) -> list[FloatArray]:
        array = self.example.inputs[letter]
        return list(array) if array.ndim == 3 else [array]

    def _project(self, rows: FloatArray, letter: str) -> FloatArray:
        w = self.example.parameters[f"W_{letter}"]
        b = self.example.parameters.get(f"b_{letter}")
        if "transposed-weights" in self.slips and w.shape[0] == w.shape[1]:
            w = w.T
        gone = "bias-forgotten" in self.slips and self.how["bias-forgotten"] == "projections"
        if b is None or gone:
            b = np.zeros(w.shape[1])
        return np.array(
            [[sum(row[i] * w[i, j] for i in range(len(row))) + b[j] for j in range(w.shape[1])] for row in rows]
        )

    def _apart(self, rows: FloatArray, count: int) -> list[FloatArray]:
        """The columns divided among `count` heads."""
        width = rows.shape[1] // count
        cut, _ = self.how["heads-cut-wrongly"] if "heads-cut-wrongly" in self.slips else ("right", True)
        if cut == "viewed":
            flat = [number for row in rows for number in row]
            size = len(flat) // count
            return [np.array(flat[head * size : (head + 1) * size]).reshape(len(rows), width) for head in range(count)]
        if cut == "every":
            return [rows[:, head::count] for head in range(count)]
        return [rows[:, head * width : (head + 1) * width] for head in range(count)]

    def _group(self, head: int, count: int) -> int:
        """Which of `count` key and value heads a head looks at."""
        return head % count if "groups-tiled" in self.slips else head * count // self.heads

    def _rotate(self, found: Steps) -> None:
        """Queries and keys at their positions."""
        rotary, slips = self.example.attention.rotary, self.slips
        swapped = "rotation-pairs-swapped" in slips
        if rotary is None:
            if swapped:  # what is given was rotated already: by the other pairing it would have been this
                width, (pairs, first) = found["queries"][0].shape[1], self.how["rotation-pairs-swapped"]
                for name in ("queries", "keys"):
                    back = [turned(one, 10000.0, width, pairs, first, -1) for one in found[name]]
                    found[name] = [turned(one, 10000.0, width, not pairs, first, 1) for one in back]
            return
        gone = self.how["rotation-forgotten"] if "rotation-forgotten" in slips else ()
        place = len(self.example.keys) - len(self.example.tokens) if self.example.attention.causal == "last" else 0
        for name, first in (("queries", rotary.first + place), ("keys", rotary.first)):
            width = rotary.width or found[name][0].shape[1]
            halves = (rotary.pairs == "halves") is not swapped
            rows = found[name]
            if name not in gone:
                rows = [self._round(turned(one, rotary.theta, width, halves, first, 1)) for one in rows]
            found[f"rotated_{name}"] = rows

    def _score(self, found: Steps) -> None:
        """From queries and keys to the numbers that softmax gets: `masked`, also where there is no mask."""
        queries, keys = (found.get(f"rotated_{name}", found[name]) for name in ("queries", "keys"))
        right = [keys_of if "keys-not-transposed" in self.slips else keys_of.T for keys_of in keys]
        scores = [self._round(product(q, k)) for q, k in zip(queries, right, strict=True)]
        scale, biases, masks = (
            self._scale(queries[0].shape[1]),
            bias(self.example),
            Masking(self.example, self.slips, self.how),
        )
        factor, early = self._bias_factor(), "bias-before-scale" in self.slips
        has_bias = self.example.attention.bias is not None
        found["scores"] = scores
        found["scaled"], found["biased"], found["masked"] = [], [], []
        for head, of_head in enumerate(scores):
            plus = biases[head] if has_bias else masks.finite[head]
            scaled = self._round(of_head * scale)
            biased = self._round((of_head + plus) * scale if early else scaled + plus * factor)
            has_it = early and self.how["bias-before-scale"] == "scaled has it"
            found["scaled"].append(biased if has_it else scaled)
            found["biased"].append(biased)
            kept = masks.finite[head] if has_bias else np.zeros(of_head.shape)
            found["masked"].append(self._round(masks.of(biased + kept, head)))

    def _bias_factor(self) -> float:
        """What a bias, or the finite numbers of a mask, are multiplied by."""
        if "bias-forgotten" in self.slips and self.how["bias-forgotten"] == "scores":
            return 0.0
        if "bias-negated" in self.slips:
            return -1.0
        return float(self.how["bias-rescaled"]) if "bias-rescaled" in self.slips else 1.0

    def _scale(self, d_k: int) -> float:
        scale = self.example.attention.scale
        if {"no-scale", "scale-after-softmax"} & self.slips:
            return 1.0
        if "other-scale" in self.slips:
            return float(self.how["other-scale"])
        if scale == "none":
            return 1.0
        if "scale-by-d_k" in self.slips:
            return 1 / d_k
        if "scale-by-d_model" in self.slips:
            return 1 / math.sqrt(self.example.inputs["X"].shape[1])
        return self._right_scale(d_k)

    def _right_scale(self, d_k: int) -> float:
        scale = self.example.attention.scale
        return 1 / math.sqrt(d_k) if isinstance(scale, str) else scale

    def _share(self, found: Steps) -> None:
        """From logits to weights."""
        shares = [self._shares(logits) for logits in found["masked"]]
        if "softmax-twice" in self.slips:
            shares = [self._again(share) for share in shares]
        if "scale-after-softmax" in self.slips:
            factor = self._right_scale(found["queries"][0].shape[1])
            shares = [share * factor for share in shares]
        if "mask-after-softmax" in self.slips:
            never = forbidden(self.example, (), {})
            shares = [np.where(never[head], 0.0, share) for head, share in enumerate(shares)]
        if "dropout-on" in self.slips:
            p, kept = self.how["dropout-on"]
            shares = [np.where(kept[head], share / (1 - p), 0.0) for head, share in enumerate(shares)]
        found["weights"] = [self._round(share) for share in shares]

    def _shares(self, logits: FloatArray) -> FloatArray:
        if "softmax-over-all" in self.slips:
            raised = np.where(np.isneginf(logits), 0.0, np.exp(logits))
            total = math.fsum(raised.ravel())
            return raised / total if total else np.full(raised.shape, math.nan)
        columns = "softmax-over-columns" in self.slips
        shares = []
        for row in logits.T if columns else logits:
            allowed = ~np.isneginf(row)
            raised = np.where(allowed, row, 0.0) if "no-exp" in self.slips else exp(row)
            total = float(raised.sum())
            if "softmax-plus-one" in self.slips:
                total = total + (math.exp(-row[allowed].max()) if allowed.any() else 1.0)
            shares.append(raised / total if allowed.any() else np.zeros(len(row)))
        found = np.array(shares)
        return found.T if columns else found

    def _again(self, shares: FloatArray) -> FloatArray:
        """Softmax of what are shares already."""
        rows = []
        for row in shares:
            raised = np.exp(row)
            if self.how["softmax-twice"] == "zeros stay":
                raised = np.where(row == 0, 0.0, raised)
            rows.append(raised / raised.sum() if raised.any() else raised)
        return np.array(rows)

    def _mix(self, found: Steps) -> None:
        """From weights and values to each head's output."""
        weights, values, outputs = found["weights"], found["values"], []
        if "values-are-inputs" in self.slips:
            inputs = self.example.inputs
            rows = inputs.get("Z", inputs.get("Y", inputs["X"]))
            width = rows.shape[1] // self.heads
            values = [rows[:, head * width : (head + 1) * width] for head in range(self.heads)]
        mean = np.mean(weights, axis=0)
        if "heads-averaged" in self.slips:
            found["weights"] = [self._round(mean)] * self.heads
            weights = found["weights"] if self.how["heads-averaged"] == "of the mean" else weights
        for head, shares in enumerate(weights):
            taken = shares.T if "attention-transposed" in self.slips else shares
            outputs.append(self._round(self._mixed(taken, values[head], found, head)))
        found["output"] = outputs

    def _mixed(self, shares: FloatArray, values: FloatArray, found: Steps, head: int) -> FloatArray:
        if "weights-times-scores" not in self.slips:
            return product(shares, values)
        step, as_matrices = self.how["weights-times-scores"]
        scores = found[step][head]
        return product(shares, scores) if as_matrices else shares * scores

    def _join(self, found: Steps) -> None:
        """The heads put together, and what comes after."""
        outputs = found["output"]
        _, turned = self.how["heads-cut-wrongly"] if "heads-cut-wrongly" in self.slips else ("right", True)
        side_by_side = np.concatenate(outputs, axis=1)
        if not turned:
            flat = [number for matrix in outputs for row in matrix for number in row]
            side_by_side = np.array(flat).reshape(side_by_side.shape)
        found["heads"] = [side_by_side]
        last = "heads" if self.heads > 1 else "output"
        if "W_O" in self.example.parameters:
            last = "projected"
            whole = found["heads"][0]
            forgotten = "output-projection-forgotten" in self.slips
            found["projected"] = [whole if forgotten else self._round(self._project(whole, "O"))]
        if "residual-added" in self.slips:
            found[last] = [found[last][0] + self.example.inputs["X"]]

    def _round(self, values: FloatArray) -> FloatArray:
        if "early-rounding" not in self.slips:
            return values
        unit, ties = Decimal(10) ** -self.decimals, ROUND_HALF_UP if self.how["early-rounding"] else ROUND_HALF_EVEN
        flat = [by_hand(float(one), unit, ties) for one in values.ravel()]
        return np.array(flat).reshape(values.shape)

    def _cut(self, values: FloatArray) -> FloatArray:
        """What is written down: with digits cut off, where that is the mistake."""
        if "truncated" not in self.slips:
            return values
        unit = Decimal(10) ** -self.decimals
        return np.array([by_hand(float(one), unit, ROUND_DOWN) for one in values.ravel()]).reshape(values.shape)


def commit(example: Example, slips: Collection[str], decimals: int, rng: np.random.Generator) -> Steps:
    """The numbers of somebody who commits exactly these slips, in a way that `rng` chooses."""
    return Slipping(example, slips, decimals, ways_to_commit(example, rng)).steps()
