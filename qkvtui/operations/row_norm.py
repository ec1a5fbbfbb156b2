"""Each token's row brought to one size: LayerNorm and RMSNorm of what flows from part to part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ..engine.arrays import FloatArray
from ..records import record
from .elementwise import Elementwise, Operand, Where
from .norm import LineProduct, OfGain
from .operation import At, Drawing, Extra, Operation, Plan, same
from .product import Factor, Total
from .rules import Rule
from .tensors import Address, Axis, Cells, Groups, Opened, Tensors


@record(frozen=True)
class RowNormed(Elementwise):
    """A row less its mean, divided by the root of its variance + ε, times a gain, plus a bias.

    LayerNorm (Ba et al. 2016, equation 4). Not `centred` it is RMSNorm (Zhang and Sennrich 2019): without the mean.
    """

    letter: str = "1"
    """Which norm of the layer it is, in the names of its stages: `mean_1`, `variance_1`."""
    is_centred: bool = True
    gain: str | None = None
    bias: str | None = None

    @property
    def source(self) -> str:
        """What is normed."""
        return self.operands[0].name

    def extras(self) -> tuple[Extra, ...]:
        """Mean and variance of each row, and the row before gain and bias."""
        standard = Extra(f"standard_{self.letter}", self._standard, Axis.QUERY, Axis.FEATURE)
        if not self.is_centred:
            square = LineProduct(self.source, self.source, is_mean=True)
            return (Extra(f"mean_square_{self.letter}", square, Axis.QUERY), standard)
        return (
            Extra(f"mean_{self.letter}", LineMean(self.source), Axis.QUERY),
            Extra(f"variance_{self.letter}", Variance(self.source, f"mean_{self.letter}"), Axis.QUERY),
            standard,
        )

    @property
    def _plain(self) -> tuple[Operand, ...]:
        """The row and what it is brought to one size by."""
        return self.operands[: 4 if self.is_centred else 3]

    @property
    def _standard(self) -> Elementwise:
        return Elementwise(Rule.STANDARD if self.is_centred else Rule.RMS_NORMED, self._plain, "")

    def back(self, plan: Plan, made: str, gradient: str) -> Iterator[tuple[str, Operation]]:
        """(d − mean of d − standard · mean of d · standard) ÷ the same root, where d is the gradient · gain."""
        standard = f"standard_{self.letter}"
        yield self.source, ThroughRowNorm(gradient, self, plan.symbol(gradient))
        if self.gain is not None:
            yield self.gain, OfGain(gradient, standard, None)
        if self.bias is not None:
            yield self.bias, Total(Factor(gradient))

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        """As much as a larger difference over a smaller root can come to, and never more than the whole range."""
        x, doubt = at.rows(self.source), of[self.source]
        size = x.shape[-1]
        mean = x.mean(axis=-1, keepdims=True) if self.is_centred else np.zeros(1)
        apart = np.abs(x - mean)
        off = doubt + (doubt.mean(axis=-1, keepdims=True) if self.is_centred else 0.0)
        squares = (apart * apart).mean(axis=-1, keepdims=True)
        lowest = np.maximum(squares - (2 * apart * off + off * off).mean(axis=-1, keepdims=True), 0.0)
        epsilon = at.number("epsilon")
        most = 2 * np.sqrt(size)
        with np.errstate(all="ignore"):
            plain = apart / np.sqrt(squares + epsilon)
            found = (apart + off) / np.sqrt(lowest + epsilon) - plain
        found = np.minimum(np.where(np.isfinite(found), found, most), most)
        gain = 1.0 if self.gain is None else np.abs(at.rows(self.gain)) + of.get(self.gain, np.zeros(1))
        more = 0.0 if self.gain is None else plain * of.get(self.gain, np.zeros(1))
        bias = 0.0 if self.bias is None else of.get(self.bias, np.zeros(1))
        return np.asarray(gain * found + more + bias)


def row_normed(source: str, symbol: str, letter: str, *, kind: str, gain: str | None, bias: str | None) -> RowNormed:
    """The norm `letter` of a layer; kind is "layer" or "rms"."""
    is_centred = kind == "layer"
    stages = (f"mean_{letter}", f"variance_{letter}") if is_centred else (f"mean_square_{letter}",)
    operands = [Operand(source), *(Operand(one, Where.OF_ROW) for one in stages), Operand("epsilon", Where.SINGLE)]
    operands += [Operand(name, Where.OF_COLUMN) for name in (gain, bias) if name is not None]
    more = "".join(f" {sign} {name}" for sign, name in (("·", gain), ("+", bias)) if name is not None)
    inside = f"({symbol} − mean) / √(var + ε)" if is_centred else f"{symbol} / √(mean {symbol}² + ε)"
    rule = Rule.LAYER_NORMED if is_centred else Rule.RMS_NORMED
    if bias is not None and gain is None:
        rule = Rule.LAYER_SHIFTED
    return RowNormed(rule, tuple(operands), f"{inside}{more}", Drawing.ELEMENTWISE, letter, is_centred, gain, bias)


@record(frozen=True)
class ThroughRowNorm(Operation):
    """What comes back to a row that was normed."""

    gradient: str
    norm: RowNormed
    symbol: str
    drawing: Drawing = Drawing.GRADIENT

    @property
    def sources(self) -> tuple[str, ...]:
        """The gradient by the normed row, and the stages."""
        return tuple(operand.name for operand in self._operands)

    @property
    def _names(self) -> tuple[str, str, str]:
        letter = self.norm.letter
        return f"gained_{letter}", f"mean_d_{letter}", f"along_{letter}"

    @property
    def _operands(self) -> tuple[Operand, ...]:
        letter, norm = self.norm.letter, self.norm
        gained, mean, along = self._names
        square = f"variance_{letter}" if norm.is_centred else f"mean_square_{letter}"
        return (
            Operand(gained),
            *((Operand(mean, Where.OF_ROW),) if norm.is_centred else ()),
            Operand(f"standard_{letter}"),
            Operand(along, Where.OF_ROW),
            Operand(square, Where.OF_ROW),
            Operand("epsilon", Where.SINGLE),
        )

    @property
    def _rule(self) -> Elementwise:
        rule = Rule.THROUGH_LAYER_NORM if self.norm.is_centred else Rule.THROUGH_RMS_NORM
        return Elementwise(rule, self._operands, self.formula_text)

    @property
    def formula_text(self) -> str:
        """`(dN g_1 − …) / √`."""
        gain = "" if self.norm.gain is None else f" {self.norm.gain}"
        return f"({self.symbol}{gain} − …) / √"

    def extras(self) -> tuple[Extra, ...]:
        """The gradient times the gain, its mean along the row, and how far it is along the row."""
        gained, mean, along = self._names
        operands = [Operand(self.gradient)]
        if self.norm.gain is not None:
            operands.append(Operand(self.norm.gain, Where.OF_COLUMN))
        times = Elementwise(Rule.PRODUCT, tuple(operands), "")
        found = [Extra(gained, times, Axis.QUERY, Axis.FEATURE, is_gradient=True)]
        if self.norm.is_centred:
            found.append(Extra(mean, LineMean(gained), Axis.QUERY, is_gradient=True))
        standard = f"standard_{self.norm.letter}"
        found.append(Extra(along, LineProduct(gained, standard, is_mean=True), Axis.QUERY, is_gradient=True))
        return tuple(found)

    def numbers(self, at: At) -> FloatArray:
        """(1, t, m)."""
        return self._rule.numbers(at)

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The row's stages."""
        return self._rule.opened(table, cell)

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """As for one number."""
        return self.formula_text

    def width(self, plan: Plan) -> int:
        """As wide as what was normed."""
        return plan.shape(self.norm.source)[1]


