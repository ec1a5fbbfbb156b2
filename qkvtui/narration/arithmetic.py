"""One cell's arithmetic in digits: `0.85 = 0.50 × 0.90 + 0.50 × 0.80`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from ..engine.arrays import FloatArray
from ..files.example import STANDARD_SCALE
from ..trace.addresses import SETTINGS, STAGES, Address, exists, format_address, leaf_array, value_at
from ..trace.cells import Cells, largest
from ..trace.changes import differ
from ..trace.terms import (
    Copied,
    Exponential,
    Given,
    Masked,
    RowMaximum,
    RowSum,
    Scaled,
    SoftmaxShare,
    SumOfProducts,
    terms,
)
from ..trace.trace import SoftmaxRow, Trace
from .language import LanguageTexts, language_texts
from .numbers import NumberFormat, as_decimal, equals, format_for, number
from .sentences import Sentence, Span

MOST_TERMS = 6
"""A longer sum shows the terms that contribute most and gives the rest as one number."""


@dataclass(frozen=True)
class Arithmetic:
    """How one cell was computed."""

    value: str
    """The cell as shown."""
    equation: Sentence
    """The right side with its sign (`= 0.50 × 0.90 + …`); empty for a number from the file."""
    place: str = ""
    """Where a number from the file stands."""


def arithmetic(
    trace: Trace, cell: Address, digits: int, most_terms: int = MOST_TERMS, language: str = "en"
) -> Arithmetic:
    """The cell in digits, as computed from the numbers it opens into.

    Of a sum with more than `most_terms` terms those that contribute most, and what the others come to.
    """
    summed = _Summed(digits, most_terms, language_texts(language))
    value = cell_format(trace, cell, digits).text(value_at(trace, cell))
    origin = terms(trace, cell)
    match origin:
        case Given(place):
            return Arithmetic(value, (), place)
        case SumOfProducts():
            return Arithmetic(value, _sum_of_products(trace, value, origin, summed))
        case Scaled(score, factor):
            return Arithmetic(value, _scaled(trace, value, score, factor, digits))
        case Masked(score, added):
            return Arithmetic(value, _masked(trace, value, score, added, digits))
        case SoftmaxShare(score, row):
            return Arithmetic(value, _softmax(trace, value, cell, row, digits))
        case Copied(source):
            return Arithmetic(value, (Span(f"= {format_address(trace, source)}"),))
        case Exponential(score, maximum):
            return Arithmetic(value, _exponential(value_at(trace, score), value_at(trace, maximum), digits))
        case RowSum(cells):
            return Arithmetic(value, _row_sum(trace, value, cells, summed))
        case RowMaximum(cells):
            return Arithmetic(value, _row_maximum(trace, cells))


def cell_format(trace: Trace, cell: Address, digits: int) -> NumberFormat:
    """The format of the row a cell stands in: the same that its table uses."""
    array = leaf_array(trace, cell.name)
    if array is not None:
        return format_for(array, digits)
    if cell.name in STAGES or cell.name in SETTINGS:
        return NumberFormat(max(4, digits) if cell.name == "scale" else digits)
    return step_format(trace, cell.name, cell.head, digits)


def value_before(trace: Trace, cell: Address, digits: int) -> str | None:
    """The cell as it was before the last change, where that changed it."""
    before = trace.compared_to
    if before is None or not exists(before, cell):
        return None
    old, new = value_at(before, cell), value_at(trace, cell)
    return cell_format(trace, cell, digits).text(old) if differ(old, new) else None


def step_format(trace: Trace, step_id: str, head: int, digits: int) -> NumberFormat:
    """One format for a whole step; a long step is judged by its first rows."""
    if step_id == "weights":
        return NumberFormat(digits)
    rows, columns = trace.step(step_id).shape
    sample = min(rows, max(1, 4096 // columns))
    return format_for(np.concatenate([trace.row(step_id, row, head) for row in range(sample)]), digits)


@dataclass(frozen=True)
class _Summed:
    """How a sum is written."""

    digits: int
    most: int
    texts: LanguageTexts

    def kept(self, terms: FloatArray) -> list[int]:
        """The indices of the terms to show, in their own order."""
        if len(terms) <= self.most:
            return list(range(len(terms)))
        return [index for index in largest(terms, self.most - 1) if terms[index] != 0] or [0]

    def rest(self, terms: FloatArray, kept: list[int]) -> tuple[str, str] | None:
        """What the others come to, as a number and with words; None where there are no others."""
        hidden = len(terms) - len(kept)
        if hidden == 0:
            return None
        total = number(float(terms.sum() - terms[kept].sum()), self.digits)
        return total, f"{_bracketed(total)}{self.texts.word('other_terms', count=hidden)}"


def _sum_of_products(trace: Trace, value: str, origin: SumOfProducts, summed: _Summed) -> Sentence:
    left, right = origin.left.values(trace), origin.right.values(trace)
    kept = summed.kept(left * right)
    on_left = _written(trace, origin.left, left[kept], summed)
    on_right = _written(trace, origin.right, right[kept], summed)
    parts = [
        (Span(a if index == 0 else _bracketed(a)), Span(" × "), Span(_bracketed(b)))
        for index, (a, b) in enumerate(zip(on_left, on_right, strict=True))
    ]
    total = sum((_product(a, b) for a, b in zip(on_left, on_right, strict=True)), Decimal(0))
    more: list[str] = []
    if rest := summed.rest(left * right, kept):
        more.append(rest[1])
        total += as_decimal(rest[0]) or 0
    if origin.bias is not None:
        bias = cell_format(trace, origin.bias, summed.digits).text(value_at(trace, origin.bias))
        more.append(f"{_bracketed(bias)}{summed.texts.words['bias']}")
        total += as_decimal(bias) or 0
    spans = [Span(f"{equals(value, total)} ")]
    for index, part in enumerate([*parts, *((Span(one),) for one in more)]):
        spans.extend(((Span(" + "),) if index else ()) + part)
    return tuple(spans)


def _written(trace: Trace, cells: Cells, values: FloatArray, summed: _Summed) -> list[str]:
    written = cell_format(trace, cells[0], summed.digits)
    return [written.text(float(value)) for value in values]


def _product(left: str, right: str) -> Decimal:
    return (as_decimal(left) or Decimal(0)) * (as_decimal(right) or Decimal(0))


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("-") else text


def _scaled(trace: Trace, value: str, score: Address, factor: float, digits: int) -> Sentence:
    shown = cell_format(trace, score, digits).text(value_at(trace, score))
    d_k = trace.shape.d_k
    if trace.example.attention.scale == STANDARD_SCALE:
        root = math.isqrt(d_k)
        exact = root * root == d_k
        divisor = str(root) if exact else number(math.sqrt(d_k), digits)
        dividend = as_decimal(shown) or Decimal(0)
        quotient = dividend / root if exact or dividend == 0 else None
        how = f" ÷ √{d_k}   (√{d_k} {'=' if exact else '≈'} {divisor})"
        return (Span(f"{equals(value, quotient)} "), Span(shown), Span(how))
    times = format_for([factor], max(digits, 4)).text(factor)
    return (
        Span(f"{equals(value, _product(shown, times))} "),
        Span(shown),
        Span(" × "),
        Span(_bracketed(times)),
    )


def _masked(trace: Trace, value: str, score: Address, added: float, digits: int) -> Sentence:
    shown = cell_format(trace, score, digits).text(value_at(trace, score))
    plus = format_for([added], digits).text(added)
    total = None if np.isinf(added) else (as_decimal(shown) or Decimal(0)) + (as_decimal(plus) or Decimal(0))
    sign = "=" if np.isinf(added) else equals(value, total)
    return (Span(f"{sign} "), Span(shown), Span(" + "), Span(_bracketed(plus)))


def _softmax(trace: Trace, value: str, cell: Address, row: SoftmaxRow, digits: int) -> Sentence:
    total = float(row.totals[cell.column])
    if total == 0:
        return (Span("= 0"),)
    raised, below = number(float(row.exponentials[cell.column]), digits), number(total, digits)
    exact = (as_decimal(raised) or Decimal(0)) / (as_decimal(below) or Decimal(1))
    power = _exponential(float(row.scores[cell.column]), float(row.maxima[cell.column]), digits)
    return (Span(f"{equals(value, exact)} {raised} ÷ {below}, {raised} "), *power)


def _exponential(score: float, maximum: float, digits: int) -> Sentence:
    """exp(score − maximum), exact where that is 1 or 0."""
    sign = "=" if score == maximum or score == -math.inf else "≈"
    difference = f"{number(score, digits)} - {_bracketed(number(maximum, digits))}"
    return (Span(f"{sign} exp({difference})"),)


def _row_sum(trace: Trace, value: str, cells: Cells, summed: _Summed) -> Sentence:
    values = cells.values(trace)
    kept = summed.kept(values)
    parts = [number(float(values[index]), summed.digits) for index in kept]
    rest = summed.rest(values, kept)
    numbers = [*parts, rest[0]] if rest else parts
    total = sum((as_decimal(part) or Decimal(0) for part in numbers), Decimal(0))
    shown = [_bracketed(part) for part in parts] + ([rest[1]] if rest else [])
    return (Span(f"{equals(value, total)} {' + '.join(shown)}"),)


def _row_maximum(trace: Trace, cells: Cells) -> Sentence:
    at = int(np.argmax(cells.values(trace)))
    return (Span(f"= {format_address(trace, cells[at])} = max({len(cells)})"),)
