"""Random files, as JSON, with one thing added to attention, and often others too."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np

from qkvtui.files.read import parse_example
from qkvtui.graph.example import Example

Tables = dict[str, Any]


class Sample:
    """One configuration: the tables of a file, and their sizes."""

    def __init__(self, kind: str, seed: int, *, learns: bool = False) -> None:
        self.rng = rng = np.random.default_rng([*kind.encode(), seed])
        self.kind = kind
        self.learns = learns
        """Whether it starts from X, from which something can be learned."""
        self.heads, self.groups = [(1, 1), (2, 2), (2, 1), (3, 1), (4, 2)][rng.integers(5)]
        self.k, self.v, self.m = 2 * int(rng.integers(1, 4)), int(rng.integers(1, 4)), int(rng.integers(1, 5))
        self.t = int(rng.integers(1, 5))
        self.has_context = kind in ("widths", "causal") or bool(rng.random() < 0.3)
        self.s = int(rng.integers(1, 5)) if self.has_context else self.t
        if kind == "causal" and self.s < self.t:
            self.t, self.s = self.s, self.t
        self.inputs: Tables = {}
        self.parameters: Tables = {}
        self.attention: Tables = {}
        self.learn: Tables = {}
        self._read_inputs()
        for name, add in ADDED.items():
            goes = kind != "scores" or name not in ("rotary", "norm", "scoring")
            if name == kind or (goes and rng.random() < 0.25):
                add(self)

    def numbers(self, *shape: int) -> Any:
        """Normal ones."""
        return self.rng.standard_normal(shape).tolist()

    @property
    def tables(self) -> Tables:
        """What the reference reads."""
        return {"inputs": self.inputs, "parameters": self.parameters, "attention": self.attention}

    @property
    def text(self) -> str:
        """The file."""
        found = {
            "format": 1,
            "title": self.kind,
            "tokens": [f"t{i}" for i in range(self.t)],
            **({"context": [f"s{i}" for i in range(self.s)]} if self.has_context else {}),
            **self.tables,
            **({"learn": self.learn} if self.learn else {}),
        }
        return json.dumps(found)

    def example(self) -> Example:
        """As it is read."""
        return parse_example(self.text, kind="json")

    def _read_inputs(self) -> None:
        if self.kind == "scores":
            several = self.heads > 1
            self.inputs["S"] = self.numbers(self.heads, self.t, self.s) if several else self.numbers(self.t, self.s)
            self.inputs["V"] = self.numbers(self.groups, self.s, self.v) if several else self.numbers(self.s, self.v)
            if self.rng.random() < 0.5:
                self.attention["scale"] = float(self.rng.uniform(0.2, 2))
        elif self.kind != "widths" and not self.learns and self.rng.random() < 0.25:
            heads, groups = ((self.heads,), (self.groups,)) if self.heads > 1 else ((), ())
            self.inputs["Q"] = self.numbers(*heads, self.t, self.k)
            self.inputs["K"] = self.numbers(*groups, self.s, self.k)
            self.inputs["V"] = self.numbers(*groups, self.s, self.v)
        else:
            self._read_x()
        if self.rng.random() < 0.3 and "X" in self.inputs:
            self.parameters["W_O"] = self.numbers(self.heads * self.v, self.m)

    def _read_x(self) -> None:
        self.inputs["X"] = self.numbers(self.t, self.m)
        width = of_values = self.m
        if self.has_context:
            width = of_values = int(self.rng.integers(1, 5))
            self.inputs["Y"] = self.numbers(self.s, width)
        if self.kind == "widths" and self.rng.random() < 0.6:
            of_values = int(self.rng.integers(1, 5))
            self.inputs["Z"] = self.numbers(self.s, of_values)
        self.parameters["W_Q"] = self.numbers(self.m, self.heads * self.k)
        self.parameters["W_K"] = self.numbers(width, self.groups * self.k)
        self.parameters["W_V"] = self.numbers(of_values, self.groups * self.v)
        if self.rng.random() < 0.3:
            self.parameters["b_K"] = self.numbers(self.groups * self.k)
        if self.heads > 1:
            self.attention["heads"] = self.heads
            self.attention["kv_heads"] = self.groups


def _rotary(one: Sample) -> None:
    chosen = {
        "theta": float(one.rng.choice([10.0, 100.0, 10000.0])),
        "width": 2 * int(one.rng.integers(1, one.k // 2 + 1)),
        "pairs": str(one.rng.choice(["halves", "neighbours"])),
        "first": int(one.rng.integers(0, 5)),
    }
    one.attention["rotary"] = {name: value for name, value in chosen.items() if one.rng.random() < 0.7}


def _bias(one: Sample) -> None:
    kind = one.rng.integers(4)
    if kind == 0:
        one.attention["bias"] = {"kind": "alibi", "slopes": one.rng.uniform(0, 1, one.heads).tolist()}
    elif kind == 1:
        width = 2 * int(one.rng.integers(0, 4)) + 1
        one.attention["bias"] = {"kind": "relative", "table": one.numbers(one.heads, width)}
    else:
        one.attention["bias"] = one.numbers(one.t, one.s) if kind == 2 else one.numbers(one.heads, one.t, one.s)


def _mask(one: Sample) -> None:
    heads = () if one.rng.random() < 0.3 else (one.heads,)
    shape = (*heads, one.t, one.s)
    if one.rng.random() < 0.5:
        one.attention["mask"] = (one.rng.random(shape) < 0.7).tolist()
        return
    numbers = np.where(one.rng.random(shape) < 0.2, np.nan, one.rng.standard_normal(shape))
    one.attention["mask"] = json.loads(json.dumps(numbers.tolist()).replace("NaN", "null"))


def _causal(one: Sample) -> None:
    choices: list[Any] = [True] if one.t == one.s else ["first"]
    if one.t <= one.s:
        choices.append("last")
    one.attention["causal"] = choices[int(one.rng.integers(len(choices)))]


def _window(one: Sample) -> None:
    one.attention["window"] = int(one.rng.integers(1, 4))


def _softcap(one: Sample) -> None:
    one.attention["softcap"] = float(one.rng.uniform(0.5, 5))


def _sink(one: Sample) -> None:
    one.attention["sink"] = one.numbers(one.heads)


def _norm(one: Sample) -> None:
    one.attention["norm"] = "rms"
    one.parameters["g_Q"], one.parameters["g_K"] = one.numbers(one.k), one.numbers(one.k)


def _scoring(one: Sample) -> None:
    scoring = str(one.rng.choice(["general", "additive", "cosine"]))
    one.attention["scoring"] = scoring
    if scoring == "general":
        one.parameters["W_S"] = one.numbers(one.k, one.k)
    if scoring == "additive":
        one.parameters["v_S"] = one.numbers(one.k)


ADDED: dict[str, Callable[[Sample], None]] = {
    "rotary": _rotary,
    "bias": _bias,
    "mask": _mask,
    "causal": _causal,
    "window": _window,
    "softcap": _softcap,
    "sink": _sink,
    "norm": _norm,
    "scoring": _scoring,
}
KINDS = (*ADDED, "widths", "scores")
