"""A line of a file with a mark below the place that a message is about."""

from __future__ import annotations

from .clean import clean_line

_WIDTH = 72
"""Terminal columns of an excerpt: with the indent it fits on every terminal."""
_LEFT = 40
"""How much of them stands before the place."""
_CUT = "…"


def excerpt(text: str, line: int, column: int) -> tuple[str, ...]:
    """The line and, below it, a mark at the column, both counted from 1; of a long line the part around it.

    Empty where there is no such line, or nothing on it.
    """
    lines = text.split("\n")
    if not 1 <= line <= len(lines) or not lines[line - 1].strip():
        return ()
    shown = clean_line(lines[line - 1].rstrip("\r"))
    at = min(max(column - 1, 0), len(shown))
    first = at
    room = _LEFT
    while first > 0 and room - _width(shown[first - 1]) >= 0:
        first -= 1
        room -= _width(shown[first])
    last = first
    room = _WIDTH
    while last < len(shown) and room - _width(shown[last]) >= 0:
        room -= _width(shown[last])
        last += 1
    before, behind = _CUT if first else "", _CUT if last < len(shown) else ""
    blanks = " " * (len(before) + sum(map(_width, shown[first:at])))
    return (f"{before}{shown[first:last]}{behind}", f"{blanks}^")


def _width(character: str) -> int:
    """Terminal columns of a character: 2 for a wide one, none for a mark on the one before it."""
    from unicodedata import category, east_asian_width  # for a mistake only

    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
