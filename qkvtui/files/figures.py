"""One number as people write it in a text: `0.50`, `1.`, `67%`, `2/5`, `√2/2`, `−inf`, `True`, `?`."""

from __future__ import annotations

import math
import re

from ..errors import UsageError
from ..graph.printed import WrittenNumber
from .expression import LONGEST, evaluate
from .numerals import plain_signs

LEFT_OUT = "?"
"""What stands for a number that a source did not print."""
_WORDS: dict[str, object] = {
    "true": True,
    "false": False,
    "none": None,
    "null": None,
    "nan": math.nan,
    LEFT_OUT: LEFT_OUT,
    **dict.fromkeys(("inf", "+inf", "infinity", "+infinity", "∞", "+∞"), math.inf),
    **dict.fromkeys(("-inf", "-infinity", "-∞"), -math.inf),
}
# Compiled when first looked for: in most files, numbers are no texts.
_PLAIN = r"(?P<number>[+-]?(?:[0-9]+(?P<point>\.[0-9]*)?|\.[0-9]+)(?P<power>[eE][+-]?[0-9]+)?)(?P<percent>%)?"
_CALCULATED = r"[/*^√()]"
_LONGEST_WHOLE = 15


def as_written(text: str) -> float:
    """A number of a TOML or JSON file that has a point or a power; with its text where the number would forget it.

    1.0 is how Python writes a whole number: it forgets nothing. 1.00 is not.
    """
    if text[-1] != "0" and "e" not in text and "E" not in text:  # as nearly all are
        return float(text)
    fraction = text.lower().partition("e")[0].partition(".")[2]
    return float(text) if fraction == "0" else _with_zeros(text)


def figure(text: str) -> object:
    """What a text says: a number, True, False, None, NaN, ±∞, or LEFT_OUT. Raises ValueError where it is no number."""
    plain = plain_signs(text).strip().removeprefix("≈").lstrip()
    if plain.lower() in _WORDS:
        return _WORDS[plain.lower()]
    found = re.fullmatch(_PLAIN, plain)
    if found is not None:
        return _plain(found)
    if len(plain) > LONGEST or not re.search(_CALCULATED, plain):
        raise ValueError(text)
    try:
        return WrittenNumber(evaluate(plain), plain)
    except UsageError:
        raise ValueError(text) from None


def _with_zeros(text: str) -> float:
    number = float(text)
    ends_with_zeros = text.lower().partition("e")[0].partition(".")[2].endswith("0")
    return WrittenNumber(number, text.replace("_", "")) if ends_with_zeros and math.isfinite(number) else number


def _plain(found: re.Match[str]) -> float:
    number = found["number"]
    if found["percent"]:
        mantissa, _, power = number.lower().partition("e")
        return WrittenNumber(float(f"{mantissa}e{int(power or 0) - 2}"), found[0])
    if not found["point"] and not found["power"] and "." not in number and len(number) <= _LONGEST_WHOLE:
        return int(number)
    return _with_zeros(number)
