"""An example as an exercise: its graph in float64, and the numbers a source printed, to be calculated in any way."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...engine.arrays import BoolArray, FloatArray
from ...graph.build import graph_of
from ...graph.example import Example
from ...graph.masks import masks_of
from ...operations.operation import Drawing
from ..published import SUMMED
from ..trace import Shape, Trace
from ..working import Memo, leaves_of


@dataclass(frozen=True, eq=False)
class Printed:
    """The printed rows of one step: row i of `values` belongs to head `heads[i]` and row `rows[i]`."""

    heads: NDArray[np.intp]
    rows: NDArray[np.intp]
    values: FloatArray  # (n, columns)

    def agree(self, found: FloatArray, tolerance: float) -> bool:
        """Whether every printed number is one of `found` (h, rows, columns), within the tolerance."""
        if found.shape[-1] != self.values.shape[-1]:
            return False
        return bool(near(self.values, found[self.heads, self.rows], tolerance).all())


def near(left: FloatArray, right: FloatArray, tolerance: FloatArray | float) -> BoolArray:
    """Where two arrays are within the tolerance of each other; infinities agree with themselves, NaN with nothing."""
    with np.errstate(invalid="ignore"):
        slack = tolerance + SUMMED * np.minimum(np.abs(left), np.abs(right))
        close: BoolArray = (left == right) | (np.abs(left - right) <= slack)
    return close


class Exercise:
    """An example's graph and arrays in float64, its published numbers, and a memory of what was calculated."""

    def __init__(self, trace: Trace, *, decimals: int | None = None) -> None:
        self.example: Example = trace.example
        self.shape: Shape = trace.shape
        self.graph = graph_of(trace.example)
        self.scale = 1.0 if trace.scale is None else trace.scale
        self.steps = tuple(step.id for step in trace.steps)
        """The ids of all steps, also of those that slips know nothing of."""
        self.worked = tuple(row.id for row in self.graph.steps if row.kind is not Drawing.SUMMARY)
        """The steps of the way forward."""
        self.leaves: Mapping[str, FloatArray] = {
            name: array.astype(np.float64) for name, array in leaves_of(self.graph).items()
        }
        self.masks = masks_of(self.graph)
        """By its name in the file, each mask alone."""
        published = trace.example.published
        self.tolerance = 0.0 if published is None else published.tolerance
        if decimals is None:
            decimals = 2 if published is None else printed_decimals(published.decimals, published.tolerance)
        self.decimals = decimals
        """With how many decimals somebody who rounds each step writes it down."""
        self.printed = _printed(trace.example)
        self.memo = Memo()

    @property
    def size(self) -> int:
        """How many numbers one calculation goes through, about."""
        shape = self.shape
        return shape.heads * shape.queries * (shape.keys + shape.d_k + shape.d_v)


def printed_decimals(decimals: int | None, tolerance: float) -> int:
    """The decimals of the published numbers: as given, or those whose half unit comes nearest to the tolerance."""
    return max(0, round(-math.log10(2 * tolerance))) if decimals is None else decimals


def _printed(example: Example) -> dict[str, Printed]:
    """Step id → its printed rows, all heads together."""
    rows: dict[str, list[tuple[int, int, tuple[float, ...]]]] = {}
    for name, of_step in ({} if example.published is None else example.published.rows).items():
        step_id, _, head = name.partition("@")
        rows.setdefault(step_id, []).extend((int(head or 0), row, values) for row, values in of_step.items())
    return {
        step_id: Printed(
            np.array([head for head, _, _ in found], dtype=np.intp),
            np.array([row for _, row, _ in found], dtype=np.intp),
            np.array([values for _, _, values in found], dtype=np.float64),
        )
        for step_id, found in rows.items()
        if found
    }
