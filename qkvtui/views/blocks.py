"""Blocks of cells that are put beside and above each other and drawn as one rich table.

One table for a whole drawing, so that columns that belong together stand exactly below each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

BLANK = Text("", end="")


@dataclass(frozen=True)
class Block:
    """Rows of cells; every row has one cell for each width."""

    rows: tuple[tuple[Text, ...], ...]
    widths: tuple[int, ...]
    terms: int | None = None
    """How many terms of the current cell's sum it shows, where it shows them."""

    @property
    def width(self) -> int:
        """Terminal columns it takes."""
        return sum(self.widths)

    @property
    def height(self) -> int:
        """Terminal rows it takes."""
        return len(self.rows)


def block(rows: Iterable[Sequence[Text]]) -> Block:
    """A block whose columns are as wide as their widest cell; rich gives an empty one a cell as well."""
    cells = tuple(tuple(row) for row in rows)
    widths = tuple(max(1, *(cell.cell_len for cell in column)) for column in zip(*cells, strict=True))
    return Block(cells, widths)


def gap(width: int, text: Text = BLANK) -> Block:
    """One cell of blank room, or a sign."""
    return Block(((text,),), (max(width, text.cell_len),))


def beside(*blocks: Block) -> Block:
    """The blocks side by side; lower ones are centred."""
    height = max(one.height for one in blocks)
    padded = [_centred(one, height) for one in blocks]
    rows = tuple(tuple(cell for one in padded for cell in one.rows[index]) for index in range(height))
    return Block(rows, tuple(width for one in padded for width in one.widths))


def above(*blocks: Block) -> Block:
    """The blocks one above the other; all have as many columns."""
    widths = tuple(max(column) for column in zip(*(one.widths for one in blocks), strict=True))
    return Block(tuple(row for one in blocks for row in one.rows), widths)


def blank(rows: int, widths: Sequence[int]) -> Block:
    """An empty block of that size."""
    return Block(((BLANK,) * len(widths),) * rows, tuple(widths))


class BlockTable(Table):
    """A rich table of a block whose widths are known.

    Where it fits, its lines are written straight from the block: rich would measure every cell again, which is
    most of the time that a step takes to be drawn.
    """

    def __init__(self, drawn: Block) -> None:
        super().__init__(box=None, show_header=False, padding=0, pad_edge=False, collapse_padding=True)
        self._drawn = drawn
        for width in drawn.widths:
            self.add_column(width=width, no_wrap=True, justify="right")
        for row in drawn.rows:
            self.add_row(*row)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Segments of the lines, each cell padded to its column."""
        if self._drawn.width > options.max_width:
            yield from super().__rich_console__(console, options)
            return
        for row in self._drawn.rows:
            for text, width in zip(row, self._drawn.widths, strict=True):
                blank = Segment(" " * (width - text.cell_len))
                if text.justify != "left" and blank.text:
                    yield blank
                yield from text.render(console) if text.spans else [_segment(text, console)]
                if text.justify == "left" and blank.text:
                    yield blank
            yield Segment.line()


def _segment(text: Text, console: Console) -> Segment:
    return Segment(text.plain, console.get_style(text.style))


def as_table(drawn: Block) -> Table:
    """The block as a rich table; every cell is right-aligned unless its text says otherwise."""
    return BlockTable(drawn)


def shorten(text: str, width: int, ellipsis: str = "…") -> str:
    """A label cut to `width` cells, the cut shown. Never used for a number."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(0, width - cell_len(ellipsis))).rstrip() + ellipsis


def cell(text: str, style: Style | None = None) -> Text:
    """One cell's text, never wrapped."""
    return Text(text, style or "", no_wrap=True, end="")


def left_cell(text: str, style: Style | None = None) -> Text:
    """The same, but at the left of its column."""
    return Text(text, style or "", no_wrap=True, end="", justify="left")


def _centred(one: Block, height: int) -> Block:
    missing = height - one.height
    if missing == 0:
        return one
    top = blank(missing // 2, one.widths)
    bottom = blank(missing - missing // 2, one.widths)
    return Block(top.rows + one.rows + bottom.rows, one.widths)
