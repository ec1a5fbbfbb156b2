"""Rotary positions: pairs of numbers of a query or a key, turned by an angle that grows with its position."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from ..engine.arrays import FloatArray
from ..records import record
from ..said import say
from .operation import At, Drawing, Operation, Plan, same, shared_as
from .rules import Rule
from .tensors import Address, Axis, Opened, Tensors, given, made_of


@record(frozen=True)
class Pairing:
    """Which columns are turned together: the first `width` of them, in halves or as neighbours."""

    width: int
    in_halves: bool

    def place(self, column: int) -> tuple[int, int, bool]:
        """(its pair, the other column of it, whether it is the first of the two) of a column below `width`."""
        half = self.width // 2
        if self.in_halves:
            first = column < half
            return column % half, column + half if first else column - half, first
        first = column % 2 == 0
        return column // 2, column + 1 if first else column - 1, first

    def columns(self) -> tuple[slice, slice]:
        """The first columns of all pairs, and the second ones."""
        half = self.width // 2
        if self.in_halves:
            return slice(0, half), slice(half, self.width)
        return slice(0, self.width, 2), slice(1, self.width, 2)


@record(frozen=True)
class Rotated(Operation):
    """Each pair (a, b) → (a cos − b sin, b cos + a sin) (Su et al. 2021, equation 34)."""

    source: str
    rows: Axis
    pairing: Pairing
    first: int = 0
    """Of queries, the row of `cos` and `sin` that the first of them has."""
    back_again: bool = False
    """Whether it is turned the other way, as a gradient is."""
    drawing: Drawing = Drawing.ELEMENTWISE

    @property
    def sources(self) -> tuple[str, ...]:
        """What is turned; the cosines and sines are settings."""
        return (self.source, "cos", "sin")

    def numbers(self, at: At) -> FloatArray:
        """(h, rows, d): the columns from `width` on stay as they are."""
        source = at.rows(self.source)
        cos, sin = (self._angles(at, name, source) for name in ("cos", "sin"))
        one, other = self.pairing.columns()
        turned = source.copy()
        turned[..., one] = source[..., one] * cos - source[..., other] * sin
        turned[..., other] = source[..., other] * cos + source[..., one] * sin
        return turned

    def _angles(self, at: At, name: str, source: FloatArray) -> FloatArray:
        """(rows, width / 2), in the source's type."""
        start = self.first + (at.slice.start if self.rows is Axis.QUERY else 0)
        angles = at.whole(name)[0, start : start + source.shape[-2]].astype(source.dtype, copy=False)
        return -angles if self.back_again and name == "sin" else angles

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The number, its cosine, the other one of its pair, and its sine."""
        own = same(self.source, cell, table)
        if cell.column >= self.pairing.width:
            return made_of(cell, Rule.COPY, own)
        pair, other, is_first = self.pairing.place(cell.column)
        cos, sin = (Address(name, self.first + cell.row, pair) for name in ("cos", "sin"))
        rule = Rule.TURNED_ONE if is_first is not self.back_again else Rule.TURNED_OTHER
        return made_of(cell, rule, own, cos, replace(own, column=other), sin)

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`R(p) Q`: turned by the position p."""
        return f"R({'−' if self.back_again else ''}p) {plan.symbol(self.source)}"

    def group(self, plan: Plan) -> int:
        """As the source is shared."""
        return shared_as(plan, self.source)

    def back(self, plan: Plan, made: str, gradient: str) -> Iterator[tuple[str, Operation]]:
        """Turned back by the same angle."""
        yield self.source, replace(self, source=gradient, back_again=True, drawing=Drawing.GRADIENT)

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        """At most |cos| times its own and |sin| times its partner's."""
        doubt = of[self.source]
        cos, sin = (np.abs(self._angles(at, name, doubt)) for name in ("cos", "sin"))
        one, other = self.pairing.columns()
        found = doubt.copy()
        found[..., one] = doubt[..., one] * cos + doubt[..., other] * sin
        found[..., other] = doubt[..., other] * cos + doubt[..., one] * sin
        return found


@record(frozen=True)
class Angles(Operation):
    """cos or sin of position · theta^(−2i/turned), for each position and pair i: a setting."""

    is_cosine: bool
    theta: float
    turned: int
    """The columns that are turned."""
    first: int
    """The position of row 0."""
    count: int
    """How many positions there are."""
    factors: tuple[float, ...] = ()
    """For each pair what its angle is divided by; none: nothing."""

    @property
    def sources(self) -> tuple[str, ...]:
        """None."""
        return ()

    def angle(self, row: int, pair: int) -> float:
        """In radians."""
        factor = self.factors[pair] if self.factors else 1.0
        return float((self.first + row) * self.theta ** (-2 * pair / self.turned) / factor)

    def numbers(self, at: At) -> FloatArray:
        """(1, positions, width / 2)."""
        positions = np.arange(self.first, self.first + self.count, dtype=np.float64)
        angles = positions[:, None] * self.theta ** (-2 * np.arange(self.turned // 2) / self.turned)
        if self.factors:
            angles = angles / np.array(self.factors)
        found: FloatArray = np.cos(angles) if self.is_cosine else np.sin(angles)
        return found[None]

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """Of which angle."""
        position, name = self.first + cell.row, "cos" if self.is_cosine else "sin"
        turn = "" if cell.column == 0 else f" · {self.theta:g}^(−{2 * cell.column}/{self.turned})"
        if self.factors and self.factors[cell.column] != 1.0:
            turn += f" / {self.factors[cell.column]:.4g}"
        angle = f"{self.angle(cell.row, cell.column):.4g}"
        return given(
            cell,
            say(
                "attention.rotary: {function} of {turn} = {angle}", function=name, turn=f"{position}{turn}", angle=angle
            ),
        )

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """None."""
        return ""

    def width(self, plan: Plan) -> int:
        """The pairs."""
        return self.turned // 2
