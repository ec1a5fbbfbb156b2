"""Queries and keys brought to one size: by the root of their mean square, or by their length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ..engine.arrays import FloatArray
from ..records import record
from .elementwise import Elementwise, Operand, Where
from .operation import At, Drawing, Extra, Heads, Operation, Plan, shared_as
from .rules import NORM_EPSILON, Rule
from .tensors import Address, Axis, Cells, Groups, Line, Opened, Tensors, in_turn


@record(frozen=True)
class Normed(Elementwise):
    """A row divided by what its squares come to, each head for itself.

    With a gain, RMSNorm (Zhang and Sennrich 2019): x ÷ √(mean square + 1e-6) · gain. Without, x ÷ √(sum of squares).
    """

    rows: Axis = Axis.QUERY
    letter: str = "Q"
    """Whose norm it is, in the names of its stages."""

    @property
    def source(self) -> str:
        """What is normed."""
        return self.operands[0].name

    @property
    def gain(self) -> str | None:
        """The parameter it is multiplied by."""
        return self.operands[2].name if len(self.operands) > 2 else None

    @property
    def squares(self) -> str:
        """The stage that it is divided by the root of."""
        return self.operands[1].name

    @property
    def along(self) -> str:
        """The stage of the way back: how far a gradient is along the row."""
        return f"along_{self.letter}" if self.gain is not None else f"along_unit_{self.letter}"

    def group(self, plan: Plan) -> int:
        """As the source is shared."""
        return shared_as(plan, self.source)

    def extras(self) -> tuple[Extra, ...]:
        """What its squares come to; with a gain also the row before that is applied."""
        is_mean = self.gain is not None
        squares = Extra(self.squares, LineProduct(self.source, self.source, is_mean), self.rows, per_head=True)
        if not is_mean:
            return (squares,)
        unit = Elementwise(Rule.UNIT, self.operands[:2], "")
        return (squares, Extra(f"unit_{self.letter}", unit, self.rows, Axis.FEATURE, per_head=True))

    def back(self, plan: Plan, made: str, gradient: str) -> Iterator[tuple[str, Operation]]:
        """(gradient · gain − row · how far the gradient is along it) ÷ the same root; a gain gets Σ gradient · row."""
        along = self.along
        squares = Operand(self.squares, Where.OF_ROW)
        symbol = plan.symbol(gradient)
        if self.gain is None:
            written = f"({symbol} − …) / |{plan.symbol(self.source)}|"
            plain = (Operand(gradient), Operand(made), Operand(along, Where.OF_ROW), squares)
            yield self.source, ThroughNorm(Rule.THROUGH_LENGTH, plain, written, norm=self, made=made)
            return
        unit = f"unit_{self.letter}"
        gain = Operand(self.gain, Where.OF_COLUMN)
        operands = (Operand(gradient), gain, Operand(unit), Operand(along, Where.OF_ROW), squares)
        written = f"({symbol} {self.gain} − …) / √"
        yield self.source, ThroughNorm(Rule.THROUGH_NORM, operands, written, norm=self, made=made)
        yield self.gain, OfGain(gradient, unit, plan.heads_of(self.source))

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        """As much as a larger number over a smaller root can differ, and never more than the whole range.

        Times the gain, and what the gain itself may be off.
        """
        x, doubt = np.abs(at.rows(self.source)), of[self.source]
        size = x.shape[-1] if self.gain is not None else 1
        epsilon = NORM_EPSILON if self.gain is not None else 0.0
        gain = np.abs(at.rows(self.gain)) if self.gain is not None else np.ones(1)
        squares = at.rows(self.squares)
        off = (2 * x * doubt + doubt * doubt).sum(axis=-1, keepdims=True) / size
        lowest = np.sqrt(np.maximum(squares - off, 0.0) + epsilon)
        root = np.sqrt(squares + epsilon)
        with np.errstate(all="ignore"):
            normed = np.nan_to_num(x / root)
            found = (x + doubt) / lowest - x / root
        most = 2 * np.sqrt(size)
        found = np.minimum(np.where(np.isnan(found), np.where(doubt > 0, most, 0.0), found), most)
        of_gain = of.get(self.gain or "", np.zeros(1))
        return np.asarray((gain + of_gain) * found + of_gain * normed)


def rms_norm(source: str, symbol: str, gain: str, rows: Axis, letter: str) -> Normed:
    """RMSNorm of each head's rows."""
    operands = (Operand(source), Operand(f"mean_square_{letter}", Where.OF_ROW), Operand(gain, Where.OF_COLUMN))
    written = f"{symbol} / √(mean {symbol}² + ε) · {gain}"
    return Normed(Rule.NORMED, operands, written, Drawing.ELEMENTWISE, rows, letter)


def unit_length(source: str, symbol: str, rows: Axis, letter: str) -> Normed:
    """Each head's rows made 1 long; a row of zeros stays."""
    operands = (Operand(source), Operand(f"square_{letter}", Where.OF_ROW))
    return Normed(Rule.OVER_LENGTH, operands, f"{symbol} / |{symbol}|", Drawing.ELEMENTWISE, rows, letter)


@record(frozen=True)
class ThroughNorm(Elementwise):
    """What comes back to a row that was normed."""

    norm: Normed | None = None
    made: str = ""

    def extras(self) -> tuple[Extra, ...]:
        """How far the gradient is along the row: Σ gradient · row, with a gain as a mean."""
        assert self.norm is not None
        along = LineProduct(self.operands[0].name, self.made, self.norm.gain is not None)
        return (Extra(self.norm.along, along, self.norm.rows, per_head=True, is_gradient=True),)


@record(frozen=True)
class LineProduct(Operation):
    """A row times another row, number by number, added up; or the mean of that."""

    one: str
    other: str
    is_mean: bool

    @property
    def sources(self) -> tuple[str, ...]:
        """The two."""
        return (self.one, self.other)

    def numbers(self, at: At) -> FloatArray:
        """(h, rows, 1)."""
        products = at.rows(self.one) * at.rows(self.other)
        found: FloatArray = products.mean(axis=-1, keepdims=True) if self.is_mean else products.sum(-1, keepdims=True)
        return found

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The products."""
        size = table.size_of(self.one)[1]
        lines = (Cells(name, size, row=cell.row, head=cell.head) for name in self.sources)
        return Opened(cell, Rule.AVERAGE if self.is_mean else Rule.SUM, Groups(tuple(lines)))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """None."""
        return ""


@record(frozen=True)
class OfGain(Operation):
    """Σ gradient · row, over the rows of all heads: what a gain gets back."""

    gradient: str
    unit: str
    heads: Heads | None

    @property
    def sources(self) -> tuple[str, ...]:
        """The two."""
        return (self.gradient, self.unit)

    @property
    def _firsts(self) -> tuple[int, ...]:
        return (0,) if self.heads is None else tuple(self.heads.firsts)

    def numbers(self, at: At) -> FloatArray:
        """(1, 1, d)."""
        products = (at.whole(self.gradient) * at.whole(self.unit))[list(self._firsts)]
        found: FloatArray = products.sum(axis=(0, 1))[None, None]
        return found

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The products of the column."""
        return Opened(
            cell, Rule.SUM, Groups((self._line(table, self.gradient, cell), self._line(table, self.unit, cell)))
        )

    def _line(self, table: Tensors, name: str, cell: Address) -> Line:
        size = table.size_of(name)[0]
        return in_turn(Cells(name, size, column=cell.column, head=head) for head in self._firsts)

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`Σ dQn · unit`."""
        return f"Σ {plan.symbol(self.gradient)} · {self.unit}"
