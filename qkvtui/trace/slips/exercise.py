"""An example as an exercise: its graph in float64, and the numbers a source printed, to be calculated in any way."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...engine.arrays import BoolArray, FloatArray
from ...graph.example import Example
from ...graph.masks import masks_of
from ...graph.steps import graph_of
from ...records import record
from ..parts import Shape
from ..precision import near
from ..trace import Trace
from ..working import Memo, leaves_of


@record(frozen=True, eq=False)
class Printed:
    """The printed rows of one step: row i of `values` belongs to head `heads[i]` and row `rows[i]`."""

    heads: NDArray[np.intp]
    rows: NDArray[np.intp]
    values: FloatArray  # (n, columns); NaN where nothing was printed
    allowed: FloatArray  # (n, columns)
    """How far each may be from what it was printed for."""
    decimals: int
    holds: BoolArray  # (n, columns)

    def agree(self, found: FloatArray) -> bool:
        """Whether every printed number could have been printed for one of `found` (h, rows, columns)."""
        if found.shape[-1] != self.values.shape[-1]:
            return False
        return bool(holds(self.values, self.of(found), self.allowed).all())

    def agree_cut(self, found: FloatArray) -> bool:
        """Whether every printed number is one of `found` with the digits after its last decimal cut off."""
        if found.shape[-1] != self.values.shape[-1]:
            return False
        unit = 10.0**-self.decimals
        numbers = self.of(found)
        with np.errstate(invalid="ignore", over="ignore"):
            cut = np.copysign(np.floor(np.abs(numbers) / unit + _WHOLE) * unit, numbers)
        return bool(holds(self.values, cut, np.full(cut.shape, _WHOLE * unit)).all())

    def allowed_at(self, head: int, row: int, column: int) -> float:
        """How far one of the printed numbers may be from what it was printed for."""
        index = int(np.flatnonzero((self.heads == head) & (self.rows == row))[0])
        return float(self.allowed[index, column])

    def of(self, array: FloatArray) -> FloatArray:
        """(n, columns): the numbers of (h, rows, columns) that were printed."""
        found: FloatArray = array[np.minimum(self.heads, len(array) - 1), self.rows]
        return found


_WHOLE = 1e-6
"""How near to a whole number of units counts as one."""


def holds(printed: FloatArray, found: FloatArray, allowed: FloatArray) -> BoolArray:
    """Where numbers are as near as allowed, and where none was printed."""
    return np.isnan(printed) | near(printed, found, allowed)


class Exercise:
    """An example's graph and arrays in float64, its published numbers, and a memory of what was calculated."""

    def __init__(self, trace: Trace, *, decimals: int | None = None) -> None:
        self.example: Example = trace.example
        self.shape: Shape = trace.shape
        self.graph = graph_of(trace.example)
        self.scale = trace.factor
        self.worked = tuple(row.id for row in self.graph.steps if row.has_numbers)
        """The steps of the way forward."""
        self.leaves: Mapping[str, FloatArray] = {
            name: array.astype(np.float64) for name, array in leaves_of(self.graph).items()
        }
        self.masks = masks_of(self.graph)
        """By its name in the file, each mask alone."""
        self.memo = Memo()
        self._trace = trace
        self._decimals = decimals

    @cached_property
    def printed(self) -> Mapping[str, Printed]:
        """Step id → its printed rows."""
        return {step: _printed(self._trace, step, rows) for step, rows in _printed_rows(self.example).items()}

    @cached_property
    def doubted(self) -> Mapping[str, FloatArray]:
        """Inputs and parameters that were rounded before they were printed → how far each may be off."""
        return self._trace.precision.leaves

    @cached_property
    def decimals(self) -> int:
        """With how many decimals somebody who rounds each step writes it down, where it was not printed."""
        if self._decimals is not None:
            return self._decimals
        return max((one.decimals for one in self.printed.values()), default=2)

    def known_of(self, step: str, slack: FloatArray) -> FloatArray:
        """How far the numbers of a step may be off: what was printed of it is known up to its rounding."""
        printed = self.printed.get(step)
        if printed is None:
            return slack
        known = slack.copy()
        known[printed.heads, printed.rows] = printed.allowed
        return known

    def decimals_of(self, step: str) -> int:
        """The same of one step: those that it was printed with."""
        return self.printed[step].decimals if self._decimals is None and step in self.printed else self.decimals

    @property
    def size(self) -> int:
        """How many numbers one calculation goes through, about."""
        shape = self.shape
        return shape.heads * shape.queries * (shape.keys + shape.d_k + shape.d_v)


_PrintedRow = tuple[int, int, tuple[float, ...]]


def _printed_rows(example: Example) -> dict[str, list[_PrintedRow]]:
    """Step id → (head, row, its printed numbers), all heads together."""
    rows: dict[str, list[_PrintedRow]] = {}
    for name, of_step in ({} if example.published is None else example.published.rows).items():
        step_id, _, head = name.partition("@")
        rows.setdefault(step_id, []).extend((int(head or 0), row, values) for row, values in of_step.items())
    return {step_id: found for step_id, found in rows.items() if found}


def _printed(trace: Trace, step: str, rows: list[_PrintedRow]) -> Printed:
    published, precision = trace.example.published, trace.precision
    assert published is not None
    computed = np.array([trace.row(step, row, head) for head, row, _ in rows], dtype=np.float64)
    values = np.array([values for _, _, values in rows], dtype=np.float64)
    allowed = np.array(
        [precision.allowed(step, row, head, of_row) for (head, row, _), of_row in zip(rows, computed, strict=True)]
    )
    heads, indices = (
        np.array(found, dtype=np.intp) for found in zip(*((head, row) for head, row, _ in rows), strict=True)
    )
    return Printed(heads, indices, values, allowed, published.decimals_of(step), holds(values, computed, allowed))
