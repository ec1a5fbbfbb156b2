"""Tables of cells, and how they stand beside and above each other.

All that is drawn at once is laid out as one grid, so that columns that belong together stand exactly below each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..narration.sentences import Role
from ..records import record
from .lines import Click, Line, cell_len
from .room import PageRoom


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell: its text, what it is, and what a page of characters puts around it."""

    text: str = ""
    role: Role = Role.PLAIN
    lead: str = ""
    """Before the text: a blank, a bracket, the mark of the current row."""
    trail: str = ""
    share: float | None = None
    """The share of the attention by which it is shaded."""
    click: Click | None = None
    left: bool = False
    """Whether it stands at the left of its column."""

    @property
    def drawn(self) -> str:
        """All its characters."""
        return f"{self.lead}{self.text}{self.trail}"

    @property
    def width(self) -> int:
        """Terminal columns it takes."""
        return cell_len(self.text) + len(self.lead) + len(self.trail)


EMPTY = TableCell()


@record(frozen=True, kw_only=True)
class Layout:
    """Something that takes room in a drawing."""

    widths: tuple[int, ...]
    """The columns of its grid."""
    height: int
    terms: int | None = None
    """How many terms of the current cell's sum it shows, where it shows them."""

    @property
    def width(self) -> int:
        """Terminal columns it takes."""
        return sum(self.widths)


@record(frozen=True, kw_only=True)
class PageTable(Layout):
    """Rows of cells, the first one its column labels, the first cell of each its label."""

    rows: tuple[tuple[TableCell, ...], ...]


@record(frozen=True, kw_only=True)
class Lines(Layout):
    """Lines of text that stand in the place of a table."""

    lines: tuple[Line, ...]


@record(frozen=True, kw_only=True)
class Gap(Layout):
    """Blank room, or a sign between two tables."""

    sign: TableCell = EMPTY


@record(frozen=True, kw_only=True)
class Beside(Layout):
    """Parts side by side; lower ones are centred."""

    parts: tuple[Layout, ...]


@record(frozen=True, kw_only=True)
class Above(Layout):
    """Parts one above the other; all have as many columns."""

    parts: tuple[Layout, ...]


def table(rows: Iterable[Sequence[TableCell]]) -> PageTable:
    """A table whose columns are as wide as their widest cell; an empty one takes a terminal cell as well."""
    cells = tuple(tuple(row) for row in rows)
    widths = tuple(max(1, *(cell.width for cell in column)) for column in zip(*cells, strict=True))
    return PageTable(rows=cells, widths=widths, height=len(cells))


def lines_block(lines: Iterable[Line]) -> Lines:
    """Lines in the place of a table."""
    kept = tuple(lines)
    return Lines(lines=kept, widths=(max(1, *(line.width for line in kept)),), height=len(kept))


def gap(width: int, sign: TableCell = EMPTY) -> Gap:
    """Blank room between two parts, or a sign."""
    return Gap(widths=(max(width, sign.width),), height=1, sign=sign)


def blank(rows: int, widths: tuple[int, ...]) -> Gap:
    """An empty part of that size."""
    return Gap(widths=widths, height=rows)


def beside(*parts: Layout) -> Beside:
    """The parts side by side."""
    widths = tuple(width for part in parts for width in part.widths)
    return Beside(parts=parts, widths=widths, height=max(part.height for part in parts))


def above(*parts: Layout) -> Above:
    """The parts one above the other."""
    widths = tuple(max(column) for column in zip(*(part.widths for part in parts), strict=True))
    return Above(parts=parts, widths=widths, height=sum(part.height for part in parts))


def fits(drawn: Layout, room: PageRoom) -> bool:
    """Whether it fits the room."""
    return drawn.width <= room.width and (room.height is None or drawn.height <= room.height)


def headless(one: PageTable) -> PageTable:
    """The table without its column labels."""
    return replace(one, rows=one.rows[1:], height=one.height - 1)


def unlabelled(one: PageTable) -> PageTable:
    """The table without its row labels."""
    return replace(one, rows=tuple(row[1:] for row in one.rows), widths=one.widths[1:])


def tables_in(layout: Layout) -> Iterator[PageTable]:
    """The tables of a drawing, as one reads them."""
    if isinstance(layout, PageTable):
        yield layout
    elif isinstance(layout, Beside | Above):
        for part in layout.parts:
            yield from tables_in(part)


def number_cell(
    text: str, role: Role = Role.PLAIN, *, share: float | None = None, click: Click | None = None
) -> TableCell:
    """A number with room for brackets, which mark the current cell without colour."""
    lead, trail = ("[", "]") if role is Role.CURRENT else (" ", " ")
    return TableCell(text, role, lead, trail, share, click)


def text_cell(text: str) -> TableCell:
    """Words in the place of a number."""
    return TableCell(text, lead=" ", trail=" ", left=True)
