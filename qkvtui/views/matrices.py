"""One matrix as a block: labels, numbers, the marked row, column and cell, and what is hidden, counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from ..engine.arrays import FloatArray
from ..narration.numbers import NumberFormat
from ..trace.changes import differ
from .blocks import Block, block, cell, shorten
from .look import SLOT, Look
from .windows import Picked, Window

LONGEST_ROW_LABEL = 14
LONGEST_COLUMN_LABEL = 9


@dataclass(frozen=True)
class Matrix:
    """A matrix to be drawn."""

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
    transposed: bool = False
    """Whether rows and columns are shown the other way round than they are addressed (Kᵀ)."""

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return len(self.row_labels), len(self.column_labels)


def number_width(matrix: Matrix, rows: Window, look: Look) -> int:
    """The width of the widest number in these rows: where they are written alike, the largest or the smallest."""
    if not look.hidden and all(matrix.before(index) is None for index in rows.shown):
        return max(_widest_number(matrix, matrix.row(index), look) for index in rows.shown)
    return max(len(text) for index in rows.shown for text in _texts(matrix, index, matrix.row(index), look))


def _widest_number(matrix: Matrix, values: FloatArray, look: Look) -> int:
    finite = values[np.isfinite(values)]
    ends = [-np.inf] * (finite.size < values.size) + ([finite.max(), finite.min()] if finite.size else [])
    return max(len(look.signs(matrix.written.text(float(end)))) for end in ends)


def column_width(matrix: Matrix, rows: Window, look: Look) -> int:
    """The common width of the columns: number or label, and room for the brackets around the current cell."""
    labels = max((min(cell_len(label), LONGEST_COLUMN_LABEL) for label in matrix.column_labels[:64]), default=0)
    return max(number_width(matrix, rows, look) + 2, labels + 2)


def label_width(matrix: Matrix, rows: Window) -> int:
    """The width of the row labels with the mark before them."""
    labels = max(min(cell_len(matrix.row_labels[index]), LONGEST_ROW_LABEL) for index in rows.shown)
    hidden = cell_len(f"+{rows.count}") if not rows.whole else 0
    return max(labels, hidden, cell_len(matrix.symbol)) + 2


def matrix_block(matrix: Matrix, rows: Window, columns: Window, look: Look) -> Block:
    """The matrix, or the window of it, with its symbol in the corner."""
    width = column_width(matrix, rows, look)
    lines = [_header(matrix, columns, width, look)]
    if rows.before and rows.start + 1 != rows.stop:
        lines.append(_hidden_rows(rows.before, columns, look))
    lines.extend(_row(matrix, index, columns, look) for index in rows.shown)
    if rows.start + 1 == rows.stop and not rows.whole:
        lines.append(_hidden_rows(rows.count - 1, columns, look))
    elif rows.after:
        lines.append(_hidden_rows(rows.after, columns, look))
    drawn = block(lines)
    start = 1 + (1 if columns.before else 0)
    widths = list(drawn.widths)
    widths[0] = max(widths[0], label_width(matrix, rows))
    for index in range(start, start + len(columns.shown)):
        widths[index] = width
    return Block(drawn.rows, tuple(widths))


def _header(matrix: Matrix, columns: Window, width: int, look: Look) -> list[Text]:
    cells = [cell(look.signs(matrix.symbol) + " ", look.palette.title)]
    if columns.before:
        cells.append(cell(look.signs(f"‹{columns.before} "), look.palette.dim))
    for index in columns.shown:
        marked = index == matrix.marked_column
        text = shorten(matrix.column_labels[index], width - 2, look.signs("…"))
        mark = look.signs("▾") if marked else ""
        cells.append(cell(f"{mark}{text} ", look.palette.marked if marked else look.palette.header))
    if columns.after:
        hidden = f" +{columns.after}" if isinstance(columns, Picked) else f" {columns.after}›"
        cells.append(cell(look.signs(hidden), look.palette.dim))
    return cells


def _row(matrix: Matrix, index: int, columns: Window, look: Look) -> list[Text]:
    marked = index == matrix.marked_row
    label = shorten(matrix.row_labels[index], LONGEST_ROW_LABEL, look.signs("…"))
    mark = look.signs("▸") if marked else ""
    cells = [cell(f"{mark}{label} ", look.palette.marked if marked else look.palette.label)]
    if columns.before:
        cells.append(cell(look.signs("…"), look.palette.dim))
    values = matrix.row(index)
    texts = _texts(matrix, index, values, look)
    cells.extend(_number(matrix, index, column, float(values[column]), texts[column], look) for column in columns.shown)
    if columns.after:
        cells.append(cell(look.signs(" …"), look.palette.dim))
    return cells


def _number(matrix: Matrix, row: int, column: int, value: float, text: str, look: Look) -> Text:
    in_row, in_column = row == matrix.marked_row, column == matrix.marked_column
    style = look.palette.heat_of(value) if matrix.shaded and text != SLOT else Style()
    if in_row and in_column:
        style = look.palette.cell
    elif in_row and matrix.marked_column is None:
        style += look.palette.query
    elif in_column and matrix.marked_row is None:
        style += look.palette.key
    return cell(bracketed(text, in_row and in_column), style + click(matrix, row, column))


def _texts(matrix: Matrix, row: int, values: FloatArray, look: Look) -> list[str]:
    texts = number_texts(matrix.written, values, matrix.before(row), look)
    if not look.hidden or not matrix.name:
        return texts
    places = ((column, row) if matrix.transposed else (row, column) for column in range(len(texts)))
    return [
        SLOT if look.hides(matrix.name, *place, matrix.head) else text
        for place, text in zip(places, texts, strict=True)
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
    if not matrix.name:
        return Style()
    at = (column, row) if matrix.transposed else (row, column)
    return Style(meta={"cell": (matrix.name, *at, matrix.head)})


def _hidden_rows(count: int, columns: Window, look: Look) -> list[Text]:
    rest = len(columns.shown) + (1 if columns.before else 0) + (1 if columns.after else 0)
    return [
        cell(f"+{count} ", look.palette.dim),
        *(cell(look.signs("⋮ "), look.palette.dim) for _ in range(rest)),
    ]
