"""The masks of somebody who makes mistakes on purpose: who may look at whom, query by query, key by key."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np

from qkvtui.engine.arrays import BoolArray, FloatArray
from qkvtui.graph.example import Example, Settings
from qkvtui.graph.mechanisms import Alibi, Relative

Allowed = Callable[[int, int, int], bool]
"""Head, query, key → whether that query may look at that key."""


class Masking:
    """What somebody's masks make of the scores."""

    def __init__(self, example: Example, slips: frozenset[str], how: Mapping[str, Any]) -> None:
        self.never = forbidden(example, slips, how)
        self.finite = added(example, slips, how)
        self._slips, self._how = slips, how

    def of(self, scores: FloatArray, head: int) -> FloatArray:
        """The scores of a head with the mask on them."""
        never, slips = self.never[head], self._slips
        if "mask-after-softmax" in slips:
            return scores
        if "mask-multiplied" in slips:
            return np.where(never, 0.0, scores)
        if "mask-added-as-numbers" in slips:
            return scores + np.where(never, 0.0, 1.0)
        if "mask-not-infinite" in slips:
            number, filled = self._how["mask-not-infinite"]
            return np.where(never, number, scores) if filled else scores + np.where(never, number, 0.0)
        other = slips & {"mask-inverted", "causal-shifted", "window-off-by-one", "padding-on-queries"}
        number = self._how["blind rows"] if other and never.all(axis=1).any() else -math.inf
        return np.where(never, number, scores)


def forbidden(example: Example, slips: Collection[str], how: Mapping[str, Any]) -> BoolArray:
    """(h, t, s): who may not look at whom, as somebody with these slips believes."""
    rules = _rules(example, slips, how)
    for slip in {"mask-forgotten", "mask-inverted"} & set(slips):
        chosen = rules.keys() if how[slip] == "all" else {how[slip]}
        for name in chosen:
            if slip == "mask-forgotten":
                rules[name] = lambda head, i, j: True
            elif any(not rules[name](*place) for place in _places(example)):
                rules[name] = _opposite(rules[name])
    shape = example.attention.heads, len(example.tokens), len(example.keys)
    found = np.zeros(shape, dtype=np.bool_)
    for place in _places(example):
        found[place] = not all(rule(*place) for rule in rules.values())
    return found


def added(example: Example, slips: Collection[str], how: Mapping[str, Any]) -> FloatArray:
    """(h, t, s): the finite numbers of a written mask; 0 where there are none."""
    mask = example.attention.mask
    shape = example.attention.heads, len(example.tokens), len(example.keys)
    gone = "mask-forgotten" in slips and how["mask-forgotten"] in ("all", "mask")
    turned = "mask-inverted" in slips and how["mask-inverted"] in ("all", "mask")
    if mask is None or mask.dtype == np.bool_ or gone or (turned and np.isneginf(mask).any()):
        return np.zeros(shape)
    return np.broadcast_to(np.where(np.isneginf(mask), 0.0, mask), shape)


def bias(example: Example) -> FloatArray:
    """(h, t, s): what `bias` adds to the scores; 0 where there is none."""
    settings = example.attention
    found = np.zeros((settings.heads, len(example.tokens), len(example.keys)))
    first = _first(settings, example)
    for head, i, j in _places(example):
        place = head, i, j
        match settings.bias:
            case None:
                found[place] = 0.0
            case Alibi(slopes):
                found[place] = -slopes[head] * abs(first + i - j)
            case Relative(table):
                most = len(table[head]) // 2
                found[place] = table[head][most + min(max(j - i - first, -most), most)]
            case array:
                found[place] = array[place] if array.ndim == 3 else array[i, j]
    return found


def _rules(example: Example, slips: Collection[str], how: Mapping[str, Any]) -> dict[str, Allowed]:
    """Each mask the example has, as a rule."""
    settings = example.attention
    first, window = _first(settings, example), settings.window
    mask, padding = settings.mask, settings.padding
    rules: dict[str, Allowed] = {}
    shift, width = 0, 0
    if "causal-shifted" in slips:
        shift = how["causal-shifted"]
        if shift == "other end":
            shift = len(example.keys) - len(example.tokens) - first if first == 0 else -first
            first, shift = first + shift, 0
    if "window-off-by-one" in slips:
        width = how["window-off-by-one"]
    if mask is not None:
        written = _written(mask, 0 if settings.causal else shift, 0 if window is not None else width)
        rules["mask"] = lambda head, i, j: bool(written[head, i, j] if written.ndim == 3 else written[i, j])
    if settings.causal:
        rules["causal"] = lambda head, i, j: j <= first + shift + i
    if window is not None:
        rules["window"] = lambda head, i, j: abs(first + i - j) < window + width
    if padding is not None:
        on_queries = "padding-on-queries" in slips
        rules["padding"] = lambda head, i, j: bool(padding[i if on_queries else j])
    return rules


def _written(mask: BoolArray | FloatArray, shift: int, width: int) -> BoolArray:
    """Who may look by a mask that the file writes out; a band of it with its ends shifted."""
    allowed = mask.astype(np.bool_) if mask.dtype == np.bool_ else ~np.isneginf(mask)
    if not shift and not width:
        return allowed
    offsets = {j - i for i, j in np.argwhere(allowed).tolist()}
    low, high = min(offsets) - width, max(offsets) + shift
    return np.array([[low <= j - i <= high for j in range(mask.shape[1])] for i in range(mask.shape[0])])


def _first(settings: Settings, example: Example) -> int:
    """The place of the first query among the keys."""
    return len(example.keys) - len(example.tokens) if settings.causal == "last" else 0


def _places(example: Example) -> list[tuple[int, int, int]]:
    shape = example.attention.heads, len(example.tokens), len(example.keys)
    return list(np.ndindex(*shape))


def _opposite(rule: Allowed) -> Allowed:
    return lambda head, i, j: not rule(head, i, j)
