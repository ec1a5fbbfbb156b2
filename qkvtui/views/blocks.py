"""Blocks of cells that are put beside and above each other and drawn as one rich table.

One table for a whole drawing, so that columns that belong together stand exactly below each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from ..pages.tables import Above, Beside, Gap, Layout, Lines, TableCell
from ..pages.tables import PageTable as Cells
from ..records import record
from .palette import Palette, segments_of


class Plain(NamedTuple):
    """A cell of one style: as much of rich's Text as a block needs, and quicker made."""

    plain: str
    style: Style
    cell_len: int
    justify: Literal["left"] | None = None


class LineCell(NamedTuple):
    """A line of a page as a cell, at the left."""

    segments: tuple[Segment, ...]
    cell_len: int
    justify: Literal["left"] = "left"


Cell = Text | Plain | LineCell
BLANK = Plain("", Style(), 0)


@record(frozen=True)
class CellBlock:
    """Rows of cells; every row has one cell for each width."""

    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]

    @property
    def width(self) -> int:
        """Terminal columns it takes."""
        return sum(self.widths)

    @property
    def height(self) -> int:
        """Terminal rows it takes."""
        return len(self.rows)


def block_of(drawn: Layout, palette: Palette) -> CellBlock:
    """A drawing of a page as one grid."""
    match drawn:
        case Cells():
            return CellBlock(tuple(tuple(_plain(cell, palette) for cell in row) for row in drawn.rows), drawn.widths)
        case Beside():
            return beside(*(block_of(part, palette) for part in drawn.parts))
        case Above():
            return above(*(block_of(part, palette) for part in drawn.parts))
        case Lines():
            rows = tuple((LineCell(tuple(segments_of(line, palette)), line.width),) for line in drawn.lines)
            return CellBlock(rows, drawn.widths)
        case Gap():
            sign = _plain(drawn.sign, palette)
            return CellBlock(((sign,),), drawn.widths) if drawn.sign.text else blank(drawn.height, drawn.widths)
    raise AssertionError(drawn)


def _plain(cell: TableCell, palette: Palette) -> Plain:
    style = palette.style(cell.role, cell.share, cell.click)
    return Plain(cell.drawn, style, cell.width, "left" if cell.left else None)


def block(rows: Iterable[Sequence[Cell]]) -> CellBlock:
    """A block whose columns are as wide as their widest cell; rich gives an empty one a cell as well."""
    cells = tuple(tuple(row) for row in rows)
    widths = tuple(max(1, *(cell.cell_len for cell in column)) for column in zip(*cells, strict=True))
    return CellBlock(cells, widths)


def gap(width: int) -> CellBlock:
    """Blank room."""
    return CellBlock(((BLANK,),), (width,))


def beside(*blocks: CellBlock) -> CellBlock:
    """The blocks side by side; lower ones are centred."""
    height = max(one.height for one in blocks)
    padded = [_centred(one, height) for one in blocks]
    rows = tuple(tuple(cell for one in padded for cell in one.rows[index]) for index in range(height))
    return CellBlock(rows, tuple(width for one in padded for width in one.widths))


def above(*blocks: CellBlock) -> CellBlock:
    """The blocks one above the other; all have as many columns."""
    widths = tuple(max(column) for column in zip(*(one.widths for one in blocks), strict=True))
    return CellBlock(tuple(row for one in blocks for row in one.rows), widths)


def blank(rows: int, widths: Sequence[int]) -> CellBlock:
    """An empty block of that size."""
    return CellBlock(((BLANK,) * len(widths),) * rows, tuple(widths))


class BlockTable:
    """A block as rich draws it; every cell is right-aligned unless its text says otherwise.

    Where it fits, its lines are written straight from the block: rich would measure every cell again, which is
    most of the time that a step takes to be drawn.
    """

    def __init__(self, drawn: CellBlock) -> None:
        self._drawn = drawn

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Segments of the lines, each cell padded to its column."""
        if self._drawn.width > options.max_width:
            yield self._table()
            return
        for row in self._drawn.rows:
            yield from self._line(row, console)
            yield Segment.line()

    def _line(self, row: Sequence[Cell], console: Console) -> Iterator[Segment]:
        """One line; neighbours of one style are one segment: a wide page has hundreds of thousands of cells."""
        run: list[str] = []
        style = None
        for piece, its_style in self._pieces(row, console):
            if its_style is not style and run:
                yield Segment("".join(run), style)
                run = []
            run.append(piece)
            style = its_style
        yield Segment("".join(run), style)

    def _pieces(self, row: Sequence[Cell], console: Console) -> Iterator[tuple[str, Style | None]]:
        room = 0
        for one, width in zip(row, self._drawn.widths, strict=True):
            room += width
            if one is BLANK:  # a wide page has millions of them in its corners
                continue
            room -= one.cell_len
            if one.justify != "left" and room:
                yield " " * room, None
                room = 0
            elif room > width - one.cell_len:
                yield " " * (room - width + one.cell_len), None
                room = width - one.cell_len
            yield from _pieces_of(one, console)
        if room:
            yield " " * room, None

    def _table(self) -> Table:
        """As rich's own table, which gives way where there is too little room."""
        table = Table(box=None, show_header=False, padding=0, pad_edge=False, collapse_padding=True)
        for width in self._drawn.widths:
            table.add_column(width=width, no_wrap=True, justify="right")
        for row in self._drawn.rows:
            table.add_row(*(_text(one) for one in row))
        return table


def _pieces_of(one: Cell, console: Console) -> Iterator[tuple[str, Style | None]]:
    """What a cell shows; no style where nothing is to be seen of it."""
    if isinstance(one, Plain):
        if one.plain:
            yield one.plain, one.style or None
    elif isinstance(one, LineCell) or one.spans:
        segments = one.segments if isinstance(one, LineCell) else one.render(console)
        yield from ((segment.text, segment.style or None) for segment in segments)
    elif one.plain:
        yield one.plain, console.get_style(one.style) or None


def _text(one: Cell) -> Text:
    """The cell as rich's own table needs it."""
    if isinstance(one, Text):
        return one
    pieces = one.segments if isinstance(one, LineCell) else (Segment(one.plain, one.style),)
    text = Text("", no_wrap=True, end="", justify=one.justify)
    for piece, style, _ in pieces:
        text.append(piece, style)
    return text


def as_table(drawn: CellBlock) -> BlockTable:
    """The block as rich draws it."""
    return BlockTable(drawn)


def cell(text: str, style: Style | None = None) -> Text:
    """One cell's text, never wrapped."""
    return Text(text, style or "", no_wrap=True, end="")


def left_cell(text: str, style: Style | None = None) -> Text:
    """The same, but at the left of its column."""
    return Text(text, style or "", no_wrap=True, end="", justify="left")


def _centred(one: CellBlock, height: int) -> CellBlock:
    missing = height - one.height
    if missing == 0:
        return one
    top = blank(missing // 2, one.widths)
    bottom = blank(missing - missing // 2, one.widths)
    return CellBlock(top.rows + one.rows + bottom.rows, one.widths)
