"""One cell's arithmetic in digits: `0.85 = 0.50 × 0.90 + 0.50 × 0.80`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from ..engine.arrays import FloatArray
from ..files.example import STANDARD_SCALE
from ..trace.addresses import Address, leaf_array, value_at
from ..trace.terms import Copied, Given, Masked, Scaled, SoftmaxShare, SumOfProducts, terms
from ..trace.trace import Trace
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


def arithmetic(trace: Trace, cell: Address, digits: int) -> Arithmetic:
    """The cell in digits, as computed from the numbers it opens into."""
    value = cell_format(trace, cell, digits).text(value_at(trace, cell))
    origin = terms(trace, cell)
    match origin:
        case Given(place):
            return Arithmetic(value, (), place)
        case SumOfProducts():
            return Arithmetic(value, _sum_of_products(trace, value, origin, digits))
        case Scaled(score, factor):
            return Arithmetic(value, _scaled(trace, value, score, factor, digits))
        case Masked(score, added):
            return Arithmetic(value, _masked(trace, value, score, added, digits))
        case SoftmaxShare(score, row):
            return Arithmetic(value, _softmax(value, float(row.scores[score.column]), row.maximum, row.total, digits))
        case Copied(source):
            return Arithmetic(value, (Span(f"= output@{source.head}[{source.row},{source.column}]"),))


def cell_format(trace: Trace, cell: Address, digits: int) -> NumberFormat:
    """The format of the row a cell stands in: the same that its table uses."""
    array = leaf_array(trace, cell.name)
    if array is not None:
        return format_for(array, digits)
    return step_format(trace, cell.name, cell.head, digits)


def step_format(trace: Trace, step_id: str, head: int, digits: int) -> NumberFormat:
    """One format for a whole step; a long step is judged by its first rows."""
    if step_id == "weights":
        return NumberFormat(digits)
    rows, columns = trace.step(step_id).shape
    sample = min(rows, max(1, 4096 // columns))
    return format_for(np.concatenate([trace.row(step_id, row, head) for row in range(sample)]), digits)


def _shown(trace: Trace, cells: tuple[Address, ...], digits: int) -> list[str]:
    written = cell_format(trace, cells[0], digits)
    return [written.text(value_at(trace, cell)) for cell in cells]


def _sum_of_products(trace: Trace, value: str, origin: SumOfProducts, digits: int) -> Sentence:
    left, right = _shown(trace, origin.left, digits), _shown(trace, origin.right, digits)
    products = np.array(
        [value_at(trace, a) * value_at(trace, b) for a, b in zip(origin.left, origin.right, strict=True)]
    )
    kept = _largest(products)
    parts: list[tuple[Span, ...]] = [(Span(left[i]), Span(" × "), Span(_bracketed(right[i]))) for i in kept]
    total = sum((_product(left[i], right[i]) for i in kept), Decimal(0))
    if origin.bias is not None:
        bias = _shown(trace, (origin.bias,), digits)[0]
        parts.append((Span(_bracketed(bias)),))
        total += as_decimal(bias) or 0
    if len(kept) < len(products):
        rest = number(float(products.sum() - products[kept].sum()), digits)
        parts.append((Span(f"{_bracketed(rest)} (+{len(products) - len(kept)})"),))
        total += as_decimal(rest) or 0
    spans = [Span(f"{equals(value, total)} ")]
    for index, part in enumerate(parts):
        spans.extend(((Span(" + "),) if index else ()) + part)
    return tuple(spans)


def _largest(products: FloatArray) -> list[int]:
    """The indices of the terms to show, in their own order."""
    if len(products) <= MOST_TERMS:
        return list(range(len(products)))
    largest = np.argsort(-np.abs(products), kind="stable")[: MOST_TERMS - 1]
    return sorted(int(i) for i in largest if products[i] != 0) or [0]


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
        quotient = (as_decimal(shown) or Decimal(0)) / root if exact else None
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


def _softmax(value: str, score: float, maximum: float, total: float, digits: int) -> Sentence:
    if total == 0:
        return (Span("= 0"),)
    raised = number(math.exp(score - maximum), digits)
    below = number(total, digits)
    exact = (as_decimal(raised) or Decimal(0)) / (as_decimal(below) or Decimal(1))
    return (
        Span(f"{equals(value, exact)} "),
        Span(raised),
        Span(" ÷ "),
        Span(below),
        Span(", "),
        Span(raised),
        Span(
            f" {'=' if score == maximum else '≈'} exp({number(score, digits)} - {_bracketed(number(maximum, digits))})"
        ),
    )
