"""Rows of a table, one for each token: of the vocabulary by the word, of a table of places by where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ..engine.arrays import FloatArray
from ..records import record
from .file_places import NOT_LOOKED_UP
from .operation import At, Drawing, Operation, Plan
from .rules import Rule
from .tensors import Address, Opened, Tensors, given, made_of


@record(frozen=True)
class LookedUp(Operation):
    """Row `rows[i]` of a table for token i."""

    table: str
    rows: tuple[int, ...]
    written: str
    """What stands behind the = of its formula: `E[token]`."""
    drawing: Drawing = Drawing.ELEMENTWISE

    @property
    def sources(self) -> tuple[str, ...]:
        """The table."""
        return (self.table,)

    def numbers(self, at: At) -> FloatArray:
        """(1, rows of the block, m)."""
        rows, stored = list(self.rows[at.slice]), at.table(self.table)
        found: FloatArray = at.whole(self.table)[:, rows] if stored is None else stored.of_words(rows)[None]
        return found

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The same number in the table."""
        return made_of(cell, Rule.COPY, Address(self.table, self.rows[cell.row], cell.column))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """As it was written for it."""
        return self.written

    def back(self, plan: Plan, made: str, gradient: str) -> Iterator[tuple[str, Operation]]:
        """Each row of the table gets what comes back to the tokens that it was looked up for."""
        yield self.table, OfTable(gradient, self.rows, plan.shape(self.table)[0])

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        """The table's, in the rows that are looked up."""
        if self.table not in of:
            return np.zeros_like(self.numbers(at), dtype=np.float64)
        found: FloatArray = of[self.table][:, list(self.rows[at.slice])]
        return found


@record(frozen=True)
class OfTable(Operation):
    """For each row of a table, the gradients of all tokens that it was looked up for, added up."""

    gradient: str
    rows: tuple[int, ...]
    count: int
    drawing: Drawing = Drawing.GRADIENT

    @property
    def sources(self) -> tuple[str, ...]:
        """What comes back to the tokens."""
        return (self.gradient,)

    def numbers(self, at: At) -> FloatArray:
        """(1, rows of the table, m)."""
        gradient = at.whole(self.gradient)
        found = np.zeros((1, self.count, gradient.shape[-1]), gradient.dtype)
        np.add.at(found[0], list(self.rows), gradient[0])
        return found

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The tokens' gradients; of a row that no token has, that there is none."""
        users = [token for token, row in enumerate(self.rows) if row == cell.row]
        if not users:
            return given(cell, NOT_LOOKED_UP)
        return made_of(cell, Rule.SUM, *(Address(self.gradient, token, cell.column) for token in users))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`Σ dX`."""
        return f"Σ {plan.symbol(self.gradient)}"
