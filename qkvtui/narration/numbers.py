"""Numbers become text here and nowhere else."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import numpy as np

from ..engine.arrays import FloatArray
from ..records import record

INFINITY = "∞"
_MOST_DIGITS = 17
_MOST_DECIMALS = 8
"""Of a small number on its own; one that needs more is written with an exponent."""
_ROUNDING = 1e-13
"""A change that is smaller is only rounding."""
_LARGEST_FIXED = 1e6
"""From here on numbers are written with an exponent, so that a column stays narrow."""


@record(frozen=True)
class NumberFormat:
    """How the numbers of one matrix or column are written: all alike, so that they can be compared by eye."""

    decimals: int
    exponent: bool = False

    def text(self, value: float) -> str:
        """The number as text; -0.00 is 0.00, an infinity is ∞."""
        if np.isnan(value):
            return "-"
        if np.isinf(value):
            return INFINITY if value > 0 else f"-{INFINITY}"
        text = f"{value:.{self.decimals}{'e' if self.exponent else 'f'}}"
        return text[1:] if text.startswith("-") and not text.strip("-0.e+") else text

    def finer(self, value: float, more: int) -> str:
        """The number with up to so many more decimals: of these, zeros at the end are left out."""
        text = _with_more(self, more).text(value)
        number, sign, power = text.partition("e")
        for _ in range(more):
            number = number[:-1] if number.endswith("0") else number
        return f"{number.removesuffix('.')}{sign}{power}"


@record(frozen=True)
class ChangeFormat(NumberFormat):
    """How changes are written: one that is not nothing with its sign."""

    def text(self, value: float) -> str:
        """The change as text: +0.12, -0.12, 0.00."""
        text = super().text(value)
        return f"+{text}" if value > 0 and text.strip("0.e+") else text


@lru_cache
def _with_more(of: NumberFormat, decimals: int) -> NumberFormat:
    """The same with so many more decimals; a page may ask for it a hundred thousand times."""
    return replace(of, decimals=of.decimals + decimals)


def format_for(values: FloatArray | Iterable[float], digits: int) -> NumberFormat:
    """The format for numbers that stand together: `digits` decimals, none where all are whole, e+06 where huge."""
    array = np.asarray(values if isinstance(values, np.ndarray) else list(values), dtype=np.float64)
    finite = array[np.isfinite(array)]
    largest = float(np.abs(finite).max()) if finite.size else 0.0
    if largest >= _LARGEST_FIXED or 0 < largest < 0.5 * 10.0**-digits:
        return NumberFormat(digits, exponent=True)
    if finite.size == 0:
        return NumberFormat(digits)
    return NumberFormat(0 if bool((finite == np.round(finite)).all()) else digits)


def fixed_format(values: FloatArray | Iterable[float], digits: int) -> NumberFormat:
    """The same, but with decimals even where all are whole: for numbers that are about to change."""
    usual = format_for(values, digits)
    return usual if usual.exponent else NumberFormat(digits)


def number(value: float, digits: int) -> str:
    """One number on its own, always with `digits` decimals."""
    return NumberFormat(digits, needs_exponent(value)).text(value)


def needs_exponent(value: float) -> bool:
    """Whether a number on its own is too large to be written out."""
    return bool(np.isfinite(value)) and abs(value) >= _LARGEST_FIXED


def digits_apart(value: float, other: float, digits: int) -> int:
    """With how many decimals, at least `digits`, two numbers that differ look different."""
    more = (decimals for decimals in range(digits, _MOST_DIGITS) if number(value, decimals) != number(other, decimals))
    return next(more, digits)


def loss_number(value: float, digits: int) -> str:
    """A loss, or another number that may be small without being nothing: 3.20e-05 where it would read 0.00."""
    small = value != 0 and abs(value) < 0.5 * 10.0**-digits
    return NumberFormat(digits, exponent=True).text(value) if small else number(value, digits)


def slope_number(value: float, digits: int, significant: int = 2) -> str:
    """A gradient or a change on its own: 0.000046 where it would read 0.0000, or 6.8e-08 where that were long."""
    if not np.isfinite(value) or abs(value) >= 10.0 ** (1 - digits):
        return number(value, digits)
    if abs(value) < _ROUNDING:
        return number(0.0, digits)
    decimals = decimals_of(value, significant)
    short = decimals <= _MOST_DECIMALS
    return number(value, decimals) if short else NumberFormat(significant - 1, exponent=True).text(value)


def decimals_of(value: float, significant: int = 2) -> int:
    """How many decimals show the first digits of a small number, two unless another count is asked for."""
    return max(0, significant - 1 - math.floor(math.log10(abs(value)))) if value else 0


def setting(value: float) -> str:
    """A number of a file or an option, as short as one writes it."""
    return f"{value:.12g}"


def percent(weight: float) -> str:
    """A share as a whole percentage, with 'under 1%' and 'over 99%' kept apart from 0% and 100%."""
    rounded = round(weight * 100)
    if rounded == 0 and weight > 0:
        return "<1%"
    if rounded == 100 and weight < 1 - 1e-12:
        return ">99%"
    return f"{rounded}%"


def percents(shares: Sequence[float]) -> list[str]:
    """Shares as whole percentages that add up as the shares do: those with the largest remainders are rounded up."""
    exact = np.asarray(shares, dtype=np.float64) * 100
    whole = np.floor(exact + 1e-9)
    missing = int(round(float(exact.sum())) - whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:missing]] += 1
    bounds = {0.0: "<1%", 100.0: ">99%"}
    is_bound = [share > 0 if count == 0 else share < 1 - 1e-12 for share, count in zip(shares, whole, strict=True)]
    pairs = zip(whole.tolist(), is_bound, strict=True)
    return [bounds[count] if count in bounds and inside else f"{count:.0f}%" for count, inside in pairs]


def as_decimal(text: str) -> Decimal | None:
    """The exact decimal number that a text shows, or None for an infinity."""
    try:
        shown = Decimal(text)
    except InvalidOperation:
        return None
    return shown if shown.is_finite() else None


def rounds_to(shown: str, exact: Decimal | None) -> bool:
    """Whether a number, rounded to as many digits as are shown, is the one that is shown; None: cannot be said."""
    left = as_decimal(shown)
    if left is None or exact is None:
        return True
    exponent = left.as_tuple().exponent
    assert isinstance(exponent, int)
    return exact.is_finite() and abs(exact - left) <= Decimal(5).scaleb(exponent - 1)


def equals(left: str, right: Decimal | None) -> str:
    """'=' where the shown left side is exactly what the shown right side gives, else '≈'."""
    shown = as_decimal(left)
    return "=" if shown is not None and right is not None and shown == right else "≈"
