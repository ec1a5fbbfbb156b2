"""Pages, tables and lines as rich draws them."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.text import Text

from ..pages.lines import Line, cell_len
from ..pages.page import Page
from ..pages.tables import Layout
from .blocks import as_table, block_of
from .look import Look
from .palette import Palette, segments_of, text_of

BLANK_LINE = Text("")


def drawn(page: Page, palette: Palette) -> RenderableType:
    """Everything on a page but its heading."""
    return Group(
        *(
            as_table(block_of(part, palette)) if isinstance(part, Layout) else WrittenLines(part.lines, palette)
            for part in page.parts
        )
    )


class WrittenLines:
    """Lines of a page as rich draws them.

    Where they fit, they are written straight from their pieces: rich would look for where to break each of them.
    """

    def __init__(self, lines: Iterable[Line], palette: Palette) -> None:
        self._lines = tuple(lines)
        self._palette = palette

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Segments of the lines; of a line without room, as much as fits."""
        for line in self._lines:
            if line.width > options.max_width:
                yield Text("", no_wrap=True).append_text(text_of(line, self._palette))
            else:
                yield from segments_of(line, self._palette)
                yield Segment.line()


def as_lines(lines: Iterable[Text]) -> Text:
    """The lines as one text."""
    return Text("\n", no_wrap=True).join(lines)


def ends(left: Text, right: Text, look: Look) -> Text:
    """One line with one text at each end; the left one gives way."""
    room = look.width - right.cell_len - 2
    if left.cell_len > room:
        left.truncate(max(0, room - cell_len(look.signs("…"))), overflow="crop")
        left.append(look.signs("…"))
    return Text.assemble(left, " " * max(2, look.width - left.cell_len - right.cell_len), right, no_wrap=True, end="")
