"""Which slips, alone or two together, give all the published numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import log10

import numpy as np

from ...engine.arrays import FloatArray
from ...records import record
from .exercise import Exercise, Printed
from .method import RIGHT, Method
from .table import SLIPS, USUAL
from .ways import Way, ways
from .working import Worked, work_printed

MOST_FOR_PAIRS = 1 << 16
"""Numbers in one calculation up to which pairs of slips are tried: 64 tokens with 8 heads, 200 with one."""
MOST_FOR_SINGLES = 1 << 18
"""Numbers in one calculation up to which slips are looked for at all: 500 tokens with one head."""
_SURE_OF_UNUSUAL, _SURE_OF_FITTED, _SURE_OF_PAIRS = 3.5, 5.0, 6.0
"""Decimal digits that the wrong numbers must have together before an unusual slip, one with a number that was made to
fit, or two slips are named: with fewer, some of the many would fit by chance."""


@record(frozen=True)
class Explanation:
    """Slips that, committed together, give certain numbers; usually one."""

    slips: tuple[str, ...]
    parts: tuple[str, ...] = ()
    """What they were done to, or with which number, where that is a choice (`b_Q`)."""
    gives: float | None = None
    """What they give where the first wrong number stands; None where they give no number of their own."""
    row: tuple[float, ...] = ()
    """All that they give in its row."""


def singles(exercise: Exercise, method: Method = RIGHT) -> Iterator[tuple[Explanation, Way]]:
    """Every way of committing one slip, most specific first."""
    for slip in SLIPS:
        for way in ways(slip, exercise, method):
            yield Explanation((slip.id,), way.parts), way


def pairs(exercise: Exercise) -> Iterator[tuple[Explanation, Way]]:
    """Every way of committing two slips that do not exclude each other."""
    together = [slip for slip in SLIPS if slip.usual]
    for index, first in enumerate(together):
        for second in together[index + 1 :]:
            if first.kind == second.kind:
                continue
            for one in ways(first, exercise, RIGHT):
                for both in ways(second, exercise, one.method):
                    yield Explanation((first.id, second.id), one.parts + both.parts), both


def explanations(exercise: Exercise, digits: float) -> tuple[tuple[Explanation, Method], ...]:
    """Single slips that give every published number; where there are none, pairs that do.

    `digits` are the decimal digits of all wrong numbers together. Of several ways of committing the same slips, the
    first that fits.
    """
    found = _fitting(exercise, singles(exercise), digits)
    if not found and exercise.size <= MOST_FOR_PAIRS and digits >= _SURE_OF_PAIRS:
        found = _fitting(exercise, pairs(exercise), digits)
    return found


def best_of(fitting: Iterable[tuple[Explanation, Way]], digits: float) -> tuple[tuple[Explanation, Method], ...]:
    """Of each slip the first way; those that were made to fit only where there are no others.

    `digits` are the decimal digits of the wrong numbers together: few of them are explained by what people do most, and
    by nothing that is seldom done.
    """
    sure: dict[tuple[str, ...], tuple[Explanation, Method]] = {}
    made_to_fit: dict[tuple[str, ...], tuple[Explanation, Method]] = {}
    for explanation, way in fitting:
        usual = USUAL.issuperset(explanation.slips)
        if digits < (_SURE_OF_FITTED if not way.sure else 0.0 if usual else _SURE_OF_UNUSUAL):
            continue
        (sure if way.sure else made_to_fit).setdefault(explanation.slips, (explanation, way.method))
    return tuple(sure.values()) or tuple(made_to_fit.values())[:1]


def fits(exercise: Exercise, method: Method) -> bool:
    """Whether the method gives every published number."""
    return all(agrees(exercise.printed[step.step], step, method) for step in work_printed(exercise, method))


def agrees(printed: Printed, step: Worked, method: Method) -> bool:
    """Whether all that was printed of a step could have been printed by somebody who calculates by the method."""
    if method.cut:
        return printed.agree_cut(step.computed)
    return any(printed.agree(found) for found in _readings(step))


def digits_of(printed: float, allowed: float) -> float:
    """How many decimal digits a printed number has that chance would have to meet."""
    if not np.isfinite(printed):
        return 0.0
    return max(0.0, log10(max(abs(printed), 1.0) / (2 * max(allowed, 1e-300))))


def _readings(step: Worked) -> tuple[FloatArray, ...]:
    """What may have been printed of a step."""
    return (step.computed,) if step.settled is step.computed else (step.settled, step.computed)


def _fitting(
    exercise: Exercise, tries: Iterator[tuple[Explanation, Way]], digits: float
) -> tuple[tuple[Explanation, Method], ...]:
    return best_of(((explanation, way) for explanation, way in tries if fits(exercise, way.method)), digits)
