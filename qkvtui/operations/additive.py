"""Additive scores: v · tanh(query + key) (Bahdanau et al. 2015)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ..engine.arrays import FloatArray
from ..records import record
from .operation import At, Drawing, Operation, Plan
from .rules import Rule
from .tensors import Address, Opened, Tensors, made_of


@record(frozen=True)
class Additive(Operation):
    """Σ v · tanh(query + key) over the columns."""

    queries: str
    keys: str
    vector: str
    drawing: Drawing = Drawing.ELEMENTWISE

    @property
    def sources(self) -> tuple[str, ...]:
        """Queries, keys, and the vector."""
        return (self.queries, self.keys, self.vector)

    def bent(self, at: At) -> FloatArray:
        """(h, rows, s, d): tanh(query + key)."""
        return at.once(
            (self, "bent"), lambda: np.tanh(at.rows(self.queries)[:, :, None] + at.whole(self.keys)[:, None])
        )

    def numbers(self, at: At) -> FloatArray:
        """(h, rows, s)."""
        found: FloatArray = self.bent(at) @ at.whole(self.vector)[0, 0]
        return found

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """Three numbers for each column: of the vector, the query and the key."""
        operands: list[Address] = []
        for column in range(table.size_of(self.queries)[1]):
            query = Address(self.queries, cell.row, column, cell.head)
            key = Address(self.keys, cell.column, column, cell.head)
            operands += [Address(self.vector, 0, column), query, key]
        return made_of(cell, Rule.ADDITIVE, *operands)

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`v_S · tanh(Q + K)`, for each pair."""
        return f"{self.vector} · tanh({plan.symbol(self.queries)} + {plan.symbol(self.keys)})"

    def back(self, plan: Plan, made: str, gradient: str) -> Iterator[tuple[str, Operation]]:
        """Through tanh to each of the three."""
        yield self.queries, ThroughTanh(self, gradient, to_keys=False)
        heads = plan.heads_of(self.keys)
        count, group = (1, 1) if heads is None else (heads.count, heads.group)
        yield self.keys, ThroughTanh(self, gradient, to_keys=True, sharing=group)
        yield self.vector, OfVector(self, gradient, count)

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        """tanh nowhere rises more steeply than by 1, and is never off by more than 2."""
        off = np.minimum(of[self.queries][:, :, None] + of[self.keys][:, None], 2.0)
        found: FloatArray = off @ np.abs(at.whole(self.vector)[0, 0])
        return found


@record(frozen=True)
class ThroughTanh(Operation):
    """Σ gradient · v · (1 − tanh²(query + key)): for a query over all keys, for a key over all queries."""

    additive: Additive
    gradient: str
    to_keys: bool
    sharing: int = 1
    """Query heads that share a key."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The gradient of the scores, and what they were made of."""
        return (self.gradient, *self.additive.sources)

    def numbers(self, at: At) -> FloatArray:
        """(h, rows, d)."""
        steep = (1 - self.additive.bent(at) ** 2) * at.whole(self.additive.vector)[0, 0]
        each = steep * at.rows(self.gradient)[..., None]
        found: FloatArray = each.sum(axis=1 if self.to_keys else 2)
        if self.sharing > 1:
            groups = found.reshape(-1, self.sharing, *found.shape[1:]).sum(axis=1)
            found = np.repeat(groups, self.sharing, axis=0)
        return found

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """Four numbers for each pair: the gradient, and those of the vector, the query and the key."""
        additive, operands = self.additive, list[Address]()
        first = cell.head // self.sharing * self.sharing
        for head in range(first, first + self.sharing):
            for other in range(table.size_of(self.gradient)[0 if self.to_keys else 1]):
                query, key = (other, cell.row) if self.to_keys else (cell.row, other)
                operands += [
                    Address(self.gradient, query, key, head),
                    Address(additive.vector, 0, cell.column),
                    Address(additive.queries, query, cell.column, head),
                    Address(additive.keys, key, cell.column, head),
                ]
        return made_of(cell, Rule.THROUGH_TANH, *operands)

    def width(self, plan: Plan) -> int:
        """As wide as a key."""
        return plan.shape(self.additive.keys)[1]

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`Σ dS v_S (1 − tanh²)`."""
        return f"Σ {plan.symbol(self.gradient)} {self.additive.vector} (1 − tanh²)"


@record(frozen=True)
class OfVector(Operation):
    """Σ gradient · tanh(query + key), over all pairs and heads: what the vector gets back."""

    additive: Additive
    gradient: str
    heads: int

    @property
    def sources(self) -> tuple[str, ...]:
        """The gradient of the scores, the queries and the keys."""
        return (self.gradient, self.additive.queries, self.additive.keys)

    def numbers(self, at: At) -> FloatArray:
        """(1, 1, d)."""
        found: FloatArray = np.einsum("hts,htsd->d", at.rows(self.gradient), self.additive.bent(at))[None, None]
        return found

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """Three numbers for each pair: the gradient, and those of the query and the key."""
        queries, keys = table.size_of(self.gradient)
        operands = [
            operand
            for head in range(self.heads)
            for query in range(queries)
            for key in range(keys)
            for operand in (
                Address(self.gradient, query, key, head),
                Address(self.additive.queries, query, cell.column, head),
                Address(self.additive.keys, key, cell.column, head),
            )
        ]
        return made_of(cell, Rule.ADDITIVE, *operands)

    def width(self, plan: Plan) -> int:
        """As wide as a key."""
        return plan.shape(self.additive.keys)[1]

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`Σ dS tanh`."""
        return f"Σ {plan.symbol(self.gradient)} tanh"
