"""Rows of numbers as they stand in a file, checked number by number."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from .draft import Draft
from .phrases import kind_of

MOST_PER_ARRAY = 3
"""How many wrong numbers, or wrong rows, of one array are named."""

_PLAIN = {int, float}


def read_numbers(
    values: Sequence[object],
    place_of: Callable[[int], str],
    draft: Draft,
    *,
    minus_infinity: bool = False,
) -> list[float] | None:
    """`values` as finite numbers, or None after reporting those that are not.

    With `minus_infinity`, −∞ is a number as well: `-inf` in TOML, null in JSON. `place_of` names a number's
    place by its index.
    """
    if set(map(type, values)) <= _PLAIN:
        numbers = _as_floats(values)
        if numbers is not None and all(map(math.isfinite, numbers)):
            return numbers
    found = [_number(value, minus_infinity) for value in values]
    wrong = [index for index, number in enumerate(found) if isinstance(number, str)]
    for index in wrong[:MOST_PER_ARRAY]:
        draft.report(place_of(index), f"is {found[index]}", _expected(minus_infinity))
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


def _number(value: object, minus_infinity: bool) -> float | str:
    """The number, or the words for what stands in its place."""
    if value is None and minus_infinity:
        return -math.inf
    if isinstance(value, bool) or not isinstance(value, int | float):
        return kind_of(value)
    try:
        number = float(value)
    except OverflowError:
        return "a number too large to compute with"
    if math.isfinite(number) or (minus_infinity and number == -math.inf):
        return number
    return "not a number (nan)" if math.isnan(number) else "infinite, or too large to compute with"


def _expected(minus_infinity: bool) -> str:
    return f"a finite number{' or -inf (null in JSON)' if minus_infinity else ''} stands here"
