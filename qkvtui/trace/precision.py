"""When a printed number holds: how far it may be from the computed one.

A number holds if it could have been printed for the computed one: within half a unit of the last digit that its step
was printed with, plus what is lost by computing in float32, plus what can come of inputs that were rounded before they
were printed. However few the digits, a number near the middle of two may go the other way in float32.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from math import isfinite

import numpy as np

from ..engine.arrays import BoolArray, FloatArray
from ..graph.example import Example
from ..graph.rows import GraphRow
from ..operations.operation import At, Drawing
from .working import Working

_SUMMED = 2.0**-46
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
        self._half_units: dict[str, float] = {}

    def allowed(self, step: str, row: int, head: int, computed: FloatArray) -> FloatArray:
        """(columns,): how far printed numbers may be from the computed ones of a row and hold."""
        if self._published is None:
            return np.zeros(len(computed))
        slack = self.slack.get(step)
        off = 0.0 if slack is None else slack[min(head, len(slack) - 1), row]
        lost = self._float32 * np.where(np.isfinite(computed), np.abs(computed), 0.0)
        return np.asarray(self._half_unit(step) + lost + off, dtype=np.float64)

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


def forward(working: Working) -> tuple[GraphRow, ...]:
    """The steps of the way forward."""
    return tuple(row for row in working.graph.steps if not row.learns and row.has_numbers)


def carried(
    working: Working,
    steps: Iterable[GraphRow],
    leaves: Mapping[str, FloatArray],
    known: Callable[[str, FloatArray], FloatArray] = lambda step, slack: slack,
) -> dict[str, FloatArray]:
    """Step id → (h, rows, columns): how far its numbers may be off, where the leaves may be off by that much.

    What comes after a step is computed from what is `known` of it: (its id, how far it may be off) → how far it is.
    """
    at: At = working.block(0)
    found: dict[str, FloatArray] = dict(leaves)
    of_steps: dict[str, FloatArray] = {}
    with np.errstate(all="ignore"):
        for row in steps:
            at.rows(row.id)
            of_steps[row.id] = row.operation.slack(at, found)
            found[row.id] = known(row.id, of_steps[row.id])
            if row.kind is Drawing.GIVEN:  # its numbers are the file's
                found[row.operation.sources[0]] = found[row.id]
    return of_steps


def near(left: FloatArray, right: FloatArray, tolerance: FloatArray | float) -> BoolArray:
    """Where numbers differ by at most the tolerance, give or take the last bits of a sum; ∞ is near itself only."""
    with np.errstate(invalid="ignore"):
        close = np.abs(left - right) <= tolerance + _SUMMED * np.minimum(np.abs(left), np.abs(right))
    return np.where(np.isfinite(left) & np.isfinite(right), close, left == right)


def is_near(left: float, right: float, tolerance: float) -> bool:
    """The same for two numbers."""
    return bool(near(np.array(left), np.array(right), tolerance))


def is_written_for(written: float, number: float, decimals: int) -> bool:
    """Whether somebody who has a number may write it so, with so many decimals: the rule for printed numbers."""
    lost = _FLOAT32 * abs(number) if isfinite(number) else 0.0
    return is_near(written, number, 0.5 * 10.0**-decimals * (1 + 1e-9) + lost)
