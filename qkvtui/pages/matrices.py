"""One matrix as a table: labels, numbers, the marked row, column and cell, and what is hidden, counted.

A `turned` matrix is shown the other way round than it is addressed: Kᵀ, and every matrix for readers whose tokens are
columns. Here alone is it turned; windows, products and pages count in rows and columns as they are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from ..engine.arrays import FloatArray
from ..narration.numbers import NumberFormat
from ..narration.sentences import Role
from ..operations.tensors import Address
from ..records import record
from .cut_names import NAME_LENGTHS, NameLengths, cut_names, lengths_of, told_apart
from .lines import Click, cell_len, shorten
from .room import PageRoom
from .scene import ShownNumbers
from .tables import PageTable, TableCell, fits, number_cell, table
from .windows import Picked, Window, around, only, picked, steady, whole

_MOST_MEASURED = 32
"""Rows of a turned matrix, near the marked one, whose numbers decide how wide its columns are."""
_FEW_ROWS = 5
"""So few are worth more than to know which of the hidden ones stand above them."""


@record(frozen=True)
class Matrix:
    """A matrix to be drawn. Labels, rows and marks are as its numbers are addressed, however it is shown."""

    symbol: str
    row_labels: Sequence[str]
    column_labels: Sequence[str]
    row: Callable[[int], FloatArray | ShownNumbers]
    """The numbers of a row, with what is hidden of them and what they were, where there is such a thing."""
    written: NumberFormat
    name: str = ""
    """The step or parameter it is, so that a click can tell which cell was meant; empty: cannot be chosen."""
    head: int = 0
    marked_row: int | None = None
    marked_column: int | None = None
    shaded: bool = False
    """Whether the numbers are weights, to be shaded."""
    order: Sequence[int] | None = None
    """Its columns in the order in which they are shown, where that is not their own."""
    down: Callable[[int], FloatArray] | None = None
    """The numbers of a column all at once, where nothing is hidden of it and nothing was changed."""
    turned: bool = False
    """Whether its rows are shown as columns."""
    named: tuple[bool, bool] = (False, False)
    """Whether its rows, and its columns, are features with names, which may be cut shorter than tokens."""
    longest: NameLengths = NAME_LENGTHS[0]
    """How much is shown of a label above a column and before a row."""
    costly: bool = False
    """Whether each row is work of its own: none is worked out that is out of sight."""

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns) as they are shown."""
        return len(self.labels_down), len(self.labels_across)

    @property
    def labels_down(self) -> Sequence[str]:
        """What stands before each line."""
        return self.column_labels if self.turned else self.row_labels

    @property
    def labels_across(self) -> Sequence[str]:
        """What stands above each column."""
        return self.row_labels if self.turned else self.column_labels

    @property
    def named_across(self) -> bool:
        """Whether names of features stand above the columns."""
        return self.named[0] if self.turned else self.named[1]

    @property
    def marks(self) -> tuple[int | None, int | None]:
        """The marked row and column as they are shown."""
        marks = self.marked_row, self.marked_column
        return marks[::-1] if self.turned else marks

    def numbers(self, row: int) -> ShownNumbers:
        """The numbers of an addressed row."""
        found = self.row(row)
        return found if isinstance(found, ShownNumbers) else ShownNumbers(found)

    def click(self, row: int, column: int) -> Click | None:
        """What a click on the number at (row, column) means."""
        return ("cell", (self.name, row, column, self.head)) if self.name else None

    def shown_at(self, row: int, column: int) -> tuple[int, int]:
        """Where the number at (row, column) is shown."""
        return (column, row) if self.turned else (row, column)

    def line(self, index: int) -> FloatArray:
        """The numbers of a row as it is shown."""
        return self._across(index) if self.turned else self.numbers(index).values

    def column(self, index: int) -> FloatArray:
        """The numbers of a column as it is shown."""
        return self.numbers(index).values if self.turned else self._across(index)

    def _across(self, column: int) -> FloatArray:
        if self.down is not None:
            return self.down(column)
        return np.array([self.numbers(index).values[column] for index in range(len(self.row_labels))])


def columns_near(matrix: Matrix, column: int, room: int) -> Window:
    """The columns around one, `room` of them, as they are shown."""
    if matrix.order is None or matrix.turned:
        return around(column, matrix.shape[1], room)
    window = around(list(matrix.order).index(column), matrix.shape[1], room)
    shown = tuple(matrix.order[window.start : window.stop])
    return Picked(window.start, window.stop, window.count, indices=shown)


