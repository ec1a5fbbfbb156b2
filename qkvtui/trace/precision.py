"""When a printed number holds: how far it may be from the computed one.

A number holds if it could have been printed for the computed one: within half a unit of the last digit that its step
was printed with, plus what is lost by computing in float32, plus what can come of inputs that were rounded before they
were printed. However few the digits, a number near the middle of two may go the other way in float32.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from math import isfinite

import numpy as np

from ..engine.arrays import FloatArray
from ..graph.example import Example
from ..graph.rows import GraphRow
from ..operations.operation import At, Drawing
from ..operations.tensors import Address
from .working import Working

SUMMED = 2.0**-46
"""Relative to a number, how far its last bits may depend on the order in which a sum was added up.

A 5 after the last printed decimal could otherwise be rounded correctly and be called wrong.
"""
_FLOAT32 = 2.0**-22
"""Relative to a number, how far float32 may be off: twice the distance of two neighbouring numbers."""


class Precision:
    """How far the published numbers of one example may be from the computed ones."""

    def __init__(self, example: Example, working: Working) -> None:
        self._example, self._working = example, working
        self._published = example.published
        self.disagreeing: dict[tuple[str, int], tuple[tuple[float, float], ...]] = {}
        """What was found once by `published.disagreeing`."""

    def allowed(self, cell: Address, computed: float) -> float:
        """How far a printed number may be from the computed one at `cell` and hold."""
        if self._published is None:
            return 0.0
        slack = self.slack.get(cell.name)
        off = 0.0 if slack is None else float(slack[min(cell.head, len(slack) - 1), cell.row, cell.column])
        lost = self._float32 * abs(computed) if isfinite(computed) else 0.0
        return self._half_unit(cell.name) + lost + off

    @cached_property
    def slack(self) -> Mapping[str, FloatArray]:
        """Step id → (h, rows, columns): what can come of rounded inputs; empty in long examples."""
        if not self.leaves or len(self._working.blocks) > 1:
            return {}
        return carried(self._working, forward(self._working), self.leaves)

    @cached_property
    def leaves(self) -> Mapping[str, FloatArray]:
        """Input or parameter → (h | 1, rows, columns): how far what was printed of it may be from what it was."""
        return dict(self._doubted())

    def _doubted(self) -> Iterator[tuple[str, FloatArray]]:
        published, example = self._published, self._example
        if published is None or published.tolerance is not None:
            return
        for name in (*example.inputs, *example.parameters):
            leaf = self._working.leaf(name)
            if leaf is not None:
                rounding = 0.5 * 10.0 ** -example.rounded[name] if name in example.rounded else 0.0
                yield name, rounding + self._float32 / 2 * np.abs(leaf)

    @cached_property
    def _float32(self) -> float:
        """Relative to a number, what computing in float32 may lose; nothing where the file says how much may be off."""
        return _FLOAT32 if self._published is not None and self._published.tolerance is None else 0.0

    def _half_unit(self, step: str) -> float:
        if step not in self._half_units:
            assert self._published is not None
            self._half_units[step] = self._published.half_unit(step)
        return self._half_units[step]

    @cached_property
    def _half_units(self) -> dict[str, float]:
        return {}


def forward(working: Working) -> tuple[GraphRow, ...]:
    """The steps of the way forward."""
    return tuple(row for row in working.graph.steps if not row.learns and row.kind is not Drawing.SUMMARY)


def carried(working: Working, steps: Iterable[GraphRow], leaves: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Step id → (h, rows, columns): how far its numbers may be off, where the leaves may be off by that much."""
    at: At = working.block(0)
    found: dict[str, FloatArray] = dict(leaves)
    of_steps: dict[str, FloatArray] = {}
    with np.errstate(all="ignore"):
        for row in steps:
            at.rows(row.id)
            of_steps[row.id] = found[row.id] = row.operation.slack(at, found)
    return of_steps


def is_near(left: float, right: float, tolerance: float) -> bool:
    """Whether two numbers differ by at most the tolerance, give or take the last bits of a sum (SUMMED)."""
    if not (isfinite(left) and isfinite(right)):
        return left == right
    return abs(left - right) <= tolerance + SUMMED * min(abs(left), abs(right))


def is_written_for(written: float, number: float, decimals: int) -> bool:
    """Whether somebody who has a number may write it so, with so many decimals: the rule for printed numbers."""
    lost = _FLOAT32 * abs(number) if isfinite(number) else 0.0
    return is_near(written, number, 0.5 * 10.0**-decimals * (1 + 1e-9) + lost)