@record(frozen=True)
class LineMean(Operation):
    """The mean of each row."""

    source: str

    @property
    def sources(self) -> tuple[str, ...]:
        """What the mean is of."""
        return (self.source,)

    def numbers(self, at: At) -> FloatArray:
        """(1, rows, 1)."""
        found: FloatArray = at.rows(self.source).mean(axis=-1, keepdims=True)
        return found

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The numbers of the row."""
        size = table.size_of(self.source)[1]
        return Opened(cell, Rule.AVERAGE, Groups((Cells(self.source, size, row=cell.row),)))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """None."""
        return ""


@record(frozen=True)
class Variance(Operation):
    """The mean of the squared distances of a row's numbers from their mean."""

    source: str
    mean: str

    @property
    def sources(self) -> tuple[str, ...]:
        """The row and its mean."""
        return (self.source, self.mean)

    def numbers(self, at: At) -> FloatArray:
        """(1, rows, 1)."""
        apart = at.rows(self.source) - at.rows(self.mean)
        found: FloatArray = (apart * apart).mean(axis=-1, keepdims=True)
        return found

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The mean, and the numbers of the row."""
        cells = Cells(self.source, table.size_of(self.source)[1], row=cell.row)
        mean = same(self.mean, Address(self.mean, cell.row, 0), table)
        return Opened(cell, Rule.VARIANCE, Groups((), ((mean,), *((one,) for one in cells))))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """None."""
        return ""