def turned(matrix: Matrix) -> Matrix:
    """The same numbers under the same addresses, shown the other way round."""
    return replace(matrix, turned=not matrix.turned)


def shortened(matrix: Matrix, longest: NameLengths) -> Matrix:
    """The same with its names cut; what are no names of features stay as they are."""
    down, across = matrix.named[::-1] if matrix.turned else matrix.named
    whole_across, whole_down = NAME_LENGTHS[0]
    return replace(matrix, longest=(longest[0] if across else whole_across, longest[1] if down else whole_down))


def number_width(matrix: Matrix, rows: Window, room: PageRoom) -> int:
    """The width of the widest number in these rows: where they are written alike, the largest or the smallest."""
    return max(
        matrix.numbers(row).some(columns).widest(matrix.written, room) for row, columns in _measured(matrix, rows, room)
    )


def _measured(matrix: Matrix, rows: Window, room: PageRoom) -> Iterator[tuple[int, Sequence[int] | None]]:
    """The addressed rows, and which of their columns, that hold the numbers of the shown rows; None: all."""
    measured = steady(rows, moves=room.height is not None)
    if not matrix.turned:
        yield from ((row, None) for row in (rows.shown if matrix.costly else measured))
        return
    near = around(matrix.marked_row or 0, len(matrix.row_labels), _MOST_MEASURED)
    yield from ((row, measured) for row in near.shown)


def column_width(matrix: Matrix, rows: Window, room: PageRoom) -> int:
    """The common width of the columns: number or label, and room for the brackets around the current cell."""
    across = matrix.labels_across
    first = range(min(64, len(across))) if matrix.order is None or matrix.turned else matrix.order[:64]
    labels = max((min(cell_len(across[index]), matrix.longest[0]) for index in first), default=0)
    return max(number_width(matrix, rows, room) + 2, labels + 2)


def label_width(matrix: Matrix, rows: Window, room: PageRoom) -> int:
    """The width of the row labels with the mark before them."""
    measured = steady(rows, moves=room.height is not None)
    labels = max(min(cell_len(matrix.labels_down[index]), matrix.longest[1]) for index in measured)
    hidden = cell_len(f"+{rows.count}") if not rows.whole else 0
    return max(labels, hidden, cell_len(room.symbols(matrix.symbol))) + 2


def matrix_table(matrix: Matrix, rows: Window, columns: Window, room: PageRoom, least: int = 0) -> PageTable:
    """The matrix, or the window of it, with its symbol in the corner; its columns are at `least` so wide."""
    width = max(least, column_width(matrix, rows, room))
    lines = [_header(matrix, columns, width, room)]
    if rows.before and rows.start + 1 != rows.stop:
        lines.append(_hidden_rows(rows.before, columns, room))
    numbers = _numbers(matrix, rows, columns, room)
    lines.extend(_row(matrix, index, line, columns, room) for index, line in zip(rows.shown, numbers, strict=True))
    if rows.start + 1 == rows.stop and not rows.whole:
        lines.append(_hidden_rows(rows.count - 1, columns, room))
    elif rows.after:
        lines.append(_hidden_rows(rows.after, columns, room))
    drawn = table(lines)
    start = 1 + (1 if columns.before else 0)
    widths = list(drawn.widths)
    widths[0] = max(widths[0], label_width(matrix, rows, room))
    for index in range(start, start + len(columns.shown)):
        widths[index] = max(width, widths[index])
    return replace(drawn, widths=tuple(widths))


def matrix_that_fits(
    matrix: Matrix, at: Address, room: PageRoom, *, current: bool = True, one_token: bool = False
) -> PageTable:
    """The whole matrix, else the rows and columns around a cell; its row is marked, and it where it is current."""
    rows, columns = matrix.shape
    row, column = matrix.shown_at(at.row, at.column)
    marked = replace(matrix, marked_row=at.row, marked_column=at.column if current else None)
    for longest in lengths_of(marked.named_across):
        marked = shortened(marked, longest)
        if rows <= (room.height or 64) and columns <= room.width and not one_token:
            drawn = matrix_table(marked, whole(rows), whole(columns), room)
            if fits(drawn, room):
                return drawn
    visible = only(row, rows) if one_token and not matrix.turned else _rows_around(row, rows, room)
    if one_token and matrix.turned:
        return matrix_table(marked, visible, picked((column,), columns), room)
    for longest in lengths_of(marked.named_across):
        marked = shortened(marked, longest)
        most = (room.width - label_width(marked, visible, room)) // column_width(marked, visible, room)
        if most >= columns:
            break
    for shown in range(min(columns, most), 0, -1):
        drawn = matrix_table(marked, visible, columns_near(marked, column, shown), room)
        if drawn.width <= room.width:
            return drawn
    return matrix_table(marked, only(row, rows), only(column, columns), room)


