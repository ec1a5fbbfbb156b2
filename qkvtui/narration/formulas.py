"""A formula of a few numbers in digits: `0.26 × (-0.15 - (-0.03))`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from ..trace.operations import Operation
from .numbers import as_decimal, equals

_WRITTEN: dict[Operation, str] = {
    Operation.CROSS_ENTROPY: "{minus}{0} × ln {1}{by_2}",
    Operation.SQUARED_ERROR: "({0} - {b1})²{by_2}",
    Operation.NEGATIVE_LOG: "-ln {0}{by_1}",
    Operation.DIFFERENCE: "({0} - {b1}){by_2}",
    Operation.TWICE_DIFFERENCE: "2 × ({0} - {b1}){by_2}",
    Operation.PER_WEIGHT: "{minus}{0} ÷ {1}{by_2}",
    Operation.JACOBIAN: "{0} × ({1} - {b2})",
    Operation.DESCENT: "{0} - {1} × {b2}",
    Operation.VELOCITY: "0.9 × {b0} + {b1}",
    Operation.DIRECTION: "{0} ÷ √{1}",
    Operation.MEAN: "(0.9 × {b0} + 0.1 × {b1}) ÷ {2}",
    Operation.MEAN_SQUARE: "(0.999 × {0} + 0.001 × {b1}²) ÷ {2}",
}
"""{0} {1} {2} are the numbers, {b1} one in brackets where it is negative, {by_2} a division by the third that is left
out where that is 1, {minus} a minus sign that is left out before 0."""

_EXACT: dict[Operation, Callable[..., Decimal]] = {
    Operation.SQUARED_ERROR: lambda number, target, count: (number - target) ** 2 / count,
    Operation.DIFFERENCE: lambda number, target, count: (number - target) / count,
    Operation.TWICE_DIFFERENCE: lambda number, target, count: 2 * (number - target) / count,
    Operation.PER_WEIGHT: lambda target, weight, count: -target / weight / count,
    Operation.JACOBIAN: lambda weight, gradient, mean: weight * (gradient - mean),
    Operation.DESCENT: lambda old, rate, direction: old - rate * direction,
    Operation.SUM: lambda *terms: sum(terms, Decimal(0)),
}


def is_formula(operation: Operation) -> bool:
    """Whether this module writes it."""
    return operation in _WRITTEN or operation is Operation.SHARE


def written_formula(operation: Operation, texts: Sequence[str]) -> str:
    """The numbers of a formula with its signs between them."""
    if operation is Operation.SUM:
        return " + ".join([texts[0], *map(bracketed, texts[1:])])
    if operation is Operation.SHARE:
        return f"exp({texts[0]}) ÷ ({' + '.join(f'exp({text})' for text in texts)})"
    parts = {f"b{index}": bracketed(text) for index, text in enumerate(texts)}
    parts |= {f"by_{index}": "" if as_decimal(text) == 1 else f" ÷ {text}" for index, text in enumerate(texts)}
    parts["minus"] = "" if as_decimal(texts[0]) == 0 else "-"
    return _WRITTEN[operation].format(*texts, **parts)


def formula_sign(value: str, operation: Operation, texts: Sequence[str]) -> str:
    """`=` where the shown numbers give exactly the shown value, else `≈`."""
    numbers = [as_decimal(text) for text in texts]
    exact = _EXACT.get(operation)
    if exact is None or None in numbers:
        return equals(value, Decimal(0) if as_decimal(texts[0]) == 0 and operation in _ZERO_AT_ZERO else None)
    try:
        return equals(value, exact(*numbers))
    except ArithmeticError:
        return equals(value, None)


_ZERO_AT_ZERO = (Operation.CROSS_ENTROPY, Operation.PER_WEIGHT)
"""What is 0 where its first number is, whatever the others are."""


def bracketed(text: str) -> str:
    """A negative number in brackets, to stand behind a sign."""
    return f"({text})" if text.startswith("-") else text
