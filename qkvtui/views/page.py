"""Pages, tables and lines as rich draws them."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.text import Text

from ..pages.lines import Line, cell_len
from ..pages.page import Page
from ..pages.tables import Layout
from .blocks import as_table, block_of
from .look import Look
from .palette import Palette, text_of

BLANK_LINE = Text("")


def drawn(page: Page, palette: Palette) -> RenderableType:
    """Everything on a page but its heading."""
    return Group(
        *(
            as_table(block_of(part, palette)) if isinstance(part, Layout) else written(part.lines, palette)
            for part in page.parts
        )
    )


def written(lines: Iterable[Line], palette: Palette) -> Text:
    """Lines of a page as one text."""
    return as_lines(text_of(line, palette) for line in lines)


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
