"""Numbers that a source printed, and how exactly it printed them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import field

from ..records import record

MOST_DECIMALS = 15
_SLACK = 1 + 1e-9
"""0.46 − 0.45 is a little more than 0.01 in floating point, and agrees all the same."""


NOT_PRINTED = math.nan
"""Stands where a source left a number out. It is always this one NaN: tuples that hold it are equal to each other."""
_PLAIN = re.compile(r"[+-]?[0-9]*\.?(?P<fraction>[0-9]*)(?:[eE](?P<power>[+-]?[0-9]{1,4}))?(?P<percent>%)?")
_PERCENT_DECIMALS = 2


_LONGEST_NUMBER = 8
"""Characters of a number that somebody may have written."""


class WrittenNumber(float):
    """A number with the text that a file has for it, where that tells more: `0.50`, `67%`, `2/5`, `1/sqrt(3)`."""

    __slots__ = ("text",)

    text: str

    def __new__(cls, number: float, text: str) -> WrittenNumber:
        """The number that `text` comes to, with that text."""
        made = super().__new__(cls, number)
        made.text = text
        return made


def scale_text(scale: float | str) -> str:
    """A scale as a reader would write it: `0.5`, or the sum that it came from, `1/sqrt(3)`; a name as it is.

    One that nobody would write, as after many steps of another temperature, has four digits.
    """
    text = scale.text if isinstance(scale, WrittenNumber) else str(scale)
    was_written = isinstance(scale, str | WrittenNumber) or len(text) <= _LONGEST_NUMBER
    return text if was_written else f"{scale:.4g}"


@record(frozen=True)
class Published:
    """The `[published]` table: numbers that a source printed."""

    rows: Mapping[str, Mapping[int, tuple[float, ...]]]
    """Step id (`weights`, or `weights@1` for another head than the first) → row index → the row's numbers.

    NOT_PRINTED (NaN) stands for a number of the row that the source did not print.
    """
    decimals: int | Mapping[str, int] | None = None
    """With how many decimals, for all or by step id; None, and for steps not named: those the numbers are written with.

    Of a step the most that any of its numbers is written with: 0.5 beside 0.25 was 0.50.
    """
    tolerance: float | None = None
    """How far a computed number may be from a published one, where the file says that instead."""
    written: Mapping[str, int] = field(default_factory=dict)
    """Step id → its decimals as the file writes them, where the numbers themselves do not tell: 0.50, or "1/3"."""

    def decimals_of(self, step: str) -> int:
        """The decimals that a step's numbers were printed with, in all heads; with a tolerance those that come near."""
        if self.tolerance is not None:
            return min(MOST_DECIMALS, max(0, round(-math.log10(2 * self.tolerance))))
        if isinstance(self.decimals, int):
            return self.decimals
        if self.decimals is not None and step in self.decimals:
            return self.decimals[step]
        if step in self.written:
            return self.written[step]
        return max(map(decimals_of, self._numbers(step)), default=0)

    def half_unit(self, step: str) -> float:
        """How far a rounded number may be from what it was rounded from: half a unit of the last decimal, or as given.

        A hair more, so that 0.46 agrees with 0.45 ± 0.01 in floating point too.
        """
        return (0.5 * 10.0 ** -self.decimals_of(step) if self.tolerance is None else self.tolerance) * _SLACK

    def _numbers(self, step: str) -> Iterator[float]:
        for name, rows in self.rows.items():
            if name.partition("@")[0] == step:
                yield from (number for row in rows.values() for number in row)


def decimals_of(number: float) -> int:
    """With how many decimals a number is written, at most MOST_DECIMALS: 2 for 0.25, 0 for 3.0 and −∞, 7 for 1e-07."""
    if not math.isfinite(number):
        return 0
    mantissa, _, exponent = repr(number).partition("e")
    fraction = mantissa.partition(".")[2].rstrip("0")
    return min(MOST_DECIMALS, max(0, len(fraction) - int(exponent or 0)))


def written_decimals(number: float) -> int | None:
    """The decimals that a number is written with, 2 for 0.50 and 67%; None for 2/5 and the like, which are exact."""
    if not isinstance(number, WrittenNumber):
        return decimals_of(number)
    found = _PLAIN.fullmatch(number.text)
    if found is None:
        return None
    decimals = len(found["fraction"]) - int(found["power"] or 0) + (_PERCENT_DECIMALS if found["percent"] else 0)
    return min(MOST_DECIMALS, max(0, decimals))
