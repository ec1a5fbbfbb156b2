"""Whether the digits of a page give what stands beside them: shown numbers are rounded, computed ones are not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import numpy as np

from ..engine.arrays import FloatArray
from ..narration.numbers import NumberFormat, as_decimal, format_for, number, rounds_to
from ..operations.elementwise import Added, Scaled
from ..operations.operation import Drawing
from ..operations.rules import Rule
from ..trace.terms import logits_step, opened
from .scene import Scene

_MOST_PRODUCTS, _MOST_KEYS = 2048, 256
"""Of a row that is longer, only some is shown, and nobody adds it up."""

_MOST_FEATURES = 8
"""Of longer queries and keys, some numbers are not shown."""


def digits_mislead(scene: Scene) -> bool:
    """Whether someone who works with the shown digits of the query's row comes to another number than is shown.

    Never where a number is hidden: that would tell something of it.
    """
    is_scaled = isinstance(scene.step.type.operation, Scaled)  # a gradient may be as well
    check = _scaled if is_scaled else _CHECKS.get(scene.step.type.kind)
    if check is None or scene.room.hidden or scene.trace.shape.keys > _MOST_KEYS:
        return False
    return not check(scene)


def _row(scene: Scene, step_id: str) -> list[Decimal | None]:
    """The query's row of a step as it is shown; None for an infinity."""
    row = scene.row(step_id, scene.place.query, scene.place.head).values
    return _shown(row, scene.format(step_id, scene.place.head))


def _shown(values: FloatArray, written: NumberFormat) -> list[Decimal | None]:
    return [as_decimal(written.text(float(value))) for value in values]


def _each(given: Sequence[Decimal | None], shown: Sequence[Decimal | None]) -> bool:
    """Whether each number, rounded, is the one that is shown for it."""
    return all(one is None or rounds_to(str(other), one) for one, other in zip(given, shown, strict=True))


def _scores(scene: Scene) -> bool:
    trace, at = scene.trace, scene.at
    lines = opened(trace, at).groups.lines
    if len(lines) != 2 or opened(trace, at).rule is not Rule.SUM:
        return True
    asks, answers = trace.graph.rows[at.name].operation.sources[:2]
    keys = trace.matrix(answers, at.head)
    if keys.size > _MOST_PRODUCTS or keys.shape[1] > _MOST_FEATURES:
        return True
    query = _shown(trace.row(asks, at.row, at.head), scene.format(asks, at.head))
    written = scene.format(answers, at.head)
    sums = [
        sum((a * b for a, b in zip(query, _shown(key, written), strict=True) if a and b), Decimal(0)) for key in keys
    ]
    return _each(sums, _row(scene, at.name))


def _scaled(scene: Scene) -> bool:
    source, factor = scene.trace.graph.rows[scene.at.name].operation.sources[:2]
    times = Decimal(NumberFormat(max(4, scene.room.digits)).text(float(scene.trace.row(factor, 0)[0])))
    return _each([None if one is None else one * times for one in _row(scene, source)], _row(scene, scene.at.name))


def _added(scene: Scene) -> bool:
    operation = scene.trace.graph.rows[scene.at.name].operation
    if not isinstance(operation, Added):
        return True
    addend = scene.trace.row(operation.addend, scene.at.row, scene.at.head)
    more = _shown(addend, format_for(addend, scene.room.digits))
    source = _row(scene, operation.source)
    sums = [None if one is None or other is None else one + other for one, other in zip(source, more, strict=True)]
    return _each(sums, _row(scene, scene.at.name))


def _softmax(scene: Scene) -> bool:
    trace, place, digits = scene.trace, scene.place, scene.room.digits
    if trace.softmax_over == "columns":
        return True
    row = trace.softmax_row(place.query, place.head)
    if not row.totals.any():
        return True
    written, source = NumberFormat(digits), _row(scene, logits_step(trace))
    most = as_decimal(scene.format(logits_step(trace), place.head).text(row.maximum))
    shifted, exp = _shown(row.shifted, written), _shown(row.exponentials, written)
    total, weights = Decimal(number(row.total, digits)), _row(scene, "weights")
    extra = [float(trace.row("exp_sink", place.query, place.head)[0])] if trace.example.attention.sink else []
    return (
        most is not None
        and _each([None if one is None else one - most for one in source], shifted)
        and _each([None if one is None else one.exp() for one in shifted], exp)
        and _each([None if one is None or not total else one / total for one in exp], weights)
        and _sum([*exp, *_shown(np.array(extra), written)]) == total
        and _sum(weights) == Decimal(number(float(row.weights.sum()), digits))
    )


def _weighted(scene: Scene) -> bool:
    trace, place, digits = scene.trace, scene.place, scene.room.digits
    handed_over = trace.graph.roles["values"]
    weights, values = trace.row("weights", place.query, place.head), trace.matrix(handed_over, place.head)
    if values.size > _MOST_PRODUCTS:
        return True
    shares, written = _row(scene, "weights"), scene.format(handed_over, place.head)
    sums = _row(scene, "output")
    for column in range(values.shape[1]):
        products = _shown(weights * values[:, column], NumberFormat(digits))
        given = [
            a * b
            for a, b in zip(shares, _shown(values[:, column], written), strict=True)
            if a is not None and b is not None
        ]
        if not _each(given, products) or not _each([_sum(products)], [sums[column]]):
            return False
    return True


def _sum(shown: Sequence[Decimal | None]) -> Decimal:
    return sum((one for one in shown if one is not None), Decimal(0))


_CHECKS: dict[Drawing, Callable[[Scene], bool]] = {
    Drawing.SCORES: _scores,
    Drawing.MASK: _added,
    Drawing.SOFTMAX: _softmax,
    Drawing.WEIGHTED_SUM: _weighted,
}
