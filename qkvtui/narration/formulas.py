"""A formula of a few numbers in digits: `0.26 × (-0.15 - (-0.03))`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from ..operations.rules import Rule
from .numbers import as_decimal, equals

_WRITTEN: dict[Rule, str] = {
    Rule.CROSS_ENTROPY: "{minus}{0} × ln {1}{by_2}",
    Rule.SQUARED_ERROR: "({0} - {b1})²{by_2}",
    Rule.NEGATIVE_LOG: "-ln {0}{by_1}",
    Rule.DIFFERENCE: "({0} - {b1}){by_2}",
    Rule.TWICE_DIFFERENCE: "2 × ({0} - {b1}){by_2}",
    Rule.PER_WEIGHT: "{minus}{0} ÷ {1}{by_2}",
    Rule.JACOBIAN: "{0} × ({1} - {b2})",
    Rule.DESCENT: "{0} - {1} × {b2}",
    Rule.VELOCITY: "0.9 × {b0} + {b1}",
    Rule.DIRECTION: "{0} ÷ √{1}",
    Rule.MEAN: "(0.9 × {b0} + 0.1 × {b1}) ÷ {2}",
    Rule.MEAN_SQUARE: "(0.999 × {0} + 0.001 × {b1}²) ÷ {2}",
}
"""{0} {1} {2} are the numbers, {b1} one in brackets where it is negative, {by_2} a division by the third that is left
out where that is 1, {minus} a minus sign that is left out before 0."""

_EXACT: dict[Rule, Callable[..., Decimal]] = {
    Rule.SQUARED_ERROR: lambda number, target, count: (number - target) ** 2 / count,
    Rule.DIFFERENCE: lambda number, target, count: (number - target) / count,
    Rule.TWICE_DIFFERENCE: lambda number, target, count: 2 * (number - target) / count,
    Rule.PER_WEIGHT: lambda target, weight, count: -target / weight / count,
    Rule.JACOBIAN: lambda weight, gradient, mean: weight * (gradient - mean),
    Rule.DESCENT: lambda old, rate, direction: old - rate * direction,
    Rule.SUM: lambda *terms: sum(terms, Decimal(0)),
}


def is_formula(rule: Rule) -> bool:
    """Whether this module writes it."""
    return rule in _WRITTEN or rule is Rule.SHARE


def written_formula(rule: Rule, texts: Sequence[str]) -> str:
    """The numbers of a formula with its signs between them."""
    if rule is Rule.SUM:
        return " + ".join([texts[0], *map(bracketed, texts[1:])])
    if rule is Rule.SHARE:
        return f"exp({texts[0]}) ÷ ({' + '.join(f'exp({text})' for text in texts)})"
    parts = {f"b{index}": bracketed(text) for index, text in enumerate(texts)}
    parts |= {f"by_{index}": "" if as_decimal(text) == 1 else f" ÷ {text}" for index, text in enumerate(texts)}
    parts["minus"] = "" if as_decimal(texts[0]) == 0 else "-"
    return _WRITTEN[rule].format(*texts, **parts)


def formula_sign(value: str, rule: Rule, texts: Sequence[str]) -> str:
    """`=` where the shown numbers give exactly the shown value, else `≈`."""
    numbers = [as_decimal(text) for text in texts]
    if numbers[0] == 0 and rule in _ZERO_AT_ZERO:
        return equals(value, Decimal(0))
    exact = _EXACT.get(rule)
    if exact is None or None in numbers:
        return equals(value, None)
    try:
        return equals(value, exact(*numbers))
    except ArithmeticError:
        return equals(value, None)


_ZERO_AT_ZERO = (Rule.CROSS_ENTROPY, Rule.PER_WEIGHT)
"""What is 0 where its first number is, whatever the others are."""


def bracketed(text: str) -> str:
    """A negative number in brackets, to stand behind a sign."""
    return f"({text})" if text.startswith("-") else text
