"""Points for a filled-in worksheet, and for each wrong number the slip that explains it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from ..errors import UsageError
from ..files.expression import decimals_of_number, evaluate
from ..operations.tensors import Address
from .addresses import value_at
from .blanks import computed_steps
from .follow import what_follows
from .slips import Explanation, explain
from .trace import Trace

LEAST_DECIMALS = 2
"""A number with fewer decimals is judged as if it had been written with so many, where the sheet has so many."""
_EXACT = 6
"""The decimals of an expression, when a slip is looked for that gives exactly what it comes to."""
_NOISE = 1e-12
"""What computing itself may lose of a number, as a share of it."""
_EMPTY = frozenset(("", "_" * 4, "null"))


class Verdict(Enum):
    """What an answer is worth."""

    RIGHT = "right"
    FOLLOWS = "follows"
    """Not the exact number, but right for the rounded numbers of the sheet, or for the learner's own before it."""
    WRONG = "wrong"
    UNREADABLE = "unreadable"
    MISSING = "missing"

    @property
    def counts(self) -> bool:
        """Whether it gives the point."""
        return self in (Verdict.RIGHT, Verdict.FOLLOWS)


@dataclass(frozen=True)
class GradedAnswer:
    """One number that was asked for, and what was answered."""

    cell: Address
    written: str
    right: float
    verdict: Verdict
    value: float | None = None
    """What was written comes to; None where nothing or nothing readable was written."""
    decimals: int = LEAST_DECIMALS
    """The precision it was judged with: within half a unit of this decimal."""
    problem: str = ""
    """Why it cannot be read."""
    explanations: tuple[Explanation, ...] = ()
    """Slips that give exactly this wrong number, most specific first."""


@dataclass(frozen=True)
class Grade:
    """All numbers that were asked for, in the order of the steps."""

    answers: tuple[GradedAnswer, ...]

    @property
    def points(self) -> int:
        """One for each number that is right or follows."""
        return sum(one.verdict.counts for one in self.answers)

    @property
    def full(self) -> bool:
        """Whether every point was made."""
        return self.points == len(self.answers)

    @property
    def steps(self) -> tuple[tuple[str, Grade], ...]:
        """The same step by step."""
        ids = dict.fromkeys(one.cell.name for one in self.answers)
        return tuple((step, Grade(tuple(one for one in self.answers if one.cell.name == step))) for step in ids)


def grade(trace: Trace, asked: Sequence[Address], written: Mapping[Address, str], digits: int = 2) -> Grade:
    """Judge what was written for each number that was asked for; `digits` are the decimals of the sheet's numbers.

    An answer is right within half a unit of its last decimal, of the second where it has fewer or is an expression
    (of the last of the sheet's, if those have fewer); also if that holds for what follows from the numbers the
    learner had.
    """
    read = {cell: _read(trace, cell, written.get(cell, ""), digits) for cell in asked}
    own = {cell: one.value for cell, one in read.items() if one.value is not None}
    return Grade(tuple(_judged(trace, one, own, digits) for one in read.values()))


def judge(trace: Trace, cell: Address, written: str, digits: int = 2, finest: int | None = None) -> GradedAnswer:
    """The same for one number of any step, where no other was written: what `grade` says of it.

    `finest` is given for numbers so small that it takes more decimals to tell them: the place they are judged at.
    """
    answer = _read(trace, cell, written, digits)
    if finest is not None:
        answer = replace(answer, decimals=max(answer.decimals, finest))
    return _judged(trace, answer, {}, digits)


def _read(trace: Trace, cell: Address, written: str, digits: int) -> GradedAnswer:
    right = value_at(trace, cell)
    if written.strip() in _EMPTY:
        return GradedAnswer(cell, "", right, Verdict.MISSING)
    try:
        value = evaluate(written)
    except UsageError as error:
        return GradedAnswer(cell, written, right, Verdict.UNREADABLE, problem=str(error))
    least = min(digits, LEAST_DECIMALS)
    decimals = decimals_of_number(written, least)
    return GradedAnswer(cell, written, right, Verdict.WRONG, value, least if decimals is None else decimals)


def _judged(trace: Trace, answer: GradedAnswer, own: Mapping[Address, float], digits: int) -> GradedAnswer:
    value = answer.value
    if value is None:
        return answer
    verdict = Verdict.WRONG
    explanations: tuple[Explanation, ...] = ()
    if _near(value, answer.right, answer.decimals):
        verdict = Verdict.RIGHT
    elif any(_near(value, other, answer.decimals) for other in _following(trace, answer.cell, own, digits)):
        verdict = Verdict.FOLLOWS
    else:
        explanations = _explanations(trace, answer, value)
    return replace(answer, verdict=verdict, explanations=explanations)


def _following(trace: Trace, cell: Address, own: Mapping[Address, float], digits: int) -> tuple[float, ...]:
    """What follows from the numbers at hand, for the steps that a sheet may ask for."""
    is_asked = any(step.id == cell.name for step in computed_steps(trace))
    return what_follows(trace, cell, own, digits) if is_asked else ()


def _explanations(trace: Trace, answer: GradedAnswer, value: float) -> tuple[Explanation, ...]:
    is_expression = decimals_of_number(answer.written) is None
    exact = explain(trace, answer.cell, value, _EXACT) if is_expression else ()
    return exact or explain(trace, answer.cell, value, answer.decimals)


def _near(one: float, other: float, decimals: int) -> bool:
    if not (math.isfinite(one) and math.isfinite(other)):
        return one == other
    tolerance = max(0.5 * 10.0**-decimals * (1 + 1e-9), _NOISE * abs(other))
    return abs(one - other) <= tolerance
