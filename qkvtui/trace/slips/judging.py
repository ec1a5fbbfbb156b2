"""Each wrong published number on its own: was it dragged along, rounded early, or is it a mistake of its own?"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

import numpy as np

from ...engine import merge_heads
from ...engine.arrays import BoolArray, FloatArray, quiet
from ..published import Comparison, is_near
from .exercise import Exercise
from .method import RIGHT
from .working import Worked, work


class Verdict(Enum):
    """What is the matter with a published number."""

    RIGHT = "right"
    CARRIED = "carried"
    """Wrong, but right for the wrong printed numbers of the steps before."""
    ROUNDED = "rounded"
    """Right for the printed numbers of the steps before, which are right but rounded."""
    OWN = "own"
    """Wrong, and no wrong number before it explains it."""


class Judged(NamedTuple):
    """A published number with its verdict."""

    one: Comparison
    verdict: Verdict
    follows: float
    """What the printed numbers of the steps before give, where there are any."""
    tainted: bool
    """Whether a wrong printed number went into it."""
    departs: bool
    """Whether the number cannot come from the printed numbers of the steps before, however they were rounded."""


class _Doubt(NamedTuple):
    """How much is known about the numbers of a step; arrays as the step's own, (h, rows, columns)."""

    slack: FloatArray
    """How far the numbers behind the printed ones may be from what is computed from the printed ones."""
    tainted: BoolArray


def judge(exercise: Exercise, published: tuple[Comparison, ...]) -> tuple[Judged, ...]:
    """The verdict on every published number, in their order."""
    wrong = {(one.step, one.head, one.row, one.column) for one in published if not one.agrees}
    worked: dict[str, Worked] = {}
    doubts: dict[str, _Doubt] = {}
    before: dict[str, _Doubt] = {}
    for step in work(exercise, RIGHT, from_print=True):
        worked[step.step] = step
        before[step.step] = doubts[step.step] = _doubt(exercise, step, worked, doubts)
        _believe_print(exercise, step.step, doubts, wrong)
    return tuple(_judged(exercise, one, worked[one.step], before[one.step]) for one in published)


def _judged(exercise: Exercise, one: Comparison, worked: Worked, doubt: _Doubt) -> Judged:
    head = min(one.head, worked.computed.shape[0] - 1)
    place = (head, one.row, one.column)
    follows, tainted = float(worked.computed[place]), bool(doubt.tainted[place])
    departs = not is_near(one.published, follows, exercise.tolerance + float(doubt.slack[place]))
    if one.agrees:
        verdict = Verdict.RIGHT
    elif tainted:
        verdict = Verdict.OWN if departs else Verdict.CARRIED
    else:
        verdict = Verdict.ROUNDED if is_near(one.published, follows, exercise.tolerance) else Verdict.OWN
    return Judged(one, verdict, follows, tainted, departs)


def _believe_print(
    exercise: Exercise, step_id: str, doubts: dict[str, _Doubt], wrong: set[tuple[str, int, int, int]]
) -> None:
    """What was printed is known up to the tolerance; it taints what follows where it is wrong."""
    printed = exercise.printed.get(step_id)
    if printed is None:
        return
    slack, tainted = doubts[step_id].slack.copy(), doubts[step_id].tainted.copy()
    slack[printed.heads, printed.rows] = exercise.tolerance
    for head, row in zip(printed.heads.tolist(), printed.rows.tolist(), strict=True):
        tainted[head, row] = [(step_id, head, row, column) in wrong for column in range(tainted.shape[-1])]
    doubts[step_id] = _Doubt(slack, tainted)


@quiet
def _doubt(exercise: Exercise, step: Worked, worked: dict[str, Worked], doubts: dict[str, _Doubt]) -> _Doubt:
    """What is not known about a step because of the steps before, to first order and a little more."""
    match step.step:
        case "queries" | "keys" | "values":
            return _projected_doubt(exercise, step, doubts)
        case "scores":
            q, k = doubts["queries"], doubts["keys"]
            queries, keys = np.abs(worked["queries"].settled), np.abs(worked["keys"].settled)
            slack = queries @ k.slack.mT + q.slack @ keys.mT + q.slack @ k.slack.mT
            return _Doubt(slack, _any(q.tainted, -1) | _any(k.tainted, -1).swapaxes(-1, -2))
        case "scaled":
            return _Doubt(doubts["scores"].slack * abs(exercise.scale), doubts["scores"].tainted)
        case "masked":
            return doubts["scaled" if "scaled" in doubts else "scores"]
        case "weights":
            return _shared_doubt(step, worked, doubts)
        case "output":
            return _summed_doubt(worked, doubts)
        case "heads":
            output = doubts["output"]
            tainted = merge_heads(output.tainted.astype(np.float64))[None] > 0
            return _Doubt(merge_heads(output.slack)[None], tainted)
        case "projected":
            return _mixed_doubt(exercise, doubts)
        case _:
            return _Doubt(np.zeros_like(step.computed), np.zeros(step.computed.shape, dtype=np.bool_))


def _projected_doubt(exercise: Exercise, step: Worked, doubts: dict[str, _Doubt]) -> _Doubt:
    """Only where X was printed too is there anything to doubt."""
    source = "Y" if step.step != "queries" and "Y" in exercise.inputs else "X"
    if "embeddings" not in exercise.printed or source == "Y":
        return _Doubt(np.zeros_like(step.computed), np.zeros(step.computed.shape, dtype=np.bool_))
    embeddings = doubts["embeddings"]
    slack = exercise.projected_slack(embeddings.slack[0], {"queries": "Q", "keys": "K", "values": "V"}[step.step])
    tainted = np.broadcast_to(_any(embeddings.tainted, -1), slack.shape)
    return _Doubt(slack, tainted)


def _shared_doubt(step: Worked, worked: dict[str, Worked], doubts: dict[str, _Doubt]) -> _Doubt:
    """Softmax: a share changes by at most the factor exp(its own slack + the largest of the row)."""
    logits = next(name for name in ("masked", "scaled", "scores") if name in doubts)
    looked_at = ~np.isneginf(worked[logits].settled)
    slack = np.where(looked_at, doubts[logits].slack, 0.0)
    factor = np.expm1(np.minimum(slack + slack.max(axis=-1, keepdims=True), 700.0))
    tainted = _any(doubts[logits].tainted, -1)
    return _Doubt(np.minimum(step.computed * factor, 1.0), np.broadcast_to(tainted, step.computed.shape))


def _summed_doubt(worked: dict[str, Worked], doubts: dict[str, _Doubt]) -> _Doubt:
    a, v = doubts["weights"], doubts["values"]
    weights, values = np.abs(worked["weights"].settled), np.abs(worked["values"].settled)
    slack = weights @ v.slack + a.slack @ values + a.slack @ v.slack
    return _Doubt(slack, _any(a.tainted, -1) | _any(v.tainted, -2))


def _mixed_doubt(exercise: Exercise, doubts: dict[str, _Doubt]) -> _Doubt:
    source = doubts["heads"] if "heads" in doubts else doubts["output"]
    slack = source.slack @ np.abs(exercise.parameters["W_O"])
    tainted = np.broadcast_to(_any(source.tainted, -1), slack.shape)
    return _Doubt(slack, tainted)


def _any(tainted: BoolArray, axis: int) -> BoolArray:
    """Whether any along the axis, which stays with length 1."""
    found: BoolArray = np.any(tainted, axis=axis, keepdims=True)
    return found
