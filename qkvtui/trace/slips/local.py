"""Where no slip explains everything: the slip behind all that was printed of a step, or what single numbers show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isfinite, log10

from ...engine.arrays import FloatArray
from ...records import record
from ..published import Comparison, OrderConflict, order_conflict
from ..trace import Trace
from .copying import copied_from, row_that_was_adjusted
from .exercise import Exercise
from .judging import Judged, PrintedVerdict
from .method import RIGHT, Method
from .misprints import misprinted
from .search import Explanation, agrees, best_of, digits_of, singles
from .table import ADJUSTED, ARITHMETIC, COPIED, EARLY_ROUNDING, IMPOSSIBLE, MISPRINTED
from .ways import Way
from .working import work, work_printed

_SCORES = ("scores", "scaled", "masked")
_SURE = 2.5
"""Decimal digits that the wrong numbers of a step must have together before one of many slips is named for them."""


@record(frozen=True)
class Group:
    """Wrong numbers of one step, or of a query's scores and weights, with one reason."""

    cells: tuple[Judged, ...]
    explanations: tuple[Explanation, ...]
    conflict: OrderConflict | None = None
    softmaxed: tuple[float, ...] = ()
    then: Method = RIGHT
    """By what the numbers after it were calculated."""


@record(frozen=True)
class _Row:
    """The published numbers of one row of one step."""

    step: str
    head: int
    row: int
    cells: tuple[Judged, ...]

    @property
    def own(self) -> tuple[Judged, ...]:
        """The mistakes made here."""
        return tuple(one for one in self.cells if one.verdict is PrintedVerdict.OWN)

    @property
    def all_wrong(self) -> bool:
        """Whether not one number of the row holds."""
        return all(not one.one.agrees for one in self.cells)


def slips_of_step(
    exercise: Exercise, step: str, cells: Sequence[Judged], method: Method, explained: frozenset[str]
) -> tuple[tuple[Explanation, Method], ...]:
    """The slips that give all that was printed of a step, and contradict nothing that was printed before it.

    Computed from the beginning, or from what was printed of the steps before; steps in `explained` have their own slip.
    """
    own = [one for one in cells if one.verdict is PrintedVerdict.OWN]
    printed = exercise.printed[step]
    allowed = (printed.allowed_at(one.one.head, one.one.row, one.one.column) for one in own)
    digits = sum(_digits_off(one.one, slack) for one, slack in zip(own, allowed, strict=True))
    return best_of(_that_fit(exercise, step, own[0].one, method, explained), digits) if digits >= _SURE else ()


def _digits_off(one: Comparison, allowed: float) -> float:
    """How many decimal digits of a wrong number chance would have to meet: few where it is hardly off."""
    off = abs(one.published - one.computed)
    digits = digits_of(one.published, allowed)
    return min(digits, log10(1 + off / (2 * max(allowed, 1e-300)))) if isfinite(off) else digits


def _that_fit(
    exercise: Exercise, step: str, first: Comparison, method: Method, explained: frozenset[str]
) -> Iterator[tuple[Explanation, Way]]:
    for explanation, way in singles(exercise, method):
        numbers = _numbers_of(exercise, step, way, explained)
        if numbers is not None:
            row = numbers[min(first.head, len(numbers) - 1), first.row]
            yield replace(explanation, gives=float(row[first.column]), row=tuple(row.tolist())), way


def _numbers_of(exercise: Exercise, step: str, way: Way, explained: frozenset[str]) -> FloatArray | None:
    """What a way gives for a step, where it fits all that was printed of it and before it; else None."""
    for from_print in (False, True):
        steps = work(exercise, way.method, from_print=True) if from_print else work_printed(exercise, way.method)
        for worked in steps:
            printed = exercise.printed.get(worked.step)
            here = worked.step == step
            if printed is None or (worked.step in explained and not here):
                continue
            compared = worked._replace(settled=worked.computed) if from_print else worked
            if not agrees(printed, compared, way.method):
                break
            if here:
                return worked.computed if from_print or way.method.rounding is None else worked.settled
    return None


