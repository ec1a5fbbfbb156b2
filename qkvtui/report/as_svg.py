"""A step or a picture as SVG: text as text in the fonts there are, on light paper or dark, with what a voice says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from ..narration.sentences import Role
from ..pages.lines import Line, line_of
from ..pages.page import Page
from ..pages.tables import Above, Beside, Gap, Layout, Lines, PageTable, tables_in
from .documents import formula_of, name_of
from .markup import as_xml, element
from .request import Request
from .svg_lines import described, line_shapes, picture, style_sheet, text_shapes
from .told import Printed, ToldReport

_WRITTEN = ("heading", "map", "worked", "blanks", "caption")
"""What is written in the picture; sentences stand beside a picture, and in what a voice says."""


def lessons(printed: Sequence[Printed], request: Request) -> str:
    """A picture of the pages, one below the other."""
    drawn = _Drawing()
    for one in printed:
        is_told = isinstance(one, ToldReport)
        for page in (*([Page(tuple(one.front()))] if is_told else []), *one.pages()):
            drawn.add(page, all_words=is_told)
    titles = dict.fromkeys(one.title for one in printed)
    root = picture(drawn.shapes, drawn.width, drawn.row, " · ".join(titles), "\n".join(drawn.said))
    root.insert(2, element("style", style_sheet()))
    root.insert(3, element("rect", width="100%", height="100%", class_="paper"))
    root.set("lang", request.look.language)
    return f"{as_xml(root)}\n"


class _Drawing:
    """Shapes and words of pages, from top to bottom."""

    def __init__(self) -> None:
        self.row = 0
        self.width = 0
        self.shapes: list[Element] = []
        self.said: list[str] = []

    def add(self, page: Page, *, all_words: bool) -> None:
        """A heading, what is drawn, and the lines that belong to it; all else is only said, unless it is asked for."""
        if self.row:
            self.row += 2
        if page.heading is not None:
            title = line_of(f"{page.heading.number}. {name_of(page)}", Role.TITLE)
            self._lines((title + line_of(f"   {formula_of(page)}"), Line()))
        end = self.row
        for part in page.parts:
            if isinstance(part, Layout):
                self._layout(part)
                end = self.row
            elif part.about in _WRITTEN or (all_words and part.about != "gap"):
                self._lines(part.lines)
                end = self.row
            elif part.about == "gap":
                self.row += 1
            else:
                self.said += described(part.whole).splitlines()
        self.row = end

    def _lines(self, lines: Sequence[Line]) -> None:
        for line in lines:
            self.shapes += line_shapes(line, 0, self.row)
            self.width = max(self.width, line.width)
            self.row += 1
        self.said += described(lines).splitlines()

    def _layout(self, layout: Layout) -> None:
        self.shapes += _placed(layout, layout.widths, 0, self.row)
        self.width = max(self.width, layout.width)
        self.row += layout.height
        for part in tables_in(layout):
            self.said += (" ".join(cell.drawn.strip() for cell in row if cell.text) for row in part.rows)


def _placed(layout: Layout, widths: Sequence[int], column: float, row: float) -> Iterator[Element]:
    """The shapes of a drawing whose upper left corner is this cell."""
    match layout:
        case PageTable():
            yield from _table(layout, widths, column, row)
        case Beside(parts=parts):
            first, at = 0, column
            for part in parts:
                own = widths[first : first + len(part.widths)]
                yield from _placed(part, own, at, row + (layout.height - part.height) // 2)
                first, at = first + len(own), at + sum(own)
        case Above(parts=parts):
            for part in parts:
                yield from _placed(part, widths, column, row)
                row += part.height
        case Lines(lines=lines):
            for down, line in enumerate(lines):
                yield from line_shapes(line, column, row + down)
        case Gap(sign=sign):
            yield from text_shapes(sign.drawn, column + sum(widths) - sign.width, row, sign.role)


def _table(one: PageTable, widths: Sequence[int], column: float, row: float) -> Iterator[Element]:
    for down, cells in enumerate(one.rows):
        at = column
        for cell, width in zip(cells, widths, strict=True):
            start = at if cell.left else at + width - cell.width
            yield from text_shapes(cell.drawn, start, row + down, cell.role, cell.share)
            at += width
