"""The heads' outputs side by side, and the way back to each; the same numbers under another name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from ..engine.arrays import FloatArray
from ..records import record
from .operation import At, Drawing, Heads, Operation, Plan, joined_heads, same
from .rules import Rule
from .tensors import Address, Opened, Tensors, made_of


@record(frozen=True)
class Joined(Operation):
    """(h, t, d) → (1, t, h·d): the heads side by side."""

    source: str
    heads: Heads
    drawing: Drawing = Drawing.CONCATENATION

    @property
    def sources(self) -> tuple[str, ...]:
        """What each head has."""
        return (self.source,)

    def numbers(self, at: At) -> FloatArray:
        """(1, rows, h·d)."""
        return joined_heads(at.rows(self.source), self.heads)

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The same number in its head."""
        head, column = self.heads.place(cell.column)
        return made_of(cell, Rule.COPY, Address(self.source, cell.row, column, head))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`[O@0 O@1 …]`; below each other where tokens are columns."""
        sign = plan.symbol(self.source)
        names = [f"{sign}@{head}" for head in range(min(self.heads.count, 3))]
        return f"[{('; ' if in_columns else ' ').join([*names, *(['…'] if self.heads.count > 3 else [])])}]"

    def width(self, plan: Plan) -> int:
        """All heads'."""
        return self.heads.count * self.heads.width

    def back(self, plan: Plan, made: str, gradient: str) -> Iterator[tuple[str, Operation]]:
        """Each head's part."""
        yield self.source, Parted(gradient, self.heads)

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        """The heads'."""
        return joined_heads(of[self.source], self.heads)


@record(frozen=True)
class Parted(Operation):
    """(1, t, h·d) → (h, t, d): each head's part of what stands side by side."""

    source: str
    heads: Heads

    @property
    def sources(self) -> tuple[str, ...]:
        """What stands side by side."""
        return (self.source,)

    def numbers(self, at: At) -> FloatArray:
        """(h, rows, d)."""
        source = at.rows(self.source)[0]
        apart: FloatArray = np.moveaxis(source.reshape(len(source), self.heads.count, -1), 1, 0)
        return apart

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The same number, side by side."""
        return made_of(cell, Rule.COPY, Address(self.source, cell.row, self.heads.column(cell.head, cell.column)))

    def width(self, plan: Plan) -> int:
        """One head's."""
        return self.heads.width

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`dH`."""
        return plan.symbol(self.source)


@record(frozen=True)
class Repeated(Operation):
    """The same numbers under another name: the summary ranks the weights."""

    source: str
    made: Operation
    """What makes the source."""
    drawing: Drawing = Drawing.SUMMARY

    @property
    def sources(self) -> tuple[str, ...]:
        """What is repeated."""
        return (self.source,)

    def numbers(self, at: At) -> FloatArray:
        """The source's."""
        return at.rows(self.source)

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """What the source's number was computed from."""
        return replace(self.made.opened(table, same(self.source, cell, table)), cell=cell)

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """None."""
        return ""
