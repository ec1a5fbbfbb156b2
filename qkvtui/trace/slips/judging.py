"""Each wrong published number on its own: was it dragged along, rounded early, or is it a mistake of its own?"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

import numpy as np

from ...engine.arrays import BoolArray, FloatArray
from ...operations.operation import Drawing
from ..precision import is_near
from ..published import Comparison
from .exercise import Exercise
from .working import working_of


class PrintedVerdict(Enum):
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
    verdict: PrintedVerdict
    follows: float
    """What the printed numbers of the steps before give, where there are any."""
    tainted: bool
    """Whether a wrong printed number went into it."""
    departs: bool
    """Whether the number cannot come from the printed numbers of the steps before, however they were rounded."""


class _Doubts:
    """How much is known about the numbers of each step; arrays as the steps' own, (h, rows, columns)."""

    def __init__(self) -> None:
        self.slack: dict[str, FloatArray] = {}
        """How far the numbers behind the printed ones may be from what is computed from the printed ones."""
        self.tainted: dict[str, BoolArray] = {}
        """Whether a wrong printed number went into them."""


def judge(exercise: Exercise, published: tuple[Comparison, ...]) -> tuple[Judged, ...]:
    """The verdict on every published number, in their order."""
    wrong = {(one.step, one.head, one.row, one.column) for one in published if not one.agrees}
    working = working_of(exercise, from_print=True)
    doubts, before = _Doubts(), _Doubts()
    doubts.slack.update(exercise.doubted)
    for step in exercise.worked:
        operation, at = working.graph.rows[step].operation, working.block(0)
        at.rows(step)
        with np.errstate(all="ignore"):
            before.slack[step] = operation.slack(at, doubts.slack)
            before.tainted[step] = operation.reached(at, doubts.tainted)
        doubts.slack[step], doubts.tainted[step] = before.slack[step], before.tainted[step]
        _believe_print(exercise, step, doubts, wrong)
        if working.graph.rows[step].kind is Drawing.GIVEN:  # what was printed is what is calculated with
            leaf = operation.sources[0]
            doubts.slack[leaf], doubts.tainted[leaf] = doubts.slack[step], doubts.tainted[step]
    return tuple(_judged(exercise, one, working.computed[one.step], before) for one in published)


def _judged(exercise: Exercise, one: Comparison, computed: FloatArray, doubts: _Doubts) -> Judged:
    place = (min(one.head, len(computed) - 1), one.row, one.column)
    follows, tainted = float(computed[place]), bool(doubts.tainted[one.step][place])
    allowed = exercise.printed[one.step].allowed_at(one.head, one.row, one.column)
    departs = not is_near(one.published, follows, allowed + float(doubts.slack[one.step][place]))
    if one.agrees:
        verdict = PrintedVerdict.RIGHT
    elif tainted:
        verdict = PrintedVerdict.OWN if departs else PrintedVerdict.CARRIED
    else:
        verdict = PrintedVerdict.ROUNDED if is_near(one.published, follows, allowed) else PrintedVerdict.OWN
    return Judged(one, verdict, follows, tainted, departs)


def _believe_print(exercise: Exercise, step: str, doubts: _Doubts, wrong: set[tuple[str, int, int, int]]) -> None:
    """What was printed is known up to the tolerance; it taints what follows where it is wrong."""
    printed = exercise.printed.get(step)
    if printed is None:
        return
    slack, tainted = doubts.slack[step].copy(), doubts.tainted[step].copy()
    slack[printed.heads, printed.rows] = printed.allowed
    for head, row in zip(printed.heads.tolist(), printed.rows.tolist(), strict=True):
        tainted[head, row] = [(step, head, row, column) in wrong for column in range(tainted.shape[-1])]
    doubts.slack[step], doubts.tainted[step] = slack, tainted
