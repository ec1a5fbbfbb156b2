"""A page as plain data: tables, words, the worked cell; and words that are turned where not all of them fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from ..narration.sentences import Role
from ..records import record
from .headings import PageHeading
from .lines import Line, cell_len, line_of, wrap
from .room import PageRoom
from .tables import Layout, PageTable, tables_in
from .worked import WorkedPage

_SIGN = 13
"""Columns of the sign that a narration goes on, where it stands at the end of a line."""
_WIDE_ENOUGH = 36
"""Columns that such a line is to have."""

About = Literal[
    "title",
    "sentence",
    "map",
    "source",
    "instructions",
    "heading",
    "question",
    "gap",
    "trail",
    "worked",
    "blanks",
    "caption",
    "sentences",
]


@record(frozen=True)
class PageWords:
    """What is said at one place of a page."""

    about: About
    lines: tuple[Line, ...]
    """As they are broken in the page's room, and as far as there is room for them."""
    whole: tuple[Line, ...] = ()
    """The same unbroken: sentences, or lines that only the end of the room ends."""
    parts: int = 1
    """In how many parts they are shown, one after the other, where not all fit."""

    @property
    def height(self) -> int:
        """Terminal rows it takes."""
        return len(self.lines)


GAP = PageWords("gap", (Line(),))
"""A blank line."""


@record(frozen=True)
class Page:
    """A step at a place, or a view of it, as plain data: nothing that is hidden is in it."""

    parts: tuple[PageWords | Layout, ...]
    """What is drawn and said, from top to bottom."""
    heading: PageHeading | None = None
    worked: WorkedPage | None = None
    """The current cell, where a line works it out."""

    @property
    def tables(self) -> tuple[PageTable, ...]:
        """All its tables."""
        return tuple(found for part in self.parts if isinstance(part, Layout) for found in tables_in(part))

    @property
    def turns(self) -> int:
        """How many times its narration can be turned on."""
        return max((part.parts - 1 for part in self.parts if isinstance(part, PageWords)), default=0)


def said(about: About, whole: Sequence[Line], room: PageRoom) -> PageWords:
    """Lines, broken where the room ends."""
    return PageWords(about, tuple(line for one in whole for line in wrap(one, room.width)), tuple(whole))


def part_of(words: PageWords, most: int | None, turned: int, room: PageRoom) -> PageWords:
    """The lines that fit in `most`, so many times turned on; the last one says how many there are above and below."""
    lines = words.lines
    if most is None or len(lines) <= most:
        return words
    if most <= 0:
        return replace(words, lines=())
    if most == 1 and room.width >= _WIDE_ENOUGH:
        return _line_of(words, turned, room)
    shown, parts = turned_to(len(lines), most, turned)
    seen = lines[shown.start : shown.stop]
    if most > 1:
        seen = (*seen, turning_line(shown, len(lines), room))
    return replace(words, lines=seen, parts=parts)


def _line_of(words: PageWords, turned: int, room: PageRoom) -> PageWords:
    """One line, so many times turned on, with the sign that says that there are others at its end."""
    lines = said(words.about, words.whole, room.sized(room.width - _SIGN, None)).lines
    lines = tuple(line for line in lines if line.text.strip())
    shown, parts = turned_to(len(lines), 1, turned)
    line, sign = lines[shown.start], turning_line(shown, len(lines), room)
    if shown.start and shown.stop < len(lines):
        sign = turning_line(range(shown.stop), len(lines), room)
    gap = line_of(" " * (room.width - cell_len(line.text) - cell_len(sign.text)))
    return replace(words, lines=(line + gap + sign,), parts=parts)


def turned_to(count: int, most: int, turned: int) -> tuple[range, int]:
    """Of more lines than fit in `most` those that are shown, so many times turned on; and how many parts there are."""
    each = max(1, most - 1)
    parts = -(-count // each)
    start = min(min(turned, parts - 1) * each, count - each)
    return range(start, start + each), parts


def turning_line(shown: range, count: int, room: PageRoom) -> Line:
    """How many of `count` lines there are above and below those that are shown, and the keys that turn to them."""
    above, below = shown.start, count - shown.stop
    signs = ([f"▴ +{above}  PgUp"] if above else []) + ([f"▾ +{below}  PgDn"] if below else [])
    return line_of(room.signs("   ".join(signs)), Role.DIM)
