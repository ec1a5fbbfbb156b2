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
class Below(Operation):
    """What the layer before left."""

    layer: int
    """That layer."""
    left: FloatArray  # (t, m)
    drawing: Drawing = Drawing.ELEMENTWISE

    @property
    def sources(self) -> tuple[str, ...]:
        """None in this layer."""
        return ()

    def numbers(self, at: At) -> FloatArray:
        """(1, rows of the block, m)."""
        return self.left[None, at.slice]

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The same number in the layer before."""
        return made_of(cell, Rule.COPY, Address("left", cell.row, cell.column, layer=self.layer))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`X′@1`: what layer 1 left."""
        return f"X′@{self.layer}"

    def width(self, plan: Plan) -> int:
        """m."""
        return int(self.left.shape[1])

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        """Nothing is known of it."""
        return np.zeros_like(self.numbers(at))


@record(frozen=True, eq=False)
class Encoded(Operation):
    """What the encoder made of its words, which a decoder's layer makes keys and values of."""

    layer: int
    """The encoder's last layer."""
    step: str
    """What it ends with there."""
    symbol: str
    """The sign of that: `X′`."""
    left: FloatArray  # (s, m)
    drawing: Drawing = Drawing.ELEMENTWISE

    @property
    def sources(self) -> tuple[str, ...]:
        """None in this layer."""
        return ()

    def numbers(self, at: At) -> FloatArray:
        """(1, s, m)."""
        return self.left[None]

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The same number in the encoder's last layer."""
        return made_of(cell, Rule.COPY, Address(self.step, cell.row, cell.column, layer=self.layer))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`X′@5`: what layer 5 left."""
        return f"{self.symbol}@{self.layer}"

    def width(self, plan: Plan) -> int:
        """m."""
        return int(self.left.shape[1])

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        """Nothing is known of it."""
        return np.zeros_like(self.numbers(at))


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
class SentDown(Operation):
    """A gradient that a later layer sends down: of what came in there, or of a table that both use."""

    gradient: str
    layer: int
    """That layer."""
    there: Callable[[], FloatArray]
    """(1, rows, columns): its numbers, computed when they are looked at."""
    columns: int
    symbol: str
    """Its sign there: `dX`."""
    drawing: Drawing = Drawing.GRADIENT

    @property
    def sources(self) -> tuple[str, ...]:
        """None in this layer."""
        return ()

    def numbers(self, at: At) -> FloatArray:
        """All rows: what learns is worked whole."""
        return self.there()

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The same number in the later layer."""
        return made_of(cell, Rule.COPY, Address(self.gradient, cell.row, cell.column, layer=self.layer))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`dX@1`: what layer 1 sends back."""
        return f"{self.symbol}@{self.layer}"

    def width(self, plan: Plan) -> int:
        """As many columns as there."""
        return self.columns
