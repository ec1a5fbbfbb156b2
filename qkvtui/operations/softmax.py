"""Softmax in its stages, each with addresses of its own, and the way back through it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import numpy as np

from ..engine.arrays import FloatArray
from ..engine.softmax import SoftmaxStages, softmax_stages
from ..records import record
from .elementwise import Elementwise
from .operation import At, Drawing, Extra, Operation, Plan, same
from .rules import Rule
from .tensors import Address, Axis, Cells, Groups, Opened, Tensors, made_of

Over = Literal["rows", "columns"]
"""What adds up to 1: each row, or, a known mistake, each column."""


@record(frozen=True)
class Softmax(Operation):
    """exp(score − max) ÷ Σ exp(score − max) (Vaswani et al. 2017, equation 1)."""

    source: str
    over: Over = "rows"
    sink: str | None = None
    """A setting: for each head a number that joins the sum and takes its share."""
    drawing: Drawing = Drawing.SOFTMAX

    @property
    def sources(self) -> tuple[str, ...]:
        """The scores, and the sink."""
        return (self.source,) if self.sink is None else (self.source, self.sink)

    def stages(self, at: At) -> SoftmaxStages:
        """Every stage; arrays (h, rows, s)."""
        axis = -2 if self.over == "columns" else -1
        return at.once((self, "stages"), lambda: softmax_stages(at.rows(self.source), axis, self._sink(at)))

    def _sink(self, at: At) -> FloatArray | None:
        """(h, 1, 1), in the scores' type."""
        return None if self.sink is None else at.rows(self.sink).astype(at.rows(self.source).dtype, copy=False)

    def numbers(self, at: At) -> FloatArray:
        """(h, rows, s): each row adds up to 1, with a sink to less; all 0 where the query may look at nothing."""
        return self.stages(at).weights

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The exponential, and the sum of its row (wrongly: of its column)."""
        line = cell.column if self.over == "columns" else cell.row
        exponential = Address("exp", cell.row, cell.column, cell.head)
        return made_of(cell, Rule.QUOTIENT, exponential, Address("sum", line, 0, cell.head))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`softmax(S′)`."""
        also = "" if self.sink is None else ", sink"
        return f"softmax({plan.symbol(self.source)}{also})"

    def extras(self) -> tuple[Extra, ...]:
        """The exponentials; the sum and the maximum of each row (wrongly: of each column)."""
        line = Axis.KEY if self.over == "columns" else Axis.QUERY
        sunk = () if self.sink is None else (Extra("exp_sink", _SinkExponentials(self), Axis.QUERY, per_head=True),)
        return (
            *sunk,
            Extra("exp", _Exponentials(self), Axis.QUERY, Axis.KEY, per_head=True),
            Extra("sum", _Sums(self), line, per_head=True),
            Extra("max", _Maxima(self), line, per_head=True),
        )

    def back(self, plan: Plan, made: str, gradient: str) -> Iterator[tuple[str, Operation]]:
        """A row's Jacobian times the row's gradient."""
        by = plan.operation(gradient)
        yield self.source, Jacobian(made, gradient, by if isinstance(by, PerWeight) else None)

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        """Nothing comes of what is not looked at."""
        looked_at = ~np.isneginf(self.stages(at).scores)
        slack = np.where(looked_at, of[self.source], 0.0)
        return slack_of_shares(self.stages(at).weights, slack, -2 if self.over == "columns" else -1)


def slack_of_shares(shares: FloatArray, slack: FloatArray, axis: int = -1) -> FloatArray:
    """How far shares may be off: each by at most the factor exp(its own logit's slack + the largest of the row)."""
    factor = np.expm1(np.minimum(slack + slack.max(axis=axis, keepdims=True), 700.0))
    found: FloatArray = np.minimum(shares * factor, 1.0)
    return found


@record(frozen=True)
class _Stage(Operation):
    """A stage of a softmax."""

    softmax: Softmax

    @property
    def sources(self) -> tuple[str, ...]:
        return self.softmax.sources

    def formula(self, plan: Plan, in_columns: bool) -> str:
        return ""

    def _line(self, table: Tensors, name: str, cell: Address) -> Cells:
        """The numbers of the row (wrongly: the column) that `cell` sums up."""
        if self.softmax.over == "columns":
            return Cells(name, table.size_of(name)[0], column=cell.row, head=cell.head)
        return Cells(name, table.size_of(name)[1], row=cell.row, head=cell.head)

    def _sunk(self, name: str, row: int, head: int) -> tuple[tuple[Address, ...], ...]:
        """The sink's number beside those of a row."""
        return () if self.softmax.sink is None else ((Address(name, row, 0, head),),)


