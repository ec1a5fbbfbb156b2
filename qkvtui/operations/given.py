"""Numbers that nothing is computed from: inputs, parameters, settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from ..engine.arrays import FloatArray
from ..engine.heads import share_heads
from ..records import record
from ..said import Phrase
from .operation import At, Drawing, Heads, Operation, Plan
from .tensors import Address, Opened, Tensors, given


@record(frozen=True)
class Given(Operation):
    """A step whose numbers stand in the file: the embeddings, or Q, K and V themselves."""

    leaf: str
    heads: Heads | None = None
    """Where the file has fewer key and value heads than query heads: each is shared."""
    drawing: Drawing = Drawing.GIVEN
    written: str = ""
    """Its formula, where that is not its own sign."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The array of the file."""
        return (self.leaf,)

    def numbers(self, at: At) -> FloatArray:
        """The array, once for each query head that uses it."""
        found = at.rows(self.leaf)
        return found if self.heads is None else share_heads(found, self.heads.count)

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """Where the number stands."""
        head = cell.head if self.heads is None else cell.head // self.heads.group
        return given(cell, table.place(Address(self.leaf, cell.row, cell.column, head)))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """None: there is nothing to compute."""
        return ""

    def equation(self, plan: Plan, symbol: str, in_columns: bool = False) -> str:
        """Its own sign, or as it was written for it."""
        return self.written or symbol

    def group(self, plan: Plan) -> int:
        """As the file's heads are shared."""
        return 1 if self.heads is None else self.heads.group

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        """That of the file's numbers, where they were rounded."""
        if self.leaf not in of:
            return np.zeros_like(self.numbers(at), dtype=np.float64)
        return of[self.leaf] if self.heads is None else share_heads(of[self.leaf], self.heads.count)


@record(frozen=True)
class Setting(Operation):
    """What a setting of the file gives: a scale, a mask, a rate."""

    make: Callable[[At], FloatArray]
    """(h, rows, columns)."""
    said: Callable[[Address], Phrase]
    """Which setting of the file it is."""
    like: str = ""
    """The tensor that has as many columns, where those are features."""

    @property
    def sources(self) -> tuple[str, ...]:
        """None."""
        return ()

    def numbers(self, at: At) -> FloatArray:
        """The setting as numbers."""
        return self.make(at)

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """Which setting it is."""
        return given(cell, self.said(cell))

    def width(self, plan: Plan) -> int:
        """Those of the tensor that it is for."""
        return plan.shape(self.like)[1]

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """None."""
        return ""