def groups_of_step(trace: Trace, exercise: Exercise, cells: Sequence[Judged]) -> Iterator[Group]:
    """What the wrong numbers of a step show that no slip explains."""
    rounded = tuple(one for one in cells if one.verdict is PrintedVerdict.ROUNDED)
    if rounded:
        yield Group(rounded, (Explanation((EARLY_ROUNDING,), gives=rounded[0].follows),))
    own = tuple(one for one in cells if one.verdict is PrintedVerdict.OWN)
    parameter = misprinted(exercise, own) if own else None
    if parameter is not None:
        parts = (parameter.place, parameter.given, parameter.meant)
        yield Group(own, (Explanation((MISPRINTED,), parts),), then=parameter.method)
        return
    for row in _rows(cells):
        if row.own:
            yield from _of_row(trace, exercise, row)


def _rows(cells: Sequence[Judged]) -> list[_Row]:
    rows: dict[tuple[str, int, int], list[Judged]] = {}
    for one in cells:
        rows.setdefault((one.one.step, one.one.head, one.one.row), []).append(one)
    return [_Row(*place, tuple(of_row)) for place, of_row in rows.items()]


def _of_row(trace: Trace, exercise: Exercise, row: _Row) -> Iterator[Group]:
    conflict = order_conflict(trace, row.row, row.head) if row.step == "weights" else None
    if conflict is not None:
        yield Group(row.own, (Explanation((IMPOSSIBLE,)),), conflict, _softmaxed(exercise, row))
        return
    decimals = exercise.printed[row.step].decimals
    if row.step == "weights" and row_that_was_adjusted(row.cells, decimals):
        yield Group(row.own, (Explanation((ADJUSTED,), gives=row.own[0].follows),))
        return
    if len(row.own) == 1 and not row.own[0].tainted and copied_from(row.own[0], decimals):
        yield Group(row.own, (Explanation((COPIED,), gives=row.own[0].one.computed),))
        return
    for tainted in (False, True):
        cells = tuple(one for one in row.own if one.tainted is tainted)
        if cells:
            yield Group(cells, (Explanation((ARITHMETIC,)),))


def _softmaxed(exercise: Exercise, row: _Row) -> tuple[float, ...]:
    step = next(step for step in work(exercise, from_print=True) if step.step == "weights")
    return tuple(step.computed[row.head, row.row].tolist())


def with_their_scores(found: list[Group], judged: Sequence[Judged]) -> list[Group]:
    """A query's scores of which none holds go with its impossible weights: the two are one invention."""
    all_wrong = {(row.step, row.head, row.row) for row in _rows(judged) if row.all_wrong}
    proofs = {_place(group): group for group in found if group.conflict is not None}
    joined: list[Group] = []
    for group in found:
        first = group.cells[0].one
        proof = proofs.get((first.head, first.row))
        unexplained = group.explanations[0].slips == (ARITHMETIC,)
        if proof and unexplained and first.step in _SCORES and (first.step, first.head, first.row) in all_wrong:
            proofs[_place(group)] = replace(proof, cells=group.cells + proof.cells)
        elif group.conflict is None:
            joined.append(group)
    order = {id(one): index for index, group in enumerate(found) for one in group.cells}
    return sorted([*joined, *proofs.values()], key=lambda group: order[id(group.cells[0])])


def _place(group: Group) -> tuple[int, int]:
    return group.cells[0].one.head, group.cells[0].one.row


def merged(found: list[Group]) -> Iterator[Group]:
    """Rows of one step with the same reason, as one group."""
    together: dict[object, Group] = {}
    for group in found:
        first = group.cells[0]
        reason = tuple((one.slips, one.parts) for one in group.explanations)
        after_wrong = first.tainted and reason[0][0] == (ARITHMETIC,)
        place: object = (first.one.step, first.one.head, after_wrong, reason)
        if group.conflict is not None:
            place = id(group)
        before = together.get(place)
        together[place] = group if before is None else replace(before, cells=before.cells + group.cells)
    yield from together.values()
