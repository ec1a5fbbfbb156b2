"""A formula of a few numbers in digits, `0.26 × (-0.15 - (-0.03))`, and its sign, `=` or `≈`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from math import inf, prod

import numpy as np

from ..operations.rules import NUMBERS, Rule
from ..trace.why import Node
from .formats import MORE_DIGITS
from .numbers import NumberFormat, as_decimal, equals, needs_exponent, rounds_to

MOST_FINER = 4
"""So many more digits than in the tables a formula may show, so that what is written gives what it says."""

_WRITTEN: dict[Rule, str] = {
    Rule.QUOTIENT: "{0} ÷ {1}",
    Rule.EXPONENTIAL: "exp({0} - {b1})",
    Rule.CROSS_ENTROPY: "{minus}{0} × ln {1}{by_2}",
    Rule.SQUARED_ERROR: "({0} - {b1})²{by_2}",
    Rule.NEGATIVE_LOG: "-ln {0}{by_1}",
    Rule.DIFFERENCE: "({0} - {b1}){by_2}",
    Rule.TWICE_DIFFERENCE: "2 × ({0} - {b1}){by_2}",
    Rule.PER_WEIGHT: "{minus}{0} ÷ {1}{by_2}",
    Rule.JACOBIAN: "{0} × ({1} - {b2})",
    Rule.TURNED_ONE: "{0} × {b1} - {b2} × {b3}",
    Rule.TURNED_OTHER: "{0} × {b1} + {b2} × {b3}",
    Rule.CAPPED: "{1} × tanh({0} ÷ {1})",
    Rule.THROUGH_CAP: "{0} × (1 - ({1} ÷ {2})²)",
    Rule.NORMED: "{0} ÷ √({1} + 1e-6) × {b2}",
    Rule.UNIT: "{0} ÷ √({1} + 1e-6)",
    Rule.THROUGH_NORM: "({0} × {b1} - {b2} × {b3}) ÷ √({4} + 1e-6)",
    Rule.STANDARD: "({0} - {b1}) ÷ √({2} + {3})",
    Rule.LAYER_SHIFTED: "({0} - {b1}) ÷ √({2} + {3}) + {b4}",
    Rule.THROUGH_LAYER_NORM: "({0} - {b1} - {b2} × {b3}) ÷ √({4} + {5})",
    Rule.THROUGH_RMS_NORM: "({0} - {b1} × {b2}) ÷ √({3} + {4})",
    Rule.RELU: "max({0}, 0)",
    Rule.GELU: "{0} × Φ({0})",
    Rule.GELU_TANH: "{0} × Φ({0})",
    Rule.SILU: "{0} ÷ (1 + exp({minus_0}))",
    Rule.THROUGH_RELU: "{0} × slope({1})",
    Rule.THROUGH_GELU: "{0} × slope({1})",
    Rule.THROUGH_GELU_TANH: "{0} × slope({1})",
    Rule.THROUGH_SILU: "{0} × slope({1})",
    Rule.OVER_LENGTH: "{0} ÷ √{1}",
    Rule.THROUGH_LENGTH: "({0} - {b1} × {b2}) ÷ √{3}",
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
    Rule.TURNED_ONE: lambda one, cos, other, sin: one * cos - other * sin,
    Rule.TURNED_OTHER: lambda other, cos, one, sin: other * cos + one * sin,
    Rule.THROUGH_CAP: lambda gradient, capped, cap: gradient * (1 - (capped / cap) ** 2),
    Rule.RELU: lambda number: max(number, Decimal(0)),
    Rule.VARIANCE: lambda mean, *terms: sum(((term - mean) ** 2 for term in terms), Decimal(0)) / len(terms),
    Rule.AVERAGE: lambda *terms: sum(terms, Decimal(0)) / len(terms),
    Rule.DESCENT: lambda old, rate, direction: old - rate * direction,
    Rule.SUM: lambda *terms: sum(terms, Decimal(0)),
    Rule.PRODUCT: lambda *factors: prod(factors, start=Decimal(1)),
    Rule.QUOTIENT: lambda above, below: above / below,
    Rule.COPY: lambda first: first,
    Rule.MAXIMUM: lambda first: first,
}


def written_formula(rule: Rule, texts: Sequence[str]) -> str:
    """The numbers of a formula with its signs between them."""
    if rule in _JOINED:
        first, sign = texts[0], _JOINED[rule]
        return sign.join([first, *map(bracketed, texts[1:_MOST_JOINED])]) + (
            f"{sign}…" if len(texts) > _MOST_JOINED else ""
        )
    if rule in _IN_GROUPS:
        return _grouped(rule, texts)
    if rule is Rule.AVERAGE:
        return f"({written_formula(Rule.SUM, texts)}) ÷ {len(texts)}"
    if rule is Rule.SHARE:
        return f"exp({texts[0]}) ÷ ({' + '.join(f'exp({text})' for text in texts)})"
    if rule in (Rule.LAYER_NORMED, Rule.RMS_NORMED):
        return _normed(rule, texts)
    if rule is Rule.VARIANCE:
        return _variance(texts)
    if rule not in _WRITTEN:
        return texts[0]
    parts = {f"b{index}": bracketed(text) for index, text in enumerate(texts)}
    parts |= {f"by_{index}": "" if as_decimal(text) == 1 else f" ÷ {text}" for index, text in enumerate(texts)}
    parts["minus_0"] = texts[0].removeprefix("-") if texts[0].startswith("-") else f"-{texts[0]}"
    parts["minus"] = "" if as_decimal(texts[0]) == 0 else "-"
    return _WRITTEN[rule].format(*texts, **parts)


def _normed(rule: Rule, texts: Sequence[str]) -> str:
    """(x - mean) ÷ √(variance + ε) × gain + bias, as far as there are any."""
    if rule is Rule.LAYER_NORMED:
        begun, (square, epsilon, *learned) = f"({texts[0]} - {bracketed(texts[1])})", texts[2:]
    else:
        begun, (square, epsilon, *learned) = texts[0], texts[1:]
    signs = (" × ", " + ")
    more = "".join(f"{sign}{bracketed(text)}" for sign, text in zip(signs, learned, strict=False))
    return f"{begun} ÷ √({square} + {epsilon}){more}"


def _variance(texts: Sequence[str]) -> str:
    """The mean of the squared distances from the first number."""
    mean, *terms = texts
    squares = [f"({term} - {bracketed(mean)})²" for term in terms[:_MOST_GROUPS]]
    return f"({' + '.join([*squares, *(['…'] if len(terms) > _MOST_GROUPS else [])])}) ÷ {len(terms)}"


_IN_GROUPS = {
    Rule.ADDITIVE: (3, "{0} × tanh({1} + {b2})"),
    Rule.THROUGH_TANH: (4, "{0} × {b1} × (1 - tanh²({2} + {b3}))"),
}
"""Sums of formulas of so many numbers each."""


def _grouped(rule: Rule, texts: Sequence[str]) -> str:
    """The formulas of a sum, the first ones where there are many."""
    size, written = _IN_GROUPS[rule]
    groups = [texts[start : start + size] for start in range(0, len(texts), size)]
    parts = []
    for group in groups[:_MOST_GROUPS]:
        negative = {f"b{index}": bracketed(text) for index, text in enumerate(group)}
        parts.append(written.format(*group, **negative))
    return " + ".join([*parts, *(["…"] if len(groups) > _MOST_GROUPS else [])])


_MOST_GROUPS = 3
_JOINED = {Rule.SUM: " + ", Rule.PRODUCT: " × "}
_MOST_JOINED = 6
"""A longer sum is cut short."""


def formula_sign(value: str, rule: Rule, texts: Sequence[str], numbers: Sequence[float] = ()) -> str:
    """`=` where the shown numbers give exactly the shown value, else `≈`; `numbers` are what the texts are of."""
    if rule in (Rule.COPY, Rule.MAXIMUM):
        return "="
    if rule is Rule.EXPONENTIAL:
        return "=" if numbers[0] in (numbers[1], -inf) else "≈"
    shown = [as_decimal(text) for text in texts]
    if shown[0] == 0 and rule in _ZERO_AT_ZERO:
        return equals(value, Decimal(0))
    exact = _EXACT.get(rule)
    if exact is None or None in shown:
        return equals(value, None)
    try:
        return equals(value, exact(*shown))
    except ArithmeticError:
        return equals(value, None)


def formula_gives(rule: Rule, texts: Sequence[str]) -> Decimal | None:
    """What the shown numbers of a formula give, nearly exactly; None where one is infinite or nothing is computed."""
    shown = [as_decimal(text) for text in texts]
    if not shown or None in shown or rule not in NUMBERS:
        return None
    with np.errstate(all="ignore"):
        return Decimal(float(NUMBERS[rule](*(np.float64(str(one)) for one in shown))))


_ZERO_AT_ZERO = (Rule.CROSS_ENTROPY, Rule.PER_WEIGHT, Rule.RMS_NORMED)
"""What is 0 where its first number is, whatever the others are."""


def bracketed(text: str) -> str:
    """A negative number in brackets, to stand behind a sign."""
    return f"({text})" if text.startswith("-") else text


def node_equation(node: Node, digits: int) -> str:
    """`0.85 = 0.45 + 0.40`, of a number in the `why` tree; only the value where nothing is opened below it."""
    value = _of_node(node, digits)
    texts: list[str] = []
    for more in range(MOST_FINER + 1):
        finer = [_of_node(term, digits, more) for term in node.terms]
        texts = texts or finer
        if rounds_to(value, formula_gives(node.operation, finer)):
            texts = finer
            break
    if not texts:
        return value
    sign = formula_sign(value, node.operation, texts, [term.value for term in node.terms])
    return f"{value} {sign} {written_formula(node.operation, texts)}"


def _of_node(node: Node, digits: int, more: int = 0) -> str:
    digits += MORE_DIGITS if node.is_gradient else 0
    small = 0 < abs(node.value) < 0.5 * 10.0**-digits
    return NumberFormat(digits, small or needs_exponent(node.value)).finer(node.value, more)
