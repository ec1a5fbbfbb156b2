"""Each number from those at its own place: scaling, adding a mask, what a loss or an update does to a number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum

import numpy as np

from ..engine.arrays import FloatArray
from ..records import record
from .operation import At, Drawing, Operation, Plan, same
from .rules import NUMBERS, Rule
from .tensors import Address, Opened, Tensors, made_of


class Where(Enum):
    """Which number of an operand goes into a number of the result."""

    SAME = "the one at the same place"
    OF_ROW = "the one of its row"
    OF_COLUMN = "the one of its column"
    SINGLE = "the only one"


@record(frozen=True)
class Operand:
    """A tensor, and which of its numbers is meant."""

    name: str
    where: Where = Where.SAME

    def array(self, at: At, like: FloatArray | None = None) -> FloatArray:
        """What broadcasts to the result, (h, rows, columns); a single number in the type of what it is `like`."""
        if self.where is not Where.SINGLE:
            return at.rows(self.name)
        return np.asarray(at.number(self.name), None if like is None else like.dtype)

    def cell(self, table: Tensors, cell: Address) -> Address:
        """The number that goes into the result's number at `cell`."""
        if self.where is Where.SAME:
            return same(self.name, cell, table)
        if self.where is Where.SINGLE:
            return Address(self.name, 0, 0)
        if self.where is Where.OF_COLUMN:
            return Address(self.name, 0, cell.column)
        return Address(self.name, cell.row, 0, cell.head if table.per_head(self.name) else 0)


@record(frozen=True)
class Elementwise(Operation):
    """A rule, and the operands it is applied to."""

    rule: Rule
    operands: tuple[Operand, ...]
    written: str
    """Its formula."""
    drawing: Drawing = Drawing.GRADIENT

    @property
    def sources(self) -> tuple[str, ...]:
        """The operands."""
        return tuple(operand.name for operand in self.operands)

    def numbers(self, at: At) -> FloatArray:
        """The rule, number by number."""
        with np.errstate(all="ignore"):
            first = self.operands[0].array(at)
            return NUMBERS[self.rule](first, *(operand.array(at, first) for operand in self.operands[1:]))

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The operands' numbers."""
        return made_of(cell, self.rule, *(operand.cell(table, cell) for operand in self.operands))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """As it was written for it."""
        return self.written


@record(frozen=True)
class Capped(Elementwise):
    """cap · tanh(score / cap): never beyond ± the cap (as Gemma 2 does)."""

    def back(self, plan: Plan, made: str, gradient: str) -> Iterator[tuple[str, Operation]]:
        """The gradient · (1 − tanh²)."""
        source, cap = self.operands
        written = f"{plan.symbol(gradient)} (1 − tanh²)"
        yield source.name, Elementwise(Rule.THROUGH_CAP, (Operand(gradient), Operand(made), cap), written)

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        """No more than the source's: tanh nowhere rises more steeply than by 1."""
        return of[self.operands[0].name]


def capped(source: str, symbol: str, cap: float, setting: str = "softcap") -> Capped:
    """Scores, or logits, capped by a setting."""
    operands = (Operand(source), Operand(setting, Where.SINGLE))
    return Capped(Rule.CAPPED, operands, f"{cap:g} · tanh({symbol} / {cap:g})", Drawing.ELEMENTWISE)


@record(frozen=True)
class Scaled(Operation):
    """A tensor times one number, the setting `factor`."""

    source: str
    factor: str
    written: str
    """How the formula goes on behind the source: `/ √d_k`, `· 0.5`."""
    drawing: Drawing = Drawing.SCALE
    other: float | None = None
    """What is taken for the factor, by mistake."""

    @property
    def sources(self) -> tuple[str, ...]:
        """What is scaled; the factor is a setting."""
        return (self.source, self.factor)

    def numbers(self, at: At) -> FloatArray:
        """source · factor, in the source's own type."""
        source = at.rows(self.source)
        with np.errstate(over="ignore", invalid="ignore"):
            return source * source.dtype.type(at.number(self.factor) if self.other is None else self.other)

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The number and the factor."""
        return made_of(cell, Rule.PRODUCT, same(self.source, cell, table), Address(self.factor, 0, 0))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`S / √d_k`."""
        return f"{plan.symbol(self.source)} {self.written}"

    def back(self, plan: Plan, made: str, gradient: str) -> Iterator[tuple[str, Operation]]:
        """The same factor again."""
        yield self.source, Scaled(gradient, self.factor, self.written, Drawing.GRADIENT)

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        """As many times the source's."""
        return of[self.source] * abs(at.number(self.factor))


@record(frozen=True)
class Added(Operation):
    """A tensor plus a setting's numbers at the same places: a mask, a bias."""

    source: str
    addend: str
    sign: str
    """The addend's sign in the formula."""
    drawing: Drawing = Drawing.MASK
    passes_gradient = True

    @property
    def sources(self) -> tuple[str, ...]:
        """What is added to, and what is added."""
        return (self.source, self.addend)

    def numbers(self, at: At) -> FloatArray:
        """source + addend, in the source's own type."""
        source, addend = at.rows(self.source), at.rows(self.addend)
        with np.errstate(over="ignore", invalid="ignore"):
            return source + addend.astype(source.dtype, copy=False)

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The two numbers."""
        return made_of(cell, Rule.SUM, same(self.source, cell, table), same(self.addend, cell, table))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`S′ + M`."""
        return f"{plan.symbol(self.source)} + {self.sign}"

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        """The source's."""
        return of[self.source]
