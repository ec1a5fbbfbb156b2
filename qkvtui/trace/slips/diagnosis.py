"""What is wrong with published numbers: the first mistakes, not what they drag along, and the slips behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..published import Comparison, OrderConflict, comparisons
from ..trace import Trace
from .exercise import Exercise
from .judging import Judged, PrintedVerdict, judge
from .local import Group, groups
from .search import MOST_FOR_PAIRS, MOST_FOR_SINGLES, Explanation, explanations
from .table import ARITHMETIC, SLIP_IDS
from .working import work


@dataclass(frozen=True)
class Finding:
    """Published numbers that are wrong for one reason."""

    cells: tuple[Comparison, ...]
    """The wrong numbers, the first one first; where a slip explains a whole example, all that are wrong."""
    explanations: tuple[Explanation, ...]
    """Each of them fits, the most specific first; none where the example is too large to look for any."""
    follows: tuple[float, ...] = ()
    """What each cell should be, given the wrong numbers printed before it; empty where those are right."""
    misprint: bool = False
    """Whether what comes after was computed with the right number."""
    conflict: OrderConflict | None = None
    """The proof, where no softmax gives the printed weights."""
    softmaxed: tuple[float, ...] = ()
    """With a proof: the row of weights that the printed scores do give."""

    @property
    def first(self) -> Comparison:
        """The first wrong number."""
        return self.cells[0]

    @property
    def slips(self) -> tuple[str, ...]:
        """The ids of all slips that may be behind it."""
        return _in_order(slip for one in self.explanations for slip in one.slips)


@dataclass(frozen=True)
class Diagnosis:
    """All that was found about an example's published numbers."""

    published: tuple[Comparison, ...] = ()
    findings: tuple[Finding, ...] = ()
    """In the order of the steps; none where all numbers hold."""
    carried: tuple[Comparison, ...] = ()
    """Numbers that are wrong only because of wrong ones before them."""
    searched: bool = True
    """False where the example is too large to look for slips (more than MOST_FOR_SINGLES numbers)."""
    paired: bool = True
    """False where it is too large to look for pairs of slips (more than MOST_FOR_PAIRS numbers)."""

    @property
    def wrong(self) -> tuple[Comparison, ...]:
        """The published numbers that do not hold, in the order of the steps."""
        return tuple(one for one in self.published if not one.agrees)

    @property
    def first(self) -> Comparison | None:
        """The first wrong number."""
        return next((one for one in self.published if not one.agrees), None)

    @property
    def slips(self) -> tuple[str, ...]:
        """The ids of all slips that may be behind the findings, most specific first."""
        return _in_order(slip for finding in self.findings for slip in finding.slips)


def diagnose(trace: Trace) -> Diagnosis:
    """Compare every published number, and explain those that do not hold.

    First the slip, or the two slips, that give all the published numbers; where there are none, each wrong number is
    judged from the printed numbers before it, and explained by itself. Nothing is found where all numbers hold.
    """
    published = comparisons(trace)
    wrong = tuple(one for one in published if not one.agrees)
    if not wrong:
        return Diagnosis(published)
    exercise = Exercise(trace)
    if exercise.size > MOST_FOR_SINGLES:
        return Diagnosis(published, (Finding(wrong, ()),), searched=False, paired=False)
    paired = exercise.size <= MOST_FOR_PAIRS
    everything = _explains_everything(exercise, wrong)
    if everything is not None:
        return Diagnosis(published, (everything,), paired=paired)
    judged = judge(exercise, published)
    carried = tuple(one.one for one in judged if one.verdict is PrintedVerdict.CARRIED)
    misprints = not carried and any(
        one.verdict is PrintedVerdict.RIGHT and one.tainted and one.departs for one in judged
    )
    found = [_finding(group, misprints) for group in groups(trace, exercise, judged)]
    if sum(finding.misprint for finding in found) > 1:
        found = [_finding(group, False) for group in groups(trace, exercise, judged)]
    return Diagnosis(published, tuple(found), carried, paired=paired)


def _explains_everything(exercise: Exercise, wrong: tuple[Comparison, ...]) -> Finding | None:
    first = wrong[0]
    found = []
    for explanation, method in explanations(exercise):
        step = next(step for step in work(exercise, method) if step.step == first.step)
        gives = float(step.settled[min(first.head, step.settled.shape[0] - 1), first.row, first.column])
        found.append(Explanation(explanation.slips, explanation.parts, gives))
    return Finding(wrong, tuple(found)) if found else None


def _finding(group: Group, misprints: bool) -> Finding:
    first: Judged = group.cells[0]
    slips = {slip for one in group.explanations for slip in one.slips}
    return Finding(
        tuple(one.one for one in group.cells),
        group.explanations,
        follows=tuple(one.follows for one in group.cells) if first.tainted and slips == {ARITHMETIC} else (),
        misprint=misprints and not first.tainted and slips == {ARITHMETIC},
        conflict=group.conflict,
        softmaxed=group.softmaxed,
    )


def _in_order(slips: Iterable[str]) -> tuple[str, ...]:
    found = set(slips)
    return tuple(slip for slip in SLIP_IDS if slip in found)