class _Exponentials(_Stage):
    def numbers(self, at: At) -> FloatArray:
        return self.softmax.stages(at).exponentials

    def opened(self, table: Tensors, cell: Address) -> Opened:
        line = cell.column if self.softmax.over == "columns" else cell.row
        return made_of(
            cell, Rule.EXPONENTIAL, same(self.softmax.source, cell, table), Address("max", line, 0, cell.head)
        )


class _SinkExponentials(_Stage):
    def numbers(self, at: At) -> FloatArray:
        maximum, sink = self.softmax.stages(at).maximum, at.rows(self.softmax.sink or "")
        found: FloatArray = np.exp(sink - maximum)
        return found

    def opened(self, table: Tensors, cell: Address) -> Opened:
        sink = Address(self.softmax.sink or "", 0, 0, cell.head)
        return made_of(cell, Rule.EXPONENTIAL, sink, Address("max", cell.row, 0, cell.head))


class _Sums(_Stage):
    def numbers(self, at: At) -> FloatArray:
        total = self.softmax.stages(at).total
        return total.mT if self.softmax.over == "columns" else total

    def opened(self, table: Tensors, cell: Address) -> Opened:
        more = self._sunk("exp_sink", cell.row, cell.head)
        return Opened(cell, Rule.SUM, Groups((self._line(table, "exp", cell),), more))


class _Maxima(_Stage):
    def numbers(self, at: At) -> FloatArray:
        maximum = self.softmax.stages(at).maximum
        return maximum.mT if self.softmax.over == "columns" else maximum

    def opened(self, table: Tensors, cell: Address) -> Opened:
        more = self._sunk(self.softmax.sink or "", 0, cell.head)
        return Opened(cell, Rule.MAXIMUM, Groups((self._line(table, self.softmax.source, cell),), more))


@record(frozen=True)
class PerWeight(Elementwise):
    """−target ÷ n ÷ weight: what a cross-entropy of the weights sends back to them."""

    def shares(self, at: At) -> FloatArray:
        """weight · gradient without the division, so that it is exact even where a weight has underflowed to 0."""
        target, _, count = (operand.array(at) for operand in self.operands)
        found: FloatArray = -target / count
        return found


@record(frozen=True)
class Jacobian(Operation):
    """weight · (its gradient − the mean of all gradients, weighted by the weights).

    A row of softmax backward: diag(a) − a aᵀ, times the row's gradient (Goodfellow et al. 2016, section 6.2.2.3).
    """

    weights: str
    gradient: str
    exact: PerWeight | None = None
    """What the gradient is, where it is a cross-entropy's."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The weights, their gradient, and the mean of that."""
        return (self.weights, self.gradient, "mean")

    def shares(self, at: At) -> FloatArray:
        """weight · gradient."""
        if self.exact is not None:
            return self.exact.shares(at)
        return at.rows(self.weights) * at.rows(self.gradient)

    def numbers(self, at: At) -> FloatArray:
        """(h, rows, s): 0 where a query may not look."""
        weights, mean = at.rows(self.weights), at.rows("mean")
        if self.exact is not None:
            return weights * (0.0 - mean) + self.shares(at)
        return weights * (at.rows(self.gradient) - mean)

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The three numbers."""
        here = (same(self.weights, cell, table), same(self.gradient, cell, table))
        return made_of(cell, Rule.JACOBIAN, *here, Address("mean", cell.row, 0, cell.head))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`A (dA − mean)`."""
        return f"{plan.symbol(self.weights)} ({plan.symbol(self.gradient)} − mean)"

    def extras(self) -> tuple[Extra, ...]:
        """The mean."""
        return (Extra("mean", Mean(self), Axis.QUERY, per_head=True, is_gradient=True),)


@record(frozen=True)
class Mean(Operation):
    """The mean of a row's gradients by the weights, weighted by the weights."""

    jacobian: Jacobian

    @property
    def sources(self) -> tuple[str, ...]:
        """The weights and their gradient."""
        return self.jacobian.sources[:2]

    def numbers(self, at: At) -> FloatArray:
        """(h, rows, 1)."""
        found: FloatArray = self.jacobian.shares(at).sum(axis=-1, keepdims=True)
        return found

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The products of weight and gradient."""
        size = table.size_of(self.jacobian.weights)[1]
        lines = (Cells(name, size, row=cell.row, head=cell.head) for name in self.sources)
        return Opened(cell, Rule.SUM, Groups(tuple(lines)))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """None."""
        return ""
