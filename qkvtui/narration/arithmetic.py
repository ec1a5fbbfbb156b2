"""One cell's arithmetic in digits: `0.85 = 0.50 × 0.90 + 0.50 × 0.80`."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np

from ..engine.arrays import FloatArray
from ..graph.example import STANDARD_SCALE
from ..operations.rules import Rule
from ..operations.tensors import Address, Line, Opened, largest
from ..records import record
from ..trace.addresses import format_address
from ..trace.terms import opened
from ..trace.trace import Trace
from .formats import cell_format, line_format, more_digits, operand_format
from .formulas import MOST_FINER, bracketed, formula_gives, formula_sign, written_formula
from .language import LanguageTexts, language_texts
from .numbers import NumberFormat, as_decimal, equals, format_for, needs_exponent, number, rounds_to
from .sentences import Sentence, Span

MOST_TERMS = 6
"""A longer sum shows the terms that contribute most and gives the rest as one number."""


@record(frozen=True)
class Arithmetic:
    """How one cell was computed."""

    value: str
    """The cell as shown."""
    equation: Sentence
    """The right side with its sign (`= 0.50 × 0.90 + …`); empty for a number from the file."""
    place: str = ""
    """Where a number from the file stands."""
    adds_up: bool = True
    """Whether the right side, as it is written, rounds to the number on the left."""


def arithmetic(
    trace: Trace, cell: Address, digits: int, most_terms: int = MOST_TERMS, language: str = "en"
) -> Arithmetic:
    """The cell in digits, as computed from the numbers it opens into.

    Of a sum with more than `most_terms` terms those that contribute most, and what the others come to. The numbers on
    the right have as many digits more than in the tables as let them give the number on the left, where that can be.
    """
    more = more_digits(trace, cell.name)
    texts = language_texts(language)
    value = cell_format(trace, cell, digits).text(trace.value(cell))
    found = opened(trace, cell)
    if found.rule is Rule.GIVEN:
        return Arithmetic(value, (), texts.file_places(found.places))
    tried: list[Sentence] = []
    for finer in range(MOST_FINER + 1):
        summed = _Summed(digits, most_terms, texts, digits + more, more > 0, finer, [])
        tried.append(_equation(trace, value, found, summed))
        if all(summed.claims):
            return Arithmetic(value, tried[-1])
    return Arithmetic(value, tried[0], adds_up=False)


def _equation(trace: Trace, value: str, found: Opened, summed: _Summed) -> Sentence:
    lines = found.groups.lines
    if len(lines) == 2:
        return _sum_of_products(trace, value, found, summed)
    if len(lines) == 1:
        maximum = found.rule is Rule.MAXIMUM
        return _row_maximum(trace, found, summed) if maximum else _row_sum(trace, value, found, summed)
    operands = tuple(found.operands)
    match found.rule:
        case Rule.PRODUCT:
            return _scaled(trace, value, operands, summed)
        case Rule.SUM if _is_setting(trace, operands[-1]):
            return _added(trace, value, operands, summed)
        case Rule.QUOTIENT:
            return _softmax(trace, value, operands, summed)
        case Rule.COPY:
            return (Span(f"= {format_address(trace, operands[0], summed.texts.name)}"),)
        case Rule.EXPONENTIAL:
            return _exponential(trace, value, found, summed)
        case _:
            return _formula(trace, value, found, summed)


def _is_setting(trace: Trace, cell: Address) -> bool:
    """Whether it is one of the way forward, such as a mask."""
    row = trace.graph.rows.get(cell.name)
    return row is not None and row.is_setting and not row.learns


@record(frozen=True)
class _Summed:
    """How a sum is written."""

    digits: int
    most: int
    texts: LanguageTexts
    of_rest: int
    """The decimals of what the other terms come to."""
    skips_zeros: bool
    """Whether terms that are 0 are only counted: of gradients, many are."""
    finer: int
    """How many more digits than in the tables."""
    claims: list[bool]
    """Of each sign that was written, whether it holds."""

    def text(self, written: NumberFormat, value: float) -> str:
        """A number of the right side."""
        return written.finer(value, self.finer)

    def cell(self, trace: Trace, cell: Address) -> str:
        """The number of a cell."""
        return self.text(cell_format(trace, cell, self.digits), trace.value(cell))

    def sign(self, left: str, right: Decimal | None) -> str:
        """`=` or `≈` between a shown number and what the right side gives."""
        self.claims.append(rounds_to(left, right))
        return equals(left, right)

    def kept(self, terms: FloatArray) -> list[int]:
        """The indices of the terms to show, in their own order."""
        if self.skips_zeros and not terms.all():
            return self._not_zero(terms)
        if len(terms) <= self.most:
            return list(range(len(terms)))
        return [index for index in largest(terms, self.most - 1) if terms[index] != 0] or [0]

    def _not_zero(self, terms: FloatArray) -> list[int]:
        found: list[int] = np.flatnonzero(terms).tolist()
        if len(found) > self.most:
            return [index for index in largest(terms, self.most - 1) if terms[index] != 0]
        return found or [0]

    def zeros(self, terms: FloatArray, kept: list[int]) -> str:
        """What is said of the terms that are left out because they are 0; empty where any is another number."""
        hidden = len(terms) - len(kept)
        if not self.skips_zeros or not hidden or np.delete(terms, kept).any():
            return ""
        return f"   {self.texts.word('other_zero' if hidden == 1 else 'other_zeros', count=hidden)}"

    def rest(self, terms: FloatArray, kept: list[int]) -> tuple[str, str] | None:
        """What the others come to, as a number and with words; None where there are no others."""
        hidden = len(terms) - len(kept)
        if hidden == 0 or self.zeros(terms, kept):
            return None
        value = float(terms.sum() - terms[kept].sum())
        total = self.text(NumberFormat(self.of_rest, needs_exponent(value)), value)
        return total, f"{bracketed(total)}{self.texts.word('other_terms', count=hidden)}"


def _sum_of_products(trace: Trace, value: str, found: Opened, summed: _Summed) -> Sentence:
    line_a, line_b = found.groups.lines
    left, right = line_a.values(trace), line_b.values(trace)
    kept = summed.kept(left * right)
    on_left = _written(trace, line_a, left[kept], summed)
    on_right = _written(trace, line_b, right[kept], summed)
    parts = [
        (Span(a if index == 0 else bracketed(a)), Span(" × "), Span(bracketed(b)))
        for index, (a, b) in enumerate(zip(on_left, on_right, strict=True))
    ]
    total = sum((_product(a, b) for a, b in zip(on_left, on_right, strict=True)), Decimal(0))
    more: list[str] = []
    if rest := summed.rest(left * right, kept):
        more.append(rest[1])
        total += as_decimal(rest[0]) or 0
    for (cell,) in found.groups.more:
        bias = summed.cell(trace, cell)
        more.append(f"{bracketed(bias)}{summed.texts.words['and_bias']}")
        total += as_decimal(bias) or 0
    count = len(found.groups) if found.rule is Rule.AVERAGE else 1
    spans = [Span(f"{summed.sign(value, total / count)} {'(' if count > 1 else ''}")]
    for index, part in enumerate([*parts, *((Span(one),) for one in more)]):
        spans.extend(((Span(" + "),) if index else ()) + part)
    return (*spans, Span(f") ÷ {count}" if count > 1 else ""), Span(summed.zeros(left * right, kept)))


def _written(trace: Trace, cells: Line, values: FloatArray, summed: _Summed) -> list[str]:
    written = line_format(trace, cells, summed.digits)
    return [summed.text(written, float(value)) for value in values]


def _product(left: str, right: str) -> Decimal:
    return (as_decimal(left) or Decimal(0)) * (as_decimal(right) or Decimal(0))


def _scaled(trace: Trace, value: str, operands: tuple[Address, ...], summed: _Summed) -> Sentence:
    cell, scale = operands
    shown, digits = summed.cell(trace, cell), summed.digits
    d_k = trace.shape.d_k
    if scale.name == "scale" and trace.example.attention.scale == STANDARD_SCALE:
        root = math.isqrt(d_k)
        exact = root * root == d_k
        divisor = str(root) if exact else number(math.sqrt(d_k), digits)
        dividend = as_decimal(shown)
        quotient = None if dividend is None else dividend / (root if exact else Decimal(d_k).sqrt())
        how = f" ÷ √{d_k}   (√{d_k} {'=' if exact else '≈'} {divisor})"
        return (Span(f"{summed.sign(value, quotient)} "), Span(shown), Span(how))
    factor = trace.value(scale)
    times = summed.text(format_for([factor], max(digits, 4)), factor)
    return (
        Span(f"{summed.sign(value, _product(shown, times))} "),
        Span(shown),
        Span(" × "),
        Span(bracketed(times)),
    )


def _added(trace: Trace, value: str, operands: tuple[Address, ...], summed: _Summed) -> Sentence:
    cell, setting = operands
    shown, added = summed.cell(trace, cell), trace.value(setting)
    plus = summed.text(format_for([added], summed.digits), added)
    total = None if np.isinf(added) else (as_decimal(shown) or Decimal(0)) + (as_decimal(plus) or Decimal(0))
    sign = "=" if np.isinf(added) else summed.sign(value, total)
    return (Span(f"{sign} "), Span(shown), Span(" + "), Span(bracketed(plus)))


def _softmax(trace: Trace, value: str, operands: tuple[Address, ...], summed: _Summed) -> Sentence:
    """The share, and behind it how its exponential comes about."""
    exponential, total = operands
    divisor = trace.value(total)
    if divisor == 0:
        return (Span("= 0"),)
    raised, below = (summed.cell(trace, operand) for operand in operands)
    above, total_of_all = as_decimal(raised), as_decimal(below)
    exact = None if above is None or not total_of_all else above / total_of_all
    power = _exponential(trace, raised, opened(trace, exponential), summed)
    return (Span(f"{summed.sign(value, exact)} {raised} ÷ {below}, {raised} "), *power)


def _exponential(trace: Trace, value: str, found: Opened, summed: _Summed) -> Sentence:
    """exp(score − maximum)."""
    numbers = [trace.value(operand) for operand in found.operands]
    texts = [summed.text(NumberFormat(summed.digits, needs_exponent(one)), one) for one in numbers]
    summed.claims.append(rounds_to(value, formula_gives(found.rule, texts)))
    return (Span(f"{formula_sign('', found.rule, texts, numbers)} {written_formula(found.rule, texts)}"),)


def _row_sum(trace: Trace, value: str, found: Opened, summed: _Summed) -> Sentence:
    (cells,) = found.groups.lines
    values = cells.values(trace)
    kept = summed.kept(values)
    parts = _written(trace, cells, values[kept], summed)
    rest = summed.rest(values, kept)
    beside = [summed.cell(trace, cell) for (cell,) in found.groups.more]
    numbers = [*parts, *([rest[0]] if rest else []), *beside]
    total = sum((as_decimal(part) or Decimal(0) for part in numbers), Decimal(0))
    named = zip(found.groups.more, beside, strict=True)
    others = [f"{text} ({format_address(trace, cell, summed.texts.name)})" for (cell,), text in named]
    shown = [*map(bracketed, parts), *([rest[1]] if rest else []), *others]
    return (Span(f"{summed.sign(value, total)} {' + '.join(shown)}{summed.zeros(values, kept)}"),)


def _row_maximum(trace: Trace, found: Opened, summed: _Summed) -> Sentence:
    cells = found.groups
    at = int(np.argmax(cells.products(trace)))
    return (Span(f"= {format_address(trace, cells[at][0], summed.texts.name)} = max({len(cells)})"),)


def _formula(trace: Trace, value: str, found: Opened, summed: _Summed) -> Sentence:
    cell, operands, digits = found.cell, tuple(found.operands), summed.digits
    texts = [summed.text(operand_format(trace, one, digits, cell.name), trace.value(one)) for one in operands]
    if found.rule is Rule.DESCENT:  # the number before is written as the one after
        texts[0] = summed.text(cell_format(trace, cell, digits), trace.value(operands[0]))
    summed.claims.append(rounds_to(value, formula_gives(found.rule, texts)))
    return (Span(f"{formula_sign(value, found.rule, texts)} {written_formula(found.rule, texts)}"),)
