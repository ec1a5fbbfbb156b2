"""Tensors of one shape added up, as a residual stream adds what a layer found to what went in (He et al. 2015)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import reduce

import numpy as np

from ..engine.arrays import FloatArray
from ..records import record
from .operation import At, Drawing, Operation, Plan, same
from .rules import Rule
from .tensors import Address, Opened, Tensors, made_of


@record(frozen=True)
class Summed(Operation):
    """The sum of tensors of one shape, number by number."""

    addends: tuple[str, ...]
    drawing: Drawing = Drawing.ELEMENTWISE

    @property
    def sources(self) -> tuple[str, ...]:
        """What is added up."""
        return self.addends

    def numbers(self, at: At) -> FloatArray:
        """Their sum, from the first on."""
        return reduce(lambda total, name: total + at.rows(name), self.addends[1:], at.rows(self.addends[0]))

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The numbers at the same place."""
        return made_of(cell, Rule.SUM, *(same(name, cell, table) for name in self.addends))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`X + P`."""
        return " + ".join(map(plan.symbol, self.addends))

    def back(self, plan: Plan, made: str, gradient: str) -> Iterator[tuple[str, Operation]]:
        """The gradient itself, to each."""
        for name in self.addends:
            yield name, Copied(gradient)

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        """All that the addends may be off."""
        return sum((of[name] for name in self.addends[1:] if name in of), of[self.addends[0]])


@record(frozen=True, eq=False)
class FromLayer(Operation):
    """Numbers of another layer, which are only looked at in this one."""

    layer: int
    """That layer."""
    step: str
    """What they are called there."""
    symbol: str
    """Their sign there: `X′`, `dX`."""

    @property
    def sources(self) -> tuple[str, ...]:
        """None in this layer."""
        return ()

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The same number in that layer."""
        return made_of(cell, Rule.COPY, Address(self.step, cell.row, cell.column, layer=self.layer))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`X′@1`: what layer 1 left."""
        return f"{self.symbol}@{self.layer}"


@record(frozen=True, eq=False)
class RowsLeft(FromLayer):
    """What a layer left."""

    left: FloatArray  # (rows, m)
    drawing: Drawing = Drawing.ELEMENTWISE

    def numbers(self, at: At) -> FloatArray:
        """(1, rows, m)."""
        return self.left[None]

    def width(self, plan: Plan) -> int:
        """m."""
        return int(self.left.shape[1])

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        """Nothing is known of it."""
        return np.zeros_like(self.numbers(at))


@record(frozen=True, eq=False)
class Below(RowsLeft):
    """What the layer before left."""

    def numbers(self, at: At) -> FloatArray:
        """(1, rows of the block, m)."""
        return self.left[None, at.slice]


@record(frozen=True, eq=False)
class Encoded(RowsLeft):
    """What the encoder made of its words, which a decoder's layer makes keys and values of."""


@record(frozen=True)
class Copied(Operation):
    """The same numbers under another name."""

    source: str
    drawing: Drawing = Drawing.GRADIENT

    @property
    def sources(self) -> tuple[str, ...]:
        """What is copied."""
        return (self.source,)

    def numbers(self, at: At) -> FloatArray:
        """The source's."""
        return at.rows(self.source)

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The same number there."""
        return made_of(cell, Rule.COPY, same(self.source, cell, table))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`dX`."""
        return plan.symbol(self.source)


@record(frozen=True, eq=False)
class SentDown(FromLayer):
    """A gradient that a later layer sends down: of what came in there, or of a table that both use."""

    there: Callable[[], FloatArray]
    """(1, rows, columns): its numbers, computed when they are looked at."""
    columns: int
    drawing: Drawing = Drawing.GRADIENT

    def numbers(self, at: At) -> FloatArray:
        """All rows: what learns is worked whole."""
        return self.there()

    def width(self, plan: Plan) -> int:
        """As many columns as there."""
        return self.columns
