"""Numbers that were computed right and written down wrong: digits exchanged, a sign lost, a row made to add up to 1."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from ...engine.magnitudes import is_usable
from .judging import Judged

_LEAST_UNITS = 10
"""A number of fewer units of its last digit is too short to tell a slip of the pen from a slip in computing."""


_MOST_UNITS = 2.5


def copied_from(one: Judged, decimals: int) -> bool:
    """Whether a printed number is the right one with two digits exchanged, or with the other sign."""
    if not is_usable(one.one.published) or not is_usable(one.one.computed):
        return False
    printed, right = (round(abs(number) * 10**decimals) for number in (one.one.published, one.one.computed))
    if min(printed, right) < _LEAST_UNITS:
        return False
    same_sign = (one.one.published < 0) is (one.one.computed < 0)
    if not same_sign:
        return bool(printed == right)
    width = max(len(str(printed)), len(str(right)))
    written, meant = str(printed).zfill(width), str(right).zfill(width)
    return any(_exchanged(meant, left, right_) == written for left, right_ in combinations(range(width), 2))


def row_that_was_adjusted(cells: Sequence[Judged], decimals: int) -> bool:
    """Whether one number of a row of weights is a unit or two off, and so the row adds up to 1, which it would not."""
    wrong = [one.one for one in cells if not one.one.agrees]
    if len(wrong) != 1 or not all(is_usable(one.one.published) for one in cells):
        return False
    if abs(wrong[0].published - wrong[0].computed) >= _MOST_UNITS * 10.0**-decimals:
        return False
    printed = sum(round(one.one.published * 10**decimals) for one in cells)
    right = sum(round(one.one.computed * 10**decimals) for one in cells)
    return bool(printed == 10**decimals and right != printed)


def _exchanged(digits: str, left: int, right: int) -> str:
    found = list(digits)
    found[left], found[right] = found[right], found[left]
    return "".join(found)
