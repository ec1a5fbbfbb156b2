"""Rows of numbers as they stand in a file, checked number by number."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ..graph.printed import NOT_PRINTED, WrittenNumber
from .draft import Draft
from .figures import LEFT_OUT
from .forms import Form
from .phrases import kind_of

MOST_PER_ARRAY = 3
"""How many wrong numbers, or wrong rows, of one array are named."""

_PLAIN = {int, float, WrittenNumber}


def read_numbers(
    values: Sequence[object], place_of: Callable[[int], str], draft: Draft, form: Form
) -> list[float] | None:
    """`values` as finite numbers, or None after reporting those that are not.

    As far as the form has them, −∞ and NaN, for a number that is left out, are numbers as well. `place_of` names a
    number's place by its index.
    """
    if set(map(type, values)) <= _PLAIN:
        numbers = _as_floats(values)
        if numbers is not None and all(map(math.isfinite, numbers)):
            return numbers
    found = [_number(value, form) for value in values]
    wrong = [index for index, number in enumerate(found) if isinstance(number, str)]
    for index in wrong[:MOST_PER_ARRAY]:
        draft.report(place_of(index), f"is {found[index]}", _expected(form))
    if len(wrong) > MOST_PER_ARRAY:
        draft.report(
            place_of(wrong[MOST_PER_ARRAY]),
            f"and {len(wrong) - MOST_PER_ARRAY} entries from here on are no better",
        )
    return None if wrong else [number for number in found if not isinstance(number, str)]


def _as_floats(values: Sequence[object]) -> list[float] | None:
    try:
        return [float(value) for value in values]  # type: ignore[arg-type]  # all int or float, just looked at
    except OverflowError:
        return None


def _number(value: object, form: Form) -> float | str:
    """The number, or the words for what stands in its place."""
    if value is None and form.null is not None:
        return form.null
    if form.gaps and value == LEFT_OUT:
        return NOT_PRINTED
    if isinstance(value, bool) or not isinstance(value, int | float):
        return kind_of(value)
    try:
        number = float(value)
    except OverflowError:
        return "a number too large to compute with"
    if math.isfinite(number) or (form.minus_infinity and number == -math.inf):
        return number
    if math.isnan(number):
        return NOT_PRINTED if form.gaps else "not a number (nan)"
    return "infinite, or too large to compute with"


def _expected(form: Form) -> str:
    infinity = " or -inf (null in JSON)" if form.minus_infinity and form.null == -math.inf else ""
    gap = f', or "{LEFT_OUT}" for one that was not printed,' if form.gaps else ""
    return f"a finite number{infinity}{gap} stands here"
