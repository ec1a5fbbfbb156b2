"""Calculating an exercise by a method, one step after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from ...engine import merge_heads, softmax_stages
from ...engine.arrays import FloatArray, quiet
from .exercise import Exercise
from ..rounding import rounded
from .method import RIGHT, Method


class Worked(NamedTuple):
    """One step; arrays (h, rows, columns), h = 1 where the step is no single head's."""

    step: str
    computed: FloatArray
    settled: FloatArray
    """What the next step is computed from: rounded, or replaced by what was printed."""


Settle = Callable[[str, FloatArray], Worked]


def work(exercise: Exercise, method: Method = RIGHT, *, from_print: bool = False) -> Iterator[Worked]:
    """Every step the example has, in order.

    With `from_print`, each step is computed from the printed numbers of the steps before, where there are any. Numbers
    may become NaN or infinite; a method may give a step another width than it should have.
    """
    settle = _settling(exercise, method, from_print)
    embeddings = None
    if "X" in exercise.inputs:
        given = settle("embeddings", exercise.inputs["X"][None])
        yield given
        embeddings = given.settled[0] if given.settled is not given.computed else None
    made = {}
    for step_id, letter in (("queries", "Q"), ("keys", "K"), ("values", "V")):
        step = settle(step_id, exercise.made(step_id, method, embeddings))
        yield step
        made[letter] = step.settled
    q, k, v = (made[letter] for letter in method.taken_for)
    weights = None
    for step in _attend(exercise, method, settle, q, k):
        yield step
        weights = step.settled
    assert weights is not None
    output = settle("output", _product(weights, v))
    yield output
    yield from _merge(exercise, method, settle, output.settled)


def _attend(exercise: Exercise, method: Method, settle: Settle, q: FloatArray, k: FloatArray) -> Iterator[Worked]:
    """From the scores to the weights, (h, t, s)."""
    step = settle("scores", _product(q, k.mT))
    yield step
    if "scaled" in exercise.steps:
        step = settle("scaled", step.settled * (exercise.scale if method.scale is None else method.scale))
        yield step
    mask = exercise.mask(method)
    if "masked" in exercise.steps:
        step = settle("masked", _masked(step.settled, mask, method))
        yield step
    weights = _shares(step.settled, method)
    if method.masks_late and mask is not None:
        weights = np.where(np.isneginf(mask), 0.0, weights)
    yield settle("weights", weights)


def _merge(exercise: Exercise, method: Method, settle: Settle, output: FloatArray) -> Iterator[Worked]:
    """What follows the heads' outputs (h, t, v)."""
    merged = merge_heads(output)[None]  # (1, t, h·v)
    if "heads" in exercise.steps:
        step = settle("heads", merged)
        yield step
        merged = step.settled
    if "projected" in exercise.steps:
        yield settle("projected", exercise.project(merged, "O", method))


def _settling(exercise: Exercise, method: Method, from_print: bool) -> Settle:
    def settle(step_id: str, computed: FloatArray) -> Worked:
        settled, rounding = computed, method.rounding
        if rounding is not None and step_id != "embeddings" and (rounding.steps is None or step_id in rounding.steps):
            ties = "up" if rounding.ties == "shares" and step_id != "weights" else rounding.ties
            settled = rounded(computed, rounding.decimals, ties)
        printed = exercise.printed.get(step_id) if from_print else None
        if printed is not None and printed.values.shape[-1] == computed.shape[-1]:
            settled = settled.copy()
            settled[printed.heads, printed.rows] = printed.values
        return Worked(step_id, computed, settled)

    return settle


@quiet
def _product(left: FloatArray, right: FloatArray) -> FloatArray:
    return left @ right


@quiet
def _masked(scaled: FloatArray, mask: FloatArray | None, method: Method) -> FloatArray:
    if mask is None:
        return scaled
    return scaled + (np.where(np.isneginf(mask), 0.0, mask) if method.masks_late else mask)


@np.errstate(all="ignore")
def _shares(logits: FloatArray, method: Method) -> FloatArray:
    """The weights: softmax, or what is taken for it."""
    axis = -2 if method.softmax_over == "columns" else -1
    rounding = method.rounding
    if method.exponentials and not (rounding is not None and rounding.exponentials):
        return softmax_stages(logits, axis).weights
    if method.exponentials:
        assert rounding is not None
        raised = rounded(np.exp(logits), rounding.decimals, "up")  # by hand, nobody takes the maximum away
    else:
        raised = np.where(np.isneginf(logits), 0.0, logits)
    total = raised.sum(axis=axis, keepdims=True)
    nothing = np.isneginf(logits).all(axis=axis, keepdims=True)
    shares: FloatArray = np.where(nothing, 0.0, raised / total)
    return shares
