"""Rows of numbers as they stand in a file, checked number by number."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ..engine.magnitudes import LARGEST, is_usable
from ..graph.printed import NOT_PRINTED, WrittenNumber
from ..said import say
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
        if numbers is not None and all(map(is_usable, numbers)):
            return numbers
    found = [_number(value, form) for value in values]
    wrong = [index for index, number in enumerate(found) if isinstance(number, str)]
    for index in wrong[:MOST_PER_ARRAY]:
        draft.report(place_of(index), say("is {kind}", kind=found[index]), _expected(form))
    if len(wrong) > MOST_PER_ARRAY:
        draft.report(
            place_of(wrong[MOST_PER_ARRAY]),
            say("and {count} entries from here on are no better", count=len(wrong) - MOST_PER_ARRAY),
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
        return say("larger than {most}", most=f"{LARGEST:g}")
    if is_usable(number) or (form.minus_infinity and number < 0):  # -1e300 is how some programs write −∞
        return number
    if form.hides and -math.inf < number < 0:
        return number
    if math.isnan(number):
        return NOT_PRINTED if form.gaps else say("not a number (nan)")
    return say("infinite, or larger than {most}", most=f"{LARGEST:g}")


def _expected(form: Form) -> str:
    if form.minus_infinity and form.null == -math.inf:
        return say("a finite number or -inf (null in JSON) stands here")
    if form.gaps:
        return say('a finite number, or "{sign}" for one that was not printed, stands here', sign=LEFT_OUT)
    return say("a finite number stands here")
