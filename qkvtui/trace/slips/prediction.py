"""Which slips give exactly the number that somebody typed for one cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...engine.arrays import FloatArray
from ...operations.tensors import Address
from ..addresses import value_at
from ..precision import is_written_for
from ..trace import Trace
from .exercise import Exercise
from .hand import by_hand
from .search import MOST_FOR_SINGLES, Explanation, singles
from .table import SLIPS, USUAL
from .ways import Way
from .working import work

FAR_DECIMALS = 3
"""A slip made many steps before the cell counts only from so many decimals on: with fewer, chance hits too often."""
_MOST_KEPT = 1 << 14
"""Numbers in one calculation up to which all of it is kept: two dozen ways of it are 20 MB at most."""
_MADE_AT = {slip.id: slip.made_at for slip in SLIPS}
_OF_ONE_NUMBER = frozenset(("scale", "mask", "bias", "added", "rounding"))
_SINGLE = frozenset(slip.id for slip in SLIPS if slip.kind in _OF_ONE_NUMBER)


class Commitment:
    """One way of committing a slip in an example, and the numbers that come of it."""

    def __init__(self, exercise: Exercise, explanation: Explanation, way: Way) -> None:
        self._exercise = exercise
        self._method = way.method
        self._kept: dict[str, FloatArray] = {}
        self.explanation = explanation
        """The slip, and what of the example it was done to."""

    @property
    def slip(self) -> str:
        """The slip's id."""
        return self.explanation.slips[0]

    @property
    def is_usual(self) -> bool:
        """Whether it is made so often that one number of a few digits is enough to think of it."""
        return self.slip in USUAL

    @property
    def befalls_one(self) -> bool:
        """Whether one number of a row alone can be wrong by it; else all of a step are."""
        return self.slip in _SINGLE

    def gives(self, cell: Address) -> float | None:
        """What somebody who commits it has in this cell; None where that step then has no such cell."""
        found = self._numbers(cell.name)
        if found is None or cell.row >= found.shape[-2] or cell.column >= found.shape[-1]:
            return None
        return float(found[min(cell.head, len(found) - 1), cell.row, cell.column])

    def is_behind(self, cell: Address, typed: float, decimals: int) -> bool:
        """Whether somebody who commits it may write this number for the cell."""
        number = self.gives(cell)
        return number is not None and is_written_for(typed, number, decimals)

    def _numbers(self, step: str) -> FloatArray | None:
        """(h | 1, rows, columns): kept where that is little, else worked out each time."""
        if self._exercise.size > _MOST_KEPT:
            return next((one.settled for one in work(self._exercise, self._method) if one.step == step), None)
        if not self._kept:
            self._kept = {one.step: one.settled for one in work(self._exercise, self._method)}
        return self._kept.get(step)


class Suspicions:
    """What each known slip gives for an example: worked once, compared with all the numbers that are typed for it."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._worked: dict[int, tuple[Commitment, ...]] = {}

    def fitting(self, cell: Address, typed: float, decimals: int) -> tuple[Commitment, ...]:
        """The ways of committing a slip that give exactly this number for this cell, most specific first.

        Where some of them are made at the cell's own step, only those. `decimals` is the precision the number was
        typed with: it is exact within half a unit of the last.
        """
        if not self._trace.has(cell.name) or self._trace.step(cell.name).type.learns:
            return ()  # the known slips are those of the way forward
        found = [
            one
            for one in self._commitments(decimals)
            if (cell.name in _MADE_AT[one.slip] or decimals >= FAR_DECIMALS) and one.is_behind(cell, typed, decimals)
        ]
        return tuple([one for one in found if cell.name in _MADE_AT[one.slip]] or found)

    def explained(
        self, cell: Address, typed: float, decimals: int, written: int, believed: Sequence[Commitment]
    ) -> tuple[Explanation, ...]:
        """One explanation for each slip of those believed; where there is none, what `by_hand` says of the number.

        Unusual slips are left out where a usual one gives the same.
        Empty for the right number, where nothing is known, and for an input or a parameter.
        """
        if not self._trace.has(cell.name) or is_written_for(typed, value_at(self._trace, cell), decimals):
            return ()
        found: dict[str, Explanation] = {}
        for one in [one for one in believed if one.is_usual] or believed:
            found.setdefault(one.slip, replace(one.explanation, gives=one.gives(cell)))
        return tuple(found.values()) or by_hand(self._trace, cell, typed, decimals, written)

    def _commitments(self, decimals: int) -> tuple[Commitment, ...]:
        if decimals not in self._worked:
            self._worked[decimals] = tuple(self._work(decimals))
        return self._worked[decimals]

    def _work(self, decimals: int) -> Iterator[Commitment]:
        exercise = Exercise(self._trace, decimals=decimals)
        if exercise.size > MOST_FOR_SINGLES:
            return
        for explanation, way in singles(exercise):
            if way.sure:  # the others are made to fit what a source printed
                yield Commitment(exercise, explanation, way)
