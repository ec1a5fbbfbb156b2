"""Lines of text in pieces that say what they are, and where they break: never before a closing mark.

The one place that asks how many terminal cells a text takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from rich import cells

from ..narration.sentences import Role
from ..records import record
from .graphemes import graphemes

_WIDE = (
    range(0x2E80, 0x3100),
    range(0x3400, 0x4DC0),
    range(0x4E00, 0xA000),
    range(0xF900, 0xFB00),
    range(0xFF00, 0xFF61),
)
CLOSING = "，。；：！？、）》」』】”’…"
OPENING = "（《「『【“‘"


class _Kinds(dict[int, str]):
    """A character → a letter for how lines break at it: the pattern of such letters is compiled in no time.

    `w` is wide, `x` is not; `O` and `o` open, `C`, `c` and `q` (for ”) close; `p` is a mark of punctuation.
    """

    def __missing__(self, code: int) -> str:
        character = chr(code)
        is_wide = any(code in one for one in _WIDE)
        kind = "w" if is_wide else "x"
        if character.isspace():
            kind = " "
        elif character in OPENING:
            kind = "O" if is_wide else "o"
        elif character in CLOSING:
            kind = "C" if is_wide else "q" if character == "”" else "c"
        elif character in ".,;:!?)":
            kind = "p"
        self[code] = kind
        return kind


_KINDS = _Kinds()
# A unit holds together: a wide character or a run of others up to a space, with the marks that belong to it.
_UNIT = re.compile("[Oo]*(?:[wCO]|[xpcq]+)[Ccqp]*(?:(?<=q)[xpcq]+[Ccq]*)? *| +|.")

Click = tuple[str, object]
"""What a click means: `("query", 3)`, `("step", 2)`, `("cell", (name, row, column, head))`, `("operand", address)`."""


@record(frozen=True)
class Piece:
    """A part of a line."""

    text: str
    role: Role = Role.PLAIN
    share: float | None = None
    """The share of the attention by which it is shaded."""
    click: Click | None = None
    under: Role = Role.PLAIN
    """The role of the line it was written in."""

    @property
    def drawn_as(self) -> Role:
        """Its own role, or the one of its line."""
        return self.role if self.role is not Role.PLAIN else self.under


@record(frozen=True)
class Line:
    """Pieces, one behind the other."""

    pieces: tuple[Piece, ...] = ()

    @property
    def text(self) -> str:
        """The line as plain text."""
        return "".join([piece.text for piece in self.pieces])

    @property
    def width(self) -> int:
        """Terminal columns it takes."""
        return cell_len(self.text)

    def __add__(self, other: Line) -> Line:
        return Line(self.pieces + other.pieces)


NOTHING = Line()
"""A line without a piece."""


class Pen:
    """Writes one line, piece by piece, `under` the role of the whole line."""

    def __init__(self, under: Role = Role.PLAIN) -> None:
        self.under = under
        self.pieces: list[Piece] = []

    def write(
        self, text: str, role: Role = Role.PLAIN, *, share: float | None = None, click: Click | None = None
    ) -> Pen:
        """One more piece; nothing for an empty text."""
        if text:
            self.pieces.append(Piece(text, role, share, click, self.under))
        return self

    @property
    def width(self) -> int:
        """Terminal columns written so far."""
        return self.line.width

    @property
    def line(self) -> Line:
        """What was written."""
        return Line(tuple(self.pieces))


def cell_len(text: str) -> int:
    """How many terminal cells a text takes."""
    return len(text) if text.isascii() else cells.cell_len(text)


def line_of(text: str, role: Role = Role.PLAIN) -> Line:
    """A line of one piece."""
    return Line((Piece(text, role),) if text else ())


def shorten(text: str, width: int, ellipsis: str = "…") -> str:
    """A label cut to `width` cells, the cut shown. Never used for a number."""
    if cell_len(text) <= width:
        return text
    return cells.set_cell_size(text, max(0, width - cell_len(ellipsis))).rstrip() + ellipsis


def padded(text: str, width: int) -> str:
    """The text with blanks behind it, or cut, to be exactly that wide."""
    return cells.set_cell_size(text, width)


def cropped(line: Line, width: int) -> Line:
    """As much of the line as fits."""
    text = line.text
    if cell_len(text) <= width:
        return line
    kept = cells.set_cell_size(text, width)
    (shown,) = _cut(line, [0, len(kept)])
    if not shown.pieces or text[: len(kept)] == kept:
        return shown
    *before, last = shown.pieces  # half a wide character is a blank
    return Line((*before, replace(last, text=last.text[:-1] + kept[-1])))


def ends(left: Line, right: Line, width: int, ellipsis: str, cut: Role) -> Line:
    """One line with one text at each end; the left one gives way, `cut` the role of what shows it."""
    room = width - right.width - 2
    if left.width > room:
        left = cropped(left, max(0, room - cell_len(ellipsis)))
        left += Line((Piece(ellipsis, under=cut),))
    return left + line_of(" " * max(2, width - left.width - right.width)) + right


def wrap(line: Line, width: int) -> list[Line]:
    """The text in lines of at most `width` cells; a single unit that is wider is cut into pieces."""
    lines: list[Line] = []
    for paragraph in _paragraphs(line):
        text = paragraph.text
        found = breaks(text, width)
        lines.extend(map(stripped, _cut(paragraph, [0, *found, len(text)]) if found else [paragraph]))
    return lines


def breaks(text: str, width: int) -> list[int]:
    """Where a paragraph is broken into lines of at most `width` cells."""
    found: list[int] = []
    used, width = 0, max(1, width)
    if cell_len(text) <= width:
        return found
    for start, unit in _units(text, width):
        size = cell_len(unit.rstrip())
        if used and used + size > width:
            found.append(start)
            used = 0
        used += cell_len(unit)
    return found


def _paragraphs(line: Line) -> Iterable[Line]:
    text = line.text
    if "\n" not in text:
        return [line]
    starts = [0, *(index + 1 for index, character in enumerate(text) if character == "\n")]
    ends = [*(start - 1 for start in starts[1:]), len(text)]
    return [_cut(line, [start, end])[0] for start, end in zip(starts, ends, strict=True)]


def _cut(line: Line, at: Sequence[int]) -> list[Line]:
    """The parts of the line between these characters."""
    lines: list[Line] = []
    for start, stop in pairwise(at):
        pieces = []
        position = 0
        for piece in line.pieces:
            text = piece.text[max(0, start - position) : max(0, stop - position)]
            if text:
                pieces.append(piece if text == piece.text else replace(piece, text=text))
            position += len(piece.text)
        lines.append(Line(tuple(pieces)))
    return lines


def stripped(line: Line) -> Line:
    """The line without blanks at its end."""
    text = line.text
    kept = len(text.rstrip())
    return line if kept == len(text) else _cut(line, [0, kept])[0]


def _units(plain: str, width: int) -> Iterator[tuple[int, str]]:
    for match in _UNIT.finditer(plain.translate(_KINDS)):
        start, end = match.span()
        unit = plain[start:end]
        while cell_len(unit.rstrip()) > width:
            size = _fitting(unit, width)
            yield start, unit[:size]
            unit, start = unit[size:], start + size
        yield start, unit


def _fitting(unit: str, width: int) -> int:
    """How many code points of the unit fit, no grapheme cut; those of one grapheme at least."""
    used = size = 0
    for grapheme, cells_of_it in graphemes(unit):
        used += cells_of_it
        if used > width and size:
            break
        size += len(grapheme)
    return size


def half_columns(count: int) -> str:
    """A bar of so many half terminal columns."""
    return "█" * (count // 2) + "▌" * (count % 2)