def _rows_around(row: int, count: int, room: PageRoom) -> Window:
    """The rows that there is room for; where these are few, all that are hidden are counted in one line below them."""
    most = (room.height or 64) - 1
    if count <= most:
        return whole(count)
    if most > _FEW_ROWS:
        return around(row, count, most - 2)
    return picked(around(row, count, max(1, most - 1)).shown, count)


def _header(matrix: Matrix, columns: Window, width: int, room: PageRoom) -> list[TableCell]:
    cells = [TableCell(room.symbols(matrix.symbol), Role.TITLE, trail=" ")]
    if columns.before:
        cells.append(TableCell(room.signs(f"‹{columns.before}"), Role.DIM, trail=" "))
    cut = told_apart if matrix.named_across else cut_names
    texts = cut(matrix.labels_across, columns.shown, width - 2, room)
    for index, text in zip(columns.shown, texts, strict=True):
        marked = index == matrix.marks[1]
        mark = room.signs("▾") if marked else ""
        cells.append(TableCell(text, Role.MARKED if marked else Role.HEADER, mark, " "))
    if columns.after:
        hidden = f"+{columns.after}" if isinstance(columns, Picked) else f"{columns.after}›"
        cells.append(TableCell(room.signs(hidden), Role.DIM, " "))
    return cells


def _row(matrix: Matrix, index: int, numbers: Sequence[TableCell], columns: Window, room: PageRoom) -> list[TableCell]:
    marked = index == matrix.marks[0]
    label = shorten(matrix.labels_down[index], matrix.longest[1], room.signs("…"))
    mark = room.signs("▸") if marked else ""
    cells = [TableCell(label, Role.MARKED if marked else Role.LABEL, mark, " ")]
    if columns.before:
        cells.append(TableCell(room.signs("…"), Role.DIM, trail=" "))
    cells.extend(numbers)
    if columns.after:
        cells.append(TableCell(room.signs("…"), Role.DIM, " "))
    return cells


def _numbers(matrix: Matrix, rows: Window, columns: Window, room: PageRoom) -> list[Sequence[TableCell]]:
    """The numbers in sight, line by line as they are shown."""
    if not matrix.turned:
        return [_number_cells(matrix, row, columns.shown, room) for row in rows.shown]
    return list(zip(*(_number_cells(matrix, row, rows.shown, room) for row in columns.shown), strict=True))


def _number_cells(matrix: Matrix, row: int, columns: Sequence[int], room: PageRoom) -> list[TableCell]:
    numbers = matrix.numbers(row).some(columns)
    texts = numbers.written(matrix.written, room)
    of_row, marked, of_column = _roles(matrix, row, room)
    cells = []
    for index, (column, text) in enumerate(zip(columns, texts, strict=True)):
        role = of_column if column == marked else of_row
        share = numbers.share(index) if matrix.shaded and role is not Role.CURRENT else None
        cells.append(number_cell(text, role, share=share, click=matrix.click(row, column)))
    return cells


def _roles(matrix: Matrix, row: int, room: PageRoom) -> tuple[Role, int | None, Role]:
    """What the numbers of an addressed row are; which column of it is marked, and what the number there is."""
    is_query = room.in_columns is matrix.turned
    in_row = row == matrix.marked_row
    if matrix.marked_row is None:
        return Role.PLAIN, matrix.marked_column, Role.KEY if is_query else Role.QUERY
    if matrix.marked_column is None:
        role = (Role.QUERY if is_query else Role.KEY) if in_row else Role.PLAIN
        return role, None, role
    return Role.PLAIN, matrix.marked_column, Role.CURRENT if in_row else Role.PLAIN


def _hidden_rows(count: int, columns: Window, room: PageRoom) -> list[TableCell]:
    rest = len(columns.shown) + (1 if columns.before else 0) + (1 if columns.after else 0)
    return [
        TableCell(f"+{count}", Role.DIM, trail=" "),
        *(TableCell(room.signs("⋮"), Role.DIM, trail=" ") for _ in range(rest)),
    ]
