"""Where no slip explains everything: mistakes row by row, each with the slips that explain it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ...engine.arrays import FloatArray
from ..precision import is_near
from ..published import OrderConflict, order_conflict
from ..trace import Trace
from .exercise import Exercise
from .judging import Judged, PrintedVerdict
from .method import RIGHT
from .search import Explanation, singles
from .table import ARITHMETIC, EARLY_ROUNDING, IMPOSSIBLE, SLIPS
from .working import work

_SINGLE = {slip.id for slip in SLIPS if slip.single}
_SCORES = ("scores", "scaled", "masked")


@dataclass(frozen=True)
class Group:
    """Wrong numbers of one step, or of a query's scores and weights, with one reason."""

    cells: tuple[Judged, ...]
    explanations: tuple[Explanation, ...]
    conflict: OrderConflict | None = None
    softmaxed: tuple[float, ...] = ()


@dataclass(frozen=True)
class _Row:
    """The published numbers of one row of one step."""

    step: str
    head: int
    row: int
    cells: list[Judged] = field(default_factory=list)

    @property
    def own(self) -> tuple[Judged, ...]:
        """The mistakes made here."""
        return tuple(one for one in self.cells if one.verdict is PrintedVerdict.OWN)

    @property
    def all_wrong(self) -> bool:
        """Whether not one number of the row holds."""
        return all(not one.one.agrees for one in self.cells)


def groups(trace: Trace, exercise: Exercise, judged: tuple[Judged, ...]) -> tuple[Group, ...]:
    """All mistakes that were not only dragged along, in the order of the steps."""
    rows = _rows(judged)
    candidates = _candidates(exercise, rows) if any(row.own for row in rows) else []
    found = [group for row in rows for group in _of_row(trace, exercise, row, candidates)]
    return tuple(_merged(_with_their_scores(found, rows)))


def _rows(judged: tuple[Judged, ...]) -> list[_Row]:
    rows: dict[tuple[str, int, int], _Row] = {}
    for one in judged:
        place = (one.one.step, one.one.head, one.one.row)
        rows.setdefault(place, _Row(*place)).cells.append(one)
    return list(rows.values())


_Candidate = tuple[Explanation, dict[str, FloatArray]]


def _candidates(exercise: Exercise, rows: list[_Row]) -> list[_Candidate]:
    """Every slip, with the numbers it gives: from the beginning, and from the printed numbers of the steps before."""
    steps = {row.step for row in rows if row.own}
    found = []
    for explanation, way in singles(exercise):
        rounding = explanation.slips == (EARLY_ROUNDING,)
        for from_print in (False,) if rounding else (False, True):
            worked = work(exercise, way.method, from_print=from_print)
            numbers = {one.step: one.settled if rounding else one.computed for one in worked if one.step in steps}
            found.append((explanation, numbers))
    return found


def _of_row(trace: Trace, exercise: Exercise, row: _Row, candidates: list[_Candidate]) -> Iterator[Group]:
    rounded = tuple(one for one in row.cells if one.verdict is PrintedVerdict.ROUNDED)
    if rounded:
        yield Group(rounded, (Explanation((EARLY_ROUNDING,), gives=rounded[0].follows),))
    if not row.own:
        return
    found: dict[tuple[str, ...], Explanation] = {}
    for explanation, numbers in candidates:
        gives = _gives(exercise, row, numbers[row.step], explanation)
        if gives is not None and explanation.slips not in found:
            found[explanation.slips] = replace(explanation, gives=gives)
    if found:
        yield Group(row.own, tuple(found.values()))
        return
    conflict = order_conflict(trace, row.row, row.head) if row.step == "weights" else None
    if conflict is not None:
        yield Group(row.own, (Explanation((IMPOSSIBLE,)),), conflict, _softmaxed(exercise, row))
        return
    for tainted in (False, True):
        cells = tuple(one for one in row.own if one.tainted is tainted)
        if cells:
            yield Group(cells, (Explanation((ARITHMETIC,)),))


def _gives(exercise: Exercise, row: _Row, numbers: FloatArray, explanation: Explanation) -> float | None:
    """What the slip gives for the row's first mistake, if it gives the row; else None.

    Some slips can befall single numbers of a row; what they do not explain must then be right.
    """
    if row.own[0].one.row >= numbers.shape[-2] or len(row.cells) > numbers.shape[-1]:
        return None
    of_row = numbers[min(row.head, numbers.shape[0] - 1), row.row]

    def near(one: Judged) -> bool:
        allowed = exercise.printed[row.step].allowed_at(row.head, row.row, one.one.column)
        return is_near(one.one.published, float(of_row[one.one.column]), allowed)

    alone = explanation.slips[0] in _SINGLE
    if not all(near(one) for one in row.cells if one.verdict is PrintedVerdict.OWN or not alone):
        return None
    return float(of_row[row.own[0].one.column])


def _softmaxed(exercise: Exercise, row: _Row) -> tuple[float, ...]:
    step = next(step for step in work(exercise, RIGHT, from_print=True) if step.step == "weights")
    return tuple(step.computed[row.head, row.row].tolist())


def _with_their_scores(found: list[Group], rows: list[_Row]) -> list[Group]:
    """A query's scores of which none holds go with its impossible weights: the two are one invention."""
    all_wrong = {(row.step, row.head, row.row) for row in rows if row.all_wrong}
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


def _merged(found: list[Group]) -> Iterator[Group]:
    """Rows of one step with the same reason, as one group."""
    merged: dict[object, Group] = {}
    for group in found:
        first = group.cells[0]
        reason = tuple((one.slips, one.parts) for one in group.explanations)
        after_wrong = first.tainted and reason[0][0] == (ARITHMETIC,)
        place: object = (first.one.step, first.one.head, after_wrong, reason)
        if group.conflict is not None:
            place = id(group)
        before = merged.get(place)
        merged[place] = group if before is None else replace(before, cells=before.cells + group.cells)
    yield from merged.values()
