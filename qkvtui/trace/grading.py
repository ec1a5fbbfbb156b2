"""What typed numbers are worth, on paper and on the screen alike, and for each wrong one the slip that explains it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum

from ..errors import UsageError
from ..files.expression import MOST_DECIMALS, decimals_of_number, evaluate
from ..operations.tensors import Address
from ..records import record
from .addresses import value_at
from .blanks import computed_steps
from .follow import what_follows
from .precision import is_written_for
from .slips.prediction import FAR_DECIMALS, Commitment, Suspicions
from .slips.search import Explanation
from .trace import Trace

LEAST_DECIMALS = 2
"""A number with fewer decimals is judged as if it had been written with so many, where the sheet has so many."""
_EXACT = 6
"""The decimals of an expression, when a slip is looked for that gives exactly what it comes to."""
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


@record(frozen=True)
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
    """Slips that may be behind it: each gives exactly this wrong number, the most specific one first."""


@record(frozen=True)
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


def grade(
    trace: Trace,
    asked: Sequence[Address],
    written: Mapping[Address, str],
    digits: int = 2,
    *,
    finest: Mapping[Address, int] | None = None,
    refused: Mapping[Address, str] | None = None,
) -> Grade:
    """Judge what was written for each number that was asked for; `digits` are the decimals of the sheet's numbers.

    An answer is right within half a unit of its last decimal, of the second where it has fewer or is an expression
    (of the last of the sheet's, if those have fewer). What follows from the learner's own numbers counts as well:
    from those they wrote, or from the exact ones of the slip that they made. `finest` has, for numbers so small that
    it takes more decimals to tell them, the place they are judged at; `refused`, why some cannot be judged.
    """
    order = {step.id: step.number for step in trace.steps}
    judge = _Judge(trace, order, digits, finest or {})
    in_order = sorted(asked, key=lambda cell: order.get(cell.name, 0))
    read = (judge.read(cell, written.get(cell, ""), (refused or {}).get(cell, "")) for cell in in_order)
    answers = judge.answers(tuple(read))
    return Grade(tuple(answers[cell] for cell in asked))


class _Judge:
    """Goes through answers in the order of the steps, and remembers what the learner had."""

    def __init__(self, trace: Trace, order: Mapping[str, int], digits: int, finest: Mapping[Address, int]) -> None:
        self._trace = trace
        self._order = order
        self._digits = digits
        self._finest = finest
        self._computed = frozenset(step.id for step in computed_steps(trace))
        self._suspicions = Suspicions(trace)
        self._typed: dict[Address, GradedAnswer] = {}
        self._values: dict[Address, float] = {}
        """What was written, rounded as it is."""
        self._exact: dict[Address, float] = {}
        """The number behind each of these, as far as it is known."""
        self._committed: dict[Commitment, int] = {}
        """Slips that wrong answers may come from, and the first step of such an answer."""

    def read(self, cell: Address, written: str, refused: str) -> GradedAnswer:
        """An answer with its value and precision; what has a value counts as wrong so far."""
        right = value_at(self._trace, cell)
        if refused:
            return GradedAnswer(cell, written, right, Verdict.UNREADABLE, problem=refused)
        if written.strip() in _EMPTY:
            return GradedAnswer(cell, "", right, Verdict.MISSING)
        try:
            value = evaluate(written)
        except UsageError as error:
            return GradedAnswer(cell, written, right, Verdict.UNREADABLE, problem=str(error))
        least = min(self._digits, LEAST_DECIMALS)
        decimals = decimals_of_number(written, least)
        precision = max(least if decimals is None else decimals, self._finest.get(cell, -MOST_DECIMALS))
        return GradedAnswer(cell, written, right, Verdict.WRONG, value, precision)

    def answers(self, read: Sequence[GradedAnswer]) -> dict[Address, GradedAnswer]:
        """The verdicts on answers that stand in the order of the steps."""
        self._typed = {one.cell: one for one in read if one.value is not None}
        self._values = {cell: one.value for cell, one in self._typed.items() if one.value is not None}
        return {one.cell: one if one.value is None else self._judged(one, one.value) for one in read}

    def _judged(self, answer: GradedAnswer, value: float) -> GradedAnswer:
        cell, right = answer.cell, answer.right
        if is_written_for(value, right, answer.decimals):
            self._exact[cell] = right
            return replace(answer, verdict=Verdict.RIGHT)
        for number in self._following(cell):
            if is_written_for(value, number, answer.decimals):
                self._exact[cell] = number
                return replace(answer, verdict=Verdict.FOLLOWS)
        explanations = self._explanations(answer, value)
        gives = explanations[0].gives if explanations else None
        self._exact[cell] = value if gives is None or not is_written_for(value, gives, answer.decimals) else gives
        return replace(answer, explanations=explanations)

    def _explanations(self, answer: GradedAnswer, value: float) -> tuple[Explanation, ...]:
        """The slips that may be behind a wrong number, which is remembered; of a sum first what gives it exactly."""
        written = decimals_of_number(answer.written)
        for decimals in (_EXACT, answer.decimals) if written is None else (answer.decimals,):
            fitting = self._suspicions.fitting(answer.cell, value, decimals)
            believed = self._believed(fitting, answer.cell, decimals)
            own = decimals if written is None else written
            found = self._suspicions.explained(answer.cell, value, decimals, own, believed)
            if found:
                for one in believed:
                    self._committed.setdefault(one, self._order[answer.cell.name])
                return found
        return ()

    def _believed(self, fitting: Sequence[Commitment], cell: Address, decimals: int) -> Sequence[Commitment]:
        """The slips that the other answers at the same step let one think of: a number of few digits fits by chance.

        Those that give all answers there, if others are wrong too. Else, of few digits, the usual ones, which nothing
        contradicts or which can befall one number alone.
        """
        here = [other for other in self._typed.values() if other.cell != cell]
        here = [other for other in here if (other.cell.name, other.cell.head) == (cell.name, cell.head)]
        whole = [one for one in fitting if all(self._gives(one, other) is not None for other in here)]
        if not all(is_written_for(other.value or 0.0, other.right, other.decimals) for other in here) and whole:
            return whole
        if decimals >= FAR_DECIMALS:
            return fitting
        return [one for one in fitting if one.is_usual and (one.befalls_one or one in whole)]

    def _gives(self, one: Commitment, answer: GradedAnswer) -> float | None:
        """What the slip gives for an answer, where that is what was written."""
        if answer.value is None or not one.is_behind(answer.cell, answer.value, answer.decimals):
            return None
        return one.gives(answer.cell)

    def _following(self, cell: Address) -> Iterator[float]:
        """What follows from the numbers at hand, for the steps that a sheet may ask for."""
        if cell.name not in self._computed:
            return
        yield from what_follows(self._trace, cell, self._values, self._digits)
        if not self._exact:
            return
        yield from what_follows(self._trace, cell, self._values)
        earlier = [one for one, step in self._committed.items() if step < self._order[cell.name]]
        for own in (self._exact, *map(self._exact_by, earlier)):
            yield from what_follows(self._trace, cell, own, self._digits)
            yield from what_follows(self._trace, cell, own)
        for one in earlier:
            number = one.gives(cell)
            if number is not None:
                yield number

    def _exact_by(self, one: Commitment) -> dict[Address, float]:
        """The numbers behind the answers, of somebody who committed this slip."""
        by_slip = {cell: self._gives(one, self._typed[cell]) for cell in self._exact}
        return {cell: self._exact[cell] if number is None else number for cell, number in by_slip.items()}
