"""A number of the `why` tree in digits: its value and how its terms make it."""

from __future__ import annotations

from decimal import Decimal

from ..operations.rules import Rule
from ..trace.why import Node
from .formats import MORE_DIGITS
from .formulas import bracketed, formula_sign, is_formula, written_formula
from .numbers import NumberFormat, as_decimal, equals, number

_MOST_SHOWN = 6


def node_equation(node: Node, digits: int) -> str:
    """`0.85 = 0.45 + 0.40`; only the value where nothing is opened below it."""
    value = _written(node, digits)
    texts = [_written(term, digits) for term in node.terms]
    if not texts:
        return value
    if is_formula(node.operation):
        return f"{value} {formula_sign(value, node.operation, texts)} {written_formula(node.operation, texts)}"
    match node.operation:
        case Rule.SUM:
            return f"{value} {equals(value, _sum(texts))} {_joined(texts, ' + ')}"
        case Rule.PRODUCT:
            return f"{value} {equals(value, _product(texts))} {_joined(texts, ' × ')}"
        case Rule.QUOTIENT:
            return f"{value} {equals(value, _quotient(texts))} {' ÷ '.join(texts)}"
        case Rule.EXPONENTIAL:
            sign = "=" if node.terms[0].value in (node.terms[1].value, float("-inf")) else "≈"
            return f"{value} {sign} exp({texts[0]} - {bracketed(texts[1])})"
        case _:
            return f"{value} = {texts[0]}"


def _written(node: Node, digits: int) -> str:
    digits += MORE_DIGITS if node.is_gradient else 0
    if 0 < abs(node.value) < 0.5 * 10.0**-digits:
        return NumberFormat(digits, exponent=True).text(node.value)
    return number(node.value, digits)


def _joined(texts: list[str], sign: str) -> str:
    shown = [texts[0], *(bracketed(text) for text in texts[1:_MOST_SHOWN])]
    return sign.join(shown) + (f"{sign}…" if len(texts) > _MOST_SHOWN else "")


def _sum(texts: list[str]) -> Decimal | None:
    shown = [as_decimal(text) for text in texts]
    return None if None in shown else sum((one for one in shown if one is not None), Decimal(0))


def _product(texts: list[str]) -> Decimal | None:
    product = Decimal(1)
    for text in texts:
        shown = as_decimal(text)
        if shown is None:
            return None
        product *= shown
    return product


def _quotient(texts: list[str]) -> Decimal | None:
    above, below = (as_decimal(text) for text in texts)
    return above / below if above is not None and below else None
