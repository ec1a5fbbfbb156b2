"""What sentences say of numbers whose columns have names: what a token asks for, offers and hands over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ..engine.arrays import FloatArray
from ..graph.features import axis_names
from ..operations.product import Product
from .facts import Facts
from .formats import step_format
from .formulas import bracketed
from .numbers import NumberFormat, as_decimal, equals
from .sentences import LONGEST_TOKEN, Role, Sentence, Span, joined

_MOST_NAMED = 4
_MOST_PRODUCTS = 3
_SAME = 9
"""Numbers that are equal to so many decimals stay in the order of their columns."""


def _labels(facts: Facts, step_id: str) -> tuple[str, ...]:
    """The names of a step's columns; none where they have none."""
    if not facts.trace.has(step_id):
        return ()
    names = axis_names(facts.trace.example, step_id, facts.place.head)[1]
    return () if names is None else names.labels(facts.texts.name)


def _name(text: str) -> Sentence:
    if len(text) <= LONGEST_TOKEN:
        return (Span(text, Role.TOKEN),)
    return (Span(text[: LONGEST_TOKEN - 1], Role.TOKEN), Span("…"))


def _largest_first(values: FloatArray) -> list[int]:
    order: list[int] = np.argsort(-np.abs(values).round(_SAME), kind="stable").tolist()
    return order


def _told(facts: Facts, step_id: str, row: int, sign: int = 0) -> list[Sentence]:
    """`living 3.60`, largest first, as the table writes them; of one `sign`, or 0 for both. None that is shown as 0."""
    names = _labels(facts, step_id)
    if not names:
        return []
    values, written = facts.row(step_id, row), step_format(facts.trace, step_id, facts.place.head, facts.digits)
    texts = {
        index: written.text(float(values[index]))
        for index in _largest_first(values)
        if sign == 0 or values[index] * sign > 0
    }
    return [
        (*_name(names[index]), Span(" "), Span(text, Role.NUMBER)) for index, text in texts.items() if as_decimal(text)
    ]


def _listed(facts: Facts, parts: Sequence[Sentence]) -> Sentence:
    more = len(parts) - _MOST_NAMED
    rest = [(Span(facts.texts.word("more_tokens", count=more)),)] if more > 0 else []
    return facts.listed([*parts[:_MOST_NAMED], *rest])


def _of_query(step_id: str, sign: int = 0) -> Callable[[Facts], list[Sentence]]:
    return lambda facts: _told(facts, step_id, facts.place.query, sign)


def _of_key(step_id: str) -> Callable[[Facts], list[Sentence]]:
    return lambda facts: _told(facts, step_id, facts.place.key)


def _own(facts: Facts) -> list[Sentence]:
    """What the query hands over itself, where it is one of the tokens that are attended to."""
    is_key = facts.trace.example.context is None and facts.place.query < facts.trace.shape.keys
    return _told(facts, facts.trace.graph.roles["values"], facts.place.query) if is_key else []


def _products(facts: Facts) -> list[Sentence]:
    """`living 6.48 = 3.60 × 1.80`: what a score is made of, largest first; only where features are compared."""
    operation = facts.trace.graph.rows["scores"].operation
    if not isinstance(operation, Product) or facts.trace.example.attention.rotary is not None:
        return []
    asks, answers = operation.sources[:2]
    asked, offered = _labels(facts, asks), _labels(facts, answers)
    if not asked or not offered:
        return []
    left, right = facts.row(asks, facts.place.query), facts.row(answers, facts.place.key)
    products, written = left * right, step_format(facts.trace, "scores", facts.place.head, facts.digits)
    if not written.exponent and (products != np.round(products)).any():  # whole scores may be sums of others
        written = NumberFormat(max(written.decimals, facts.digits))
    shown: list[Sentence] = []
    for index in _largest_first(products)[:_MOST_PRODUCTS]:
        text = written.text(float(products[index]))
        if as_decimal(text):
            other = () if asked[index] == offered[index] else (Span(" × "), *_name(offered[index]))
            factors = [
                step_format(facts.trace, step_id, facts.place.head, facts.digits).text(float(row[index]))
                for step_id, row in ((asks, left), (answers, right))
            ]
            exact = (as_decimal(factors[0]) or 0) * (as_decimal(factors[1]) or 0)
            equation = f" {equals(text, as_decimal(str(exact)))} {bracketed(factors[0])} × {bracketed(factors[1])}"
            shown.append((*_name(asked[index]), *other, Span(" "), Span(text, Role.NUMBER), Span(equation)))
    return shown


_LISTS: dict[str, Callable[[Facts], list[Sentence]]] = {
    "x_features": _of_query("embeddings"),
    "asks": _of_query("queries", 1),
    "avoids": _of_query("queries", -1),
    "offers": _of_key("keys"),
    "hands": _of_key("values"),
    "own": _own,
    "mixed": _of_query("output"),
}

FEATURE_SAYINGS: dict[str, Callable[[Facts], Sentence]] = {
    **{name: lambda facts, told=told: _listed(facts, told(facts)) for name, told in _LISTS.items()},  # type: ignore[misc]
    "products": lambda facts: joined(_products(facts), facts.texts.words["semicolon"]),
}
"""What a template's {name} stands for."""

FEATURE_CONDITIONS: dict[str, Callable[[Facts], bool]] = {
    "has_x_features": lambda facts: bool(_LISTS["x_features"](facts)),
    "asks_for": lambda facts: bool(_LISTS["asks"](facts)),
    "asks_not": lambda facts: bool(_LISTS["avoids"](facts)),
    "has_offers": lambda facts: bool(_LISTS["offers"](facts)),
    "hands_over": lambda facts: bool(_LISTS["hands"](facts)),
    "has_products": lambda facts: bool(_products(facts)),
    "mixed_with_own": lambda facts: _has_changed(facts),
    "mixed_alone": lambda facts: bool(_LISTS["mixed"](facts)) and not _has_changed(facts),
}
"""Whether a template's `when` or `unless` is true."""


def _has_changed(facts: Facts) -> bool:
    """Whether a token is now something else than its own value, and both are something."""
    if not _own(facts) or not _LISTS["mixed"](facts):
        return False
    own, mixed = (facts.row(one, facts.place.query) for one in (facts.trace.graph.roles["values"], "output"))
    return bool((own.round(facts.digits) != mixed.round(facts.digits)).any())
