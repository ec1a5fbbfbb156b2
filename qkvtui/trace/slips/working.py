"""Calculating an exercise by a method, one step after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ...engine.arrays import FloatArray
from ...graph.rows import GraphRow
from ...operations.operation import Drawing
from ..rounding import rounded
from ..working import Working
from .exercise import Exercise
from .method import RIGHT, Method


class Worked(NamedTuple):
    """One step; arrays (h, rows, columns), h = 1 where the step is no single head's."""

    step: str
    computed: FloatArray
    settled: FloatArray
    """What the next step is computed from: rounded, or replaced by what was printed."""


def work(exercise: Exercise, method: Method = RIGHT, *, from_print: bool = False) -> Iterator[Worked]:
    """Every step the example has, in order.

    With `from_print`, each step is computed from the printed numbers of the steps before, where there are any. Numbers
    may become NaN or infinite; a method may give a step another width than it should have.
    """
    working = working_of(exercise, method, from_print=from_print)
    for step_id in exercise.worked:
        settled = working.whole(step_id)
        yield Worked(step_id, working.computed[step_id], settled)


def work_printed(exercise: Exercise, method: Method = RIGHT) -> Iterator[Worked]:
    """The steps that were printed, in order, and nothing that they do not need."""
    working = working_of(exercise, method)
    for step_id in filter(exercise.printed.__contains__, exercise.worked):
        settled = working.whole(step_id)
        yield Worked(step_id, working.computed[step_id], settled)


class ByMethod(Working):
    """An exercise worked by a method: what was computed is kept beside what was settled."""

    def __init__(self, exercise: Exercise, method: Method, from_print: bool, only_right: bool) -> None:
        graph = exercise.graph.replaced(method.changes) if method.changes else exercise.graph
        everything = (slice(0, graph.sizes.queries),)
        super().__init__(graph, dict(exercise.leaves), everything, self._settled, exercise.memo)
        self._exercise, self._method = exercise, method
        self._from_print, self._only_right = from_print, only_right
        self.computed: dict[str, FloatArray] = {}

    def _settled(self, row: GraphRow, numbers: FloatArray, rows: slice) -> FloatArray:
        if not row.is_step:
            return numbers
        self.computed[row.id] = numbers
        settled = self._printed(row, self._rounded(row, numbers))
        if row.kind is Drawing.GIVEN and settled is not numbers:
            self.replace_leaf(row.operation.sources[0], settled)
        return settled

    def _rounded(self, row: GraphRow, numbers: FloatArray) -> FloatArray:
        rounding = self._method.rounding
        if rounding is None or row.kind is Drawing.GIVEN:
            return numbers
        if rounding.steps is not None and row.id not in rounding.steps:
            return numbers
        ties = "up" if rounding.ties == "shares" and row.id != self.graph.roles["weights"] else rounding.ties
        printed = row.id in self._exercise.printed
        return rounded(numbers, self._exercise.decimals_of(row.id) if printed else rounding.decimals, ties)

    def _printed(self, row: GraphRow, numbers: FloatArray) -> FloatArray:
        printed = self._exercise.printed.get(row.id) if self._from_print else None
        if printed is None or printed.values.shape[-1] != numbers.shape[-1]:
            return numbers
        replaced = numbers.copy()
        believed = ~np.isnan(printed.values) & (printed.holds if self._only_right else True)
        replaced[printed.heads, printed.rows] = np.where(believed, printed.values, printed.of(numbers))
        return replaced


def working_of(
    exercise: Exercise, method: Method = RIGHT, *, from_print: bool = False, only_right: bool = False
) -> ByMethod:
    """The exercise by a method, from the printed numbers where there are any, or `only_right` ones."""
    with np.errstate(all="ignore"):
        return ByMethod(exercise, method, from_print, only_right)
