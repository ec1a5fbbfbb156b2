"""What is wrong with published numbers: the first mistakes, not what they drag along, and the slips behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ...records import record
from ..published import Comparison, OrderConflict, comparisons
from ..trace import Trace
from .clues import Clue, clues
from .exercise import Exercise
from .judging import Judged, PrintedVerdict, judge
from .local import Group, groups_of_step, merged, slips_of_step, with_their_scores
from .method import RIGHT
from .search import MOST_FOR_PAIRS, MOST_FOR_SINGLES, Explanation, digits_of, explanations
from .table import ARITHMETIC, SLIP_IDS
from .working import work


@record(frozen=True)
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


@record(frozen=True)
class Diagnosis:
    """All that was found about an example's published numbers."""

    published: tuple[Comparison, ...] = ()
    findings: tuple[Finding, ...] = ()
    """In the order of the steps; none where all numbers hold."""
    carried: tuple[Comparison, ...] = ()
    """Numbers that are wrong only because of wrong ones before them."""
    clues: tuple[Clue, ...] = ()
    """What the numbers that no slip explains have in common."""
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

    First the slip, or the two slips, that give all the published numbers. Where there are none, step by step: the slip
    that gives all that was printed of the step, with which the rest is then judged; or what its single numbers show.
    Nothing is found where all numbers hold.
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
    found, judged = _step_by_step(trace, exercise, published)
    told = {one.one for group in found for one in group.cells}
    carried = tuple(one.one for one in judged if one.verdict is PrintedVerdict.CARRIED and one.one not in told)
    misprints = not carried and any(
        one.verdict is PrintedVerdict.RIGHT and one.tainted and one.departs for one in judged
    )
    findings = [_finding(group, misprints) for group in found]
    if sum(finding.misprint for finding in findings) > 1:
        findings = [_finding(group, False) for group in found]
    unexplained = [one for finding in findings if finding.slips == (ARITHMETIC,) for one in finding.cells]
    return Diagnosis(published, tuple(findings), carried, clues(exercise, unexplained), paired=paired)


def _step_by_step(
    trace: Trace, exercise: Exercise, published: tuple[Comparison, ...]
) -> tuple[list[Group], tuple[Judged, ...]]:
    """The reason for each step's wrong numbers, and the last verdict on every number."""
    method, done = RIGHT, frozenset[str]()
    judged = judge(exercise, published)
    found: list[Group] = []
    for step in dict.fromkeys(one.step for one in published):
        cells = [one for one in judged if one.one.step == step]
        if any(one.verdict is PrintedVerdict.OWN for one in cells):
            slips = slips_of_step(exercise, step, cells, method, done)
            if slips:
                own = tuple(one for one in cells if one.verdict is PrintedVerdict.OWN)
                found.append(Group(own, tuple(explanation for explanation, _ in slips)))
                method = slips[0][1]
                judged = judge(exercise, published, method)
            else:
                groups = tuple(groups_of_step(trace, exercise, cells))
                found.extend(groups)
                for group in groups:
                    if group.then != RIGHT:
                        method = method.with_changes(group.then.changes)
                        judged = judge(exercise, published, method)
            done |= {step}
        elif any(one.verdict is PrintedVerdict.ROUNDED for one in cells):
            found.extend(groups_of_step(trace, exercise, cells))
    return list(merged(with_their_scores(found, judged))), judged


def _explains_everything(exercise: Exercise, wrong: tuple[Comparison, ...]) -> Finding | None:
    first = wrong[0]
    digits = sum(
        digits_of(one.published, exercise.printed[one.step].allowed_at(one.head, one.row, one.column)) for one in wrong
    )
    found = []
    for explanation, method in explanations(exercise, digits):
        step = next(step for step in work(exercise, method) if step.step == first.step)
        row = step.settled[min(first.head, step.settled.shape[0] - 1), first.row]
        found.append(
            replace(explanation, gives=float(row[first.column]), row=() if method.cut else tuple(row.tolist()))
        )
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
