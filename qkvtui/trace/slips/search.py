"""Which slips, alone or two together, give all the published numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...engine.arrays import FloatArray
from .exercise import Exercise
from .method import RIGHT, Method
from .table import SLIPS, Way, ways
from .working import Worked, work

MOST_FOR_PAIRS = 1 << 16
"""Numbers in one calculation up to which pairs of slips are tried: 64 tokens with 8 heads, 200 with one."""
MOST_FOR_SINGLES = 1 << 18
"""Numbers in one calculation up to which slips are looked for at all: 500 tokens with one head."""


@dataclass(frozen=True)
class Explanation:
    """Slips that, committed together, give certain numbers; usually one."""

    slips: tuple[str, ...]
    parts: tuple[str, ...] = ()
    """What they were done to, where that is a choice (`b_Q`)."""
    gives: float | None = None
    """What they give where the first wrong number stands; None where they give no number of their own."""


def singles(exercise: Exercise) -> Iterator[tuple[Explanation, Way]]:
    """Every way of committing one slip, most specific first."""
    for slip in SLIPS:
        for way in ways(slip, exercise, RIGHT):
            yield Explanation((slip.id,), way.parts), way


def pairs(exercise: Exercise) -> Iterator[tuple[Explanation, Way]]:
    """Every way of committing two slips that do not exclude each other."""
    for index, first in enumerate(SLIPS):
        for second in SLIPS[index + 1 :]:
            if first.kind == second.kind:
                continue
            for one in ways(first, exercise, RIGHT):
                for both in ways(second, exercise, one.method):
                    yield Explanation((first.id, second.id), one.parts + both.parts), both


def explanations(exercise: Exercise) -> tuple[tuple[Explanation, Method], ...]:
    """Single slips that give every published number; where there are none, pairs that do.

    Of several ways of committing the same slips, the first that fits.
    """
    found = _fitting(exercise, singles(exercise))
    if not found and exercise.size <= MOST_FOR_PAIRS:
        found = _fitting(exercise, pairs(exercise))
    return found


def fits(exercise: Exercise, method: Method) -> bool:
    """Whether the method gives every published number."""
    missing = len(exercise.printed)
    for step in work(exercise, method):
        printed = exercise.printed.get(step.step)
        if printed is None:
            continue
        if not any(printed.agree(found) for found in _readings(step)):
            return False
        missing -= 1
        if not missing:
            return True
    return False


def _readings(step: Worked) -> tuple[FloatArray, ...]:
    """What may have been printed of a step."""
    return (step.computed,) if step.settled is step.computed else (step.settled, step.computed)


def _fitting(exercise: Exercise, tries: Iterator[tuple[Explanation, Way]]) -> tuple[tuple[Explanation, Method], ...]:
    found: dict[tuple[str, ...], tuple[Explanation, Method]] = {}
    for explanation, way in tries:
        if explanation.slips not in found and fits(exercise, way.method):
            found[explanation.slips] = explanation, way.method
    return tuple(found.values())
