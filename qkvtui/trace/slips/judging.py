"""Each wrong published number on its own: was it dragged along, rounded early, or is it a mistake of its own?"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from ...engine.arrays import FloatArray
from ..precision import carried, is_near
from ..published import Comparison
from .exercise import Exercise
from .method import RIGHT, Method
from .working import working_of

_SAME = 1e-9


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
    """Whether a wrong number before it, printed or calculated, changes it."""
    departs: bool
    """Whether the number cannot come from the printed numbers of the steps before, however they were rounded."""


def judge(exercise: Exercise, published: tuple[Comparison, ...], method: Method = RIGHT) -> tuple[Judged, ...]:
    """The verdict on every published number, in their order, for somebody who calculates by the method."""
    working = working_of(exercise, method, from_print=True)
    beside = working_of(exercise, from_print=True, only_right=True)
    rows = tuple(exercise.graph.rows[step] for step in exercise.worked)
    slack = carried(working, rows, exercise.doubted, exercise.known_of)
    for step in exercise.printed:
        beside.whole(step)
    exact = working_of(exercise, method)
    found = [
        _judged(exercise, one, working.computed[one.step], beside.computed[one.step], slack[one.step])
        if one.agrees or method == RIGHT or not _comes_of(exercise, one, exact.whole(one.step))
        else Judged(one, PrintedVerdict.CARRIED, one.published, tainted=True, departs=False)
        for one in published
    ]
    return tuple(_with_its_row(found))


def _comes_of(exercise: Exercise, one: Comparison, numbers: FloatArray) -> bool:
    """Whether a published number may have been printed for the one at its place."""
    there = float(numbers[min(one.head, len(numbers) - 1), one.row, one.column])
    return is_near(one.published, there, exercise.printed[one.step].allowed_at(one.head, one.row, one.column))


def _with_its_row(found: list[Judged]) -> Iterator[Judged]:
    """What is right for printed numbers that are right but rounded: dragged along, where others of its row were."""
    carried = {_row(one) for one in found if one.verdict is PrintedVerdict.CARRIED}
    for one in found:
        is_carried = one.verdict is PrintedVerdict.ROUNDED and _row(one) in carried
        yield one._replace(verdict=PrintedVerdict.CARRIED) if is_carried else one


def _row(one: Judged) -> tuple[str, int, int]:
    return one.one.step, one.one.head, one.one.row


def _judged(exercise: Exercise, one: Comparison, computed: FloatArray, beside: FloatArray, slack: FloatArray) -> Judged:
    place = (min(one.head, len(computed) - 1), one.row, one.column)
    follows, right = float(computed[place]), float(beside[place])
    tainted = not is_near(follows, right, _SAME * (1 + abs(right)))
    allowed = exercise.printed[one.step].allowed_at(one.head, one.row, one.column)
    departs = not is_near(one.published, follows, allowed + float(slack[place]))
    if one.agrees:
        verdict = PrintedVerdict.RIGHT
    elif tainted:
        verdict = PrintedVerdict.OWN if departs else PrintedVerdict.CARRIED
    else:
        verdict = PrintedVerdict.ROUNDED if is_near(one.published, follows, allowed) else PrintedVerdict.OWN
    return Judged(one, verdict, follows, tainted, departs)
