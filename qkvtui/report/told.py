"""What a command found, as pages of headings, sentences and tables that every format of documents writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import repeat

from ..command_line import PageOptions
from ..narration.sentences import Role
from ..pages.lines import Line, cell_len, line_of
from ..pages.page import GAP, Page, PageWords, said
from ..pages.tables import Layout, PageTable, TableCell, number_cell, table, text_cell
from ..records import record
from ..views.look import Look
from .request import UNBOUNDED, PrintedLesson, Request, written


@record(frozen=True)
class ToldReport:
    """A document that is no lesson: what was learned, or what was found about files."""

    title: str
    look: Look
    make: Callable[[Look], Iterator[Page]]
    """The pages, for a room."""
    labels: frozenset[str] = frozenset()
    """What a file calls rows and columns, which stays as it is."""
    known: frozenset[str] = frozenset()
    """What else rows and columns may be called."""

    is_picture = False
    scene = None

    @property
    def names(self) -> frozenset[str]:
        """What rows and columns may be called."""
        return self.labels | self.known

    def front(self) -> Iterator[PageWords]:
        """The title."""
        yield said("title", [line_of(self.title, Role.TITLE)], self.look)

    def pages(self) -> Iterator[Page]:
        """A page for each heading."""
        return self.make(self.look)

    whole_pages = pages

    def scenes(self) -> Iterator[None]:
        """Of each page: it is about no single step."""
        return repeat(None)

    def unbounded(self) -> ToldReport:
        """The same for pages that end nowhere and are not drawn in characters."""
        return replace(self, look=replace(self.look, width=UNBOUNDED, ascii=False))

    def on_paper(self, width: int) -> ToldReport:
        """The same for pages that are so many columns wide."""
        return replace(self, look=replace(self.look, width=width, ascii=False))


Printed = PrintedLesson | ToldReport
"""What a format of documents writes."""


def heading(line: Line, look: Look) -> PageWords:
    """What the parts behind it are about."""
    return said("heading", [Line(tuple(replace(piece, under=Role.TITLE) for piece in line.pieces))], look)


def listing(rows: Sequence[Sequence[str]], look: Look, *, numbers: bool = True) -> Iterator[Layout | PageWords]:
    """A table whose first row is its heading and whose first column its labels; cut into several where it is wide."""
    head, *body = rows
    first, start = _label_width(rows), 1
    while start < len(head):
        stop, width = start, first
        while stop < len(head) and (stop == start or width + _column_width(rows, stop) <= look.width):
            width += _column_width(rows, stop)
            stop += 1
        if start > 1:
            yield GAP
        yield _table([head[0], *head[start:stop]], [(*row[:1], *row[start:stop]) for row in body], numbers)
        start = stop


def _label_width(rows: Sequence[Sequence[str]]) -> int:
    return max(cell_len(row[0]) for row in rows) + 1


def _column_width(rows: Sequence[Sequence[str]], column: int) -> int:
    return max(cell_len(row[column]) for row in rows) + 2


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: bool) -> PageTable:
    titles = [TableCell(head[0], Role.TITLE, trail=" "), *(TableCell(one, Role.HEADER, " ", " ") for one in head[1:])]
    cell = number_cell if numbers else text_cell
    return table([titles, *([TableCell(label, Role.LABEL, trail=" "), *map(cell, cells)] for label, *cells in rows)])


def report_written(report: ToldReport, options: PageOptions) -> str:
    """A report in the format of documents that is asked for."""
    return written((report,), Request((), report.look, standalone=options.standalone), options.format)
