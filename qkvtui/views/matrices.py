"""One matrix as a block: labels, numbers, the marked row, column and cell, and what is hidden, counted.

A `turned` matrix is shown the other way round than it is addressed: Kᵀ, and every matrix for readers whose tokens are
columns. Here alone is it turned; windows, products and pages count in rows and columns as they are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from ..engine.arrays import FloatArray
from ..narration.numbers import NumberFormat
from ..trace.changes import differ
from .blocks import Block, block, cell, shorten
from .look import SLOT, Look
from .windows import Picked, Window, around

LONGEST_ROW_LABEL = 14
LONGEST_COLUMN_LABEL = 9
_MOST_MEASURED = 32
"""Rows of a turned matrix, near the marked one, whose numbers decide how wide its columns are."""


@dataclass(frozen=True)
class Matrix:
    """A matrix to be drawn. Labels, rows and marks are as its numbers are addressed, however it is shown."""

    symbol: str
    row_labels: Sequence[str]
    column_labels: Sequence[str]
    row: Callable[[int], FloatArray]
    """The numbers of a row."""
    written: NumberFormat
    before: Callable[[int], FloatArray | None] = lambda row: None
    """The same row before the last change, where there was one."""
    name: str = ""
    """The step or parameter it is, so that a click can tell which cell was meant; empty: cannot be chosen."""
    head: int = 0
    marked_row: int | None = None
    marked_column: int | None = None
    shaded: bool = False
    """Whether the numbers are weights, to be shaded."""
    turned: bool = False
    """Whether its rows are shown as columns."""

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
    def marks(self) -> tuple[int | None, int | None]:
        """The marked row and column as they are shown."""
        marks = self.marked_row, self.marked_column
        return marks[::-1] if self.turned else marks

    def shown_at(self, row: int, column: int) -> tuple[int, int]:
        """Where the number at (row, column) is shown."""
        return (column, row) if self.turned else (row, column)

    def line(self, index: int) -> FloatArray:
        """The numbers of a row as it is shown."""
        return self._across(index) if self.turned else self.row(index)

    def column(self, index: int) -> FloatArray:
        """The numbers of a column as it is shown."""
        return self.row(index) if self.turned else self._across(index)

    def _across(self, column: int) -> FloatArray:
        return np.array([self.row(index)[column] for index in range(len(self.row_labels))])


def turned(matrix: Matrix) -> Matrix:
    """The same numbers under the same addresses, shown the other way round."""
    return replace(matrix, turned=not matrix.turned)


def number_width(matrix: Matrix, rows: Window, look: Look) -> int:
    """The width of the widest number in these rows: where they are written alike, the largest or the smallest."""
    measured = list(_measured(matrix, rows))
    if not look.hidden and all(matrix.before(row) is None for row, _ in measured):
        return max(_widest_number(matrix, _some(matrix.row(row), columns), look) for row, columns in measured)
    return max(len(text) for row, columns in measured for text in _texts(matrix, row, columns, look))


def _measured(matrix: Matrix, rows: Window) -> Iterator[tuple[int, Sequence[int] | None]]:
    """The addressed rows, and which of their columns, that hold the numbers of the shown rows; None: all."""
    if not matrix.turned:
        yield from ((row, None) for row in rows.shown)
        return
    near = around(matrix.marked_row or 0, len(matrix.row_labels), _MOST_MEASURED)
    yield from ((row, rows.shown) for row in near.shown)


def _some(values: FloatArray, columns: Sequence[int] | None) -> FloatArray:
    return values if columns is None else values[list(columns)]


def _widest_number(matrix: Matrix, values: FloatArray, look: Look) -> int:
    finite = values[np.isfinite(values)]
    ends = [-np.inf] * (finite.size < values.size) + ([finite.max(), finite.min()] if finite.size else [])
    return max(len(look.signs(matrix.written.text(float(end)))) for end in ends)


def column_width(matrix: Matrix, rows: Window, look: Look) -> int:
    """The common width of the columns: number or label, and room for the brackets around the current cell."""
    labels = max((min(cell_len(label), LONGEST_COLUMN_LABEL) for label in matrix.labels_across[:64]), default=0)
    return max(number_width(matrix, rows, look) + 2, labels + 2)


def label_width(matrix: Matrix, rows: Window) -> int:
    """The width of the row labels with the mark before them."""
    labels = max(min(cell_len(matrix.labels_down[index]), LONGEST_ROW_LABEL) for index in rows.shown)
    hidden = cell_len(f"+{rows.count}") if not rows.whole else 0
    return max(labels, hidden, cell_len(matrix.symbol)) + 2


def matrix_block(matrix: Matrix, rows: Window, columns: Window, look: Look) -> Block:
    """The matrix, or the window of it, with its symbol in the corner."""
    width = column_width(matrix, rows, look)
    lines = [_header(matrix, columns, width, look)]
    if rows.before and rows.start + 1 != rows.stop:
        lines.append(_hidden_rows(rows.before, columns, look))
    numbers = _numbers(matrix, rows, columns, look)
    lines.extend(_row(matrix, index, line, columns, look) for index, line in zip(rows.shown, numbers, strict=True))
    if rows.start + 1 == rows.stop and not rows.whole:
        lines.append(_hidden_rows(rows.count - 1, columns, look))
    elif rows.after:
        lines.append(_hidden_rows(rows.after, columns, look))
    drawn = block(lines)
    start = 1 + (1 if columns.before else 0)
    widths = list(drawn.widths)
    widths[0] = max(widths[0], label_width(matrix, rows))
    for index in range(start, start + len(columns.shown)):
        widths[index] = max(width, widths[index])
    return Block(drawn.rows, tuple(widths))


def _header(matrix: Matrix, columns: Window, width: int, look: Look) -> list[Text]:
    cells = [cell(look.signs(matrix.symbol) + " ", look.palette.title)]
    if columns.before:
        cells.append(cell(look.signs(f"‹{columns.before} "), look.palette.dim))
    for index in columns.shown:
        marked = index == matrix.marks[1]
        text = shorten(matrix.labels_across[index], width - 2, look.signs("…"))
        mark = look.signs("▾") if marked else ""
        cells.append(cell(f"{mark}{text} ", look.palette.marked if marked else look.palette.header))
    if columns.after:
        hidden = f" +{columns.after}" if isinstance(columns, Picked) else f" {columns.after}›"
        cells.append(cell(look.signs(hidden), look.palette.dim))
    return cells


def _row(matrix: Matrix, index: int, numbers: Sequence[Text], columns: Window, look: Look) -> list[Text]:
    marked = index == matrix.marks[0]
    label = shorten(matrix.labels_down[index], LONGEST_ROW_LABEL, look.signs("…"))
    mark = look.signs("▸") if marked else ""
    cells = [cell(f"{mark}{label} ", look.palette.marked if marked else look.palette.label)]
    if columns.before:
        cells.append(cell(look.signs("… "), look.palette.dim))
    cells.extend(numbers)
    if columns.after:
        cells.append(cell(look.signs(" …"), look.palette.dim))
    return cells


def _numbers(matrix: Matrix, rows: Window, columns: Window, look: Look) -> list[Sequence[Text]]:
    """The numbers in sight, line by line as they are shown. No row of the matrix is computed that is out of sight."""
    if not matrix.turned:
        return [_number_cells(matrix, row, columns.shown, look) for row in rows.shown]
    return list(zip(*(_number_cells(matrix, row, rows.shown, look) for row in columns.shown), strict=True))


def _number_cells(matrix: Matrix, row: int, columns: Sequence[int], look: Look) -> list[Text]:
    values = matrix.row(row)
    texts = _texts(matrix, row, columns, look)
    return [
        _number(matrix, row, column, float(values[column]), text, look)
        for column, text in zip(columns, texts, strict=True)
    ]


def _number(matrix: Matrix, row: int, column: int, value: float, text: str, look: Look) -> Text:
    (down, across), marks = matrix.shown_at(row, column), matrix.marks
    in_row, in_column = down == marks[0], across == marks[1]
    style = look.palette.heat_of(value) if matrix.shaded and text != SLOT else Style()
    asking, answering = look.palette.query, look.palette.key
    if in_row and in_column:
        style = look.palette.cell
    elif in_row and marks[1] is None:
        style += answering if look.in_columns else asking
    elif in_column and marks[0] is None:
        style += asking if look.in_columns else answering
    return cell(bracketed(text, in_row and in_column), style + click(matrix, row, column))


def _texts(matrix: Matrix, row: int, columns: Sequence[int] | None, look: Look) -> list[str]:
    """The numbers of these columns of an addressed row, or of all, as they are shown."""
    values, before = matrix.row(row), matrix.before(row)
    shown = range(len(values)) if columns is None else columns
    old = None if before is None else _some(before, columns)
    texts = number_texts(matrix.written, _some(values, columns), old, look)
    if not look.hidden or not matrix.name:
        return texts
    return [
        SLOT if look.hides(matrix.name, row, column, matrix.head) else text
        for column, text in zip(shown, texts, strict=True)
    ]


def number_texts(written: NumberFormat, values: FloatArray, before: FloatArray | None, look: Look) -> list[str]:
    """A row's numbers as they are shown; one that the last change changed as `before→after`."""
    if before is None:
        return [look.signs(written.text(float(value))) for value in values]
    return [
        look.signs(
            f"{written.text(float(old))}→{written.text(float(value))}" if differ(old, value) else written.text(value)
        )
        for old, value in zip(before.tolist(), values.tolist(), strict=True)
    ]


def bracketed(text: str, current: bool) -> str:
    """A number with room for brackets, which mark the current cell without colour."""
    return f"[{text}]" if current else f" {text} "


def click(matrix: Matrix, row: int, column: int) -> Style:
    """What a click on the cell means."""
    return Style(meta={"cell": (matrix.name, row, column, matrix.head)}) if matrix.name else Style()


def _hidden_rows(count: int, columns: Window, look: Look) -> list[Text]:
    rest = len(columns.shown) + (1 if columns.before else 0) + (1 if columns.after else 0)
    return [
        cell(f"+{count} ", look.palette.dim),
        *(cell(look.signs("⋮ "), look.palette.dim) for _ in range(rest)),
    ]
