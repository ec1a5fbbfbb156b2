"""The matrices that move: their numbers now, what has changed since the start, and one number's next update."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
from rich.console import Group, RenderableType
from rich.text import Text

from ..engine.arrays import FloatArray
from ..narration.numbers import ChangeFormat, as_decimal, equals, fixed_format, format_for
from ..pages.windows import Window, around, only, whole
from ..trace.study import Cell, Study
from .blocks import Block, as_table, beside, blank, cell, gap
from .look import Look
from .matrices import Matrix, column_width, label_width, matrix_block
from .page import BLANK_LINE, as_lines
from .wrapping import wrap

_BETWEEN = 2
_LEAST_ROWS = 3
"""Rows from which on a matrix is drawn: its heading, a row, and how many are hidden."""


def moving_view(study: Study, look: Look) -> RenderableType:
    """As many of the matrices as there is room for, the current one among them, and the current number in words."""
    lines = said_lines(study, look)
    left = None if look.height is None else look.height - len(lines)
    if left is not None and left < _LEAST_ROWS:
        return as_lines(lines)
    drawn = matrices_block(study, look.sized(look.width, left))
    gaps = [BLANK_LINE] * (left is None or drawn.height < left)
    return Group(as_table(drawn), *gaps, as_lines(lines))


def moving_height(study: Study) -> int:
    """The rows that `moving_view` takes where nothing is left out."""
    return max(len(study.array(name)) for name in study.names) + 1 + 1 + 2


def matrices_block(study: Study, look: Look) -> Block:
    """The page of matrices that holds the current one, beside each other."""
    page: list[Block] = []
    width, current = 0, study.cell.name
    seen = False
    for name in study.names:
        drawn = _pair(study, name, look)
        if page and width + drawn.width > look.width:
            if seen:
                break
            page, width = [], 0
        page.append(drawn)
        width += drawn.width + _BETWEEN * 2
        seen = seen or name == current
    height = max(one.height for one in page)
    apart: list[Block] = []
    for one in page:
        apart.extend([gap(_BETWEEN * 2)] * bool(apart))
        apart.append(_filled(one, height))
    return beside(*apart)


def _pair(study: Study, name: str, look: Look) -> Block:
    """A matrix now and its change since the start, or as much of them around the current number as fits."""
    now, change = _now(study, name, look), _change(study, name, look)
    rows = _rows(study, name, look)
    columns = _columns(study, (now, change), rows, look)
    return beside(_drawn(now, rows, columns, look), gap(_BETWEEN), _drawn(change, rows, columns, look))


def _columns(study: Study, pair: tuple[Matrix, Matrix], rows: Window, look: Look) -> Window:
    """All columns, or those around the current number that fit."""
    count = pair[0].shape[1]
    room = look.width - _BETWEEN - sum(label_width(matrix, rows) for matrix in pair)
    each = sum(_column_width(matrix, rows, look) for matrix in pair)
    if count * each <= room:
        return whole(count)
    for shown in range(max(1, min(count - 1, room // each)), 1, -1):
        columns = around(min(study.cell.column, count - 1), count, shown)
        if shown * each + len(pair) * _hidden_width(columns, look) <= room:
            return columns
    return only(min(study.cell.column, count - 1), count)


def _hidden_width(columns: Window, look: Look) -> int:
    """What it takes to tell how many columns are hidden on either side."""
    ellipsis = len(look.signs(" …"))
    return sum(max(ellipsis, len(f"‹{hidden} ")) for hidden in (columns.before, columns.after) if hidden)


def _rows(study: Study, name: str, look: Look) -> Window:
    count = len(study.array(name))
    if look.height is None or count + 1 <= look.height:
        return whole(count)
    two_pages = look.height - 2  # at either end only one line tells how many rows are hidden
    size = two_pages if count <= 2 * two_pages else look.height - 3
    return around(min(study.cell.row, count - 1), count, max(1, size))


def _now(study: Study, name: str, look: Look) -> Matrix:
    array = study.array(name)
    written = fixed_format(np.stack([array, study.array(name, 0)]), look.digits)
    return _marked(
        study,
        Matrix(name, study.row_labels(name), study.column_labels(name), lambda row: array[row], written, name=name),
    )


def _change(study: Study, name: str, look: Look) -> Matrix:
    change = study.array(name) - study.array(name, 0)
    usual = format_for(change, look.digits)
    written = ChangeFormat(look.digits, usual.exponent)
    labels, columns = study.row_labels(name), study.column_labels(name)
    symbol = look.signs("Δ") + name
    return _marked(study, Matrix(symbol, labels, columns, lambda row: change[row], written, name=name))


def _marked(study: Study, matrix: Matrix) -> Matrix:
    cell = study.cell
    if cell.name != matrix.name:
        return matrix
    return replace(matrix, marked_row=cell.row, marked_column=cell.column)


def _drawn(matrix: Matrix, rows: Window, columns: Window, look: Look) -> Block:
    """The matrix with room for a sign in every column, so that no column moves when a number turns negative."""
    drawn = matrix_block(matrix, rows, columns, look)
    first = 1 + (columns.before > 0)
    width = _column_width(matrix, rows, look)
    widths = list(drawn.widths)
    widths[first : first + len(columns.shown)] = [width] * len(columns.shown)
    return Block(drawn.rows, tuple(widths))


def _column_width(matrix: Matrix, rows: Window, look: Look) -> int:
    return max(column_width(matrix, rows, look), look.digits + len("[-0.]"))


def _filled(one: Block, height: int) -> Block:
    """As high as the others, filled up below."""
    return Block((*one.rows, *blank(height - one.height, one.widths).rows), one.widths)


def said_lines(study: Study, look: Look) -> list[Text]:
    """The current number, its gradient and its next update; or why there is no next one."""
    if study.blown_up:
        return wrap(Text(look.studying("blown_up", rate=study.learn.rate), look.palette.wrong), look.width)
    return [*wrap(_moved_line(study, look), look.width), *wrap(_next_line(study, look), look.width)]


def _moved_line(study: Study, look: Look) -> Text:
    """`W_Q[0,1]  1.00 → 1.23   gradient -0.1234`."""
    at = study.cell
    before, now, gradient = (float(array[at.row, at.column]) for array in _numbers(study, at))
    written = fixed_format([now, before], look.digits)
    line = cell(f"{study.address}  ", look.palette.dim)
    line.append(look.signs(f"{written.text(before)} → {written.text(now)}"), look.palette.marked)
    sentences = len(study.learn.sentences)
    name = "gradient_of_all" if sentences else "gradient"
    line.append(f"   {look.studying(name, gradient=_fine(gradient, look), count=sentences)}")
    return line


def _numbers(study: Study, at: Cell) -> tuple[FloatArray, FloatArray, FloatArray]:
    return study.array(at.name, 0), study.array(at.name), study.gradient(at.name)


def _next_line(study: Study, look: Look) -> Text:
    """The next update in digits; with plain gradient descent, as the sum that it is."""
    if study.at >= study.learn.steps:
        return cell(look.studying("at_end"), look.palette.dim)
    at = study.cell
    _, now, gradient = (_fine(float(array[at.row, at.column]), look) for array in _numbers(study, at))
    after = _fine(float(study.upcoming(at.name)[at.row, at.column]), look)
    if study.learn.optimizer != "sgd":
        return cell(look.studying("next", sum=f"{now} → {after} ({study.learn.optimizer})"))
    moved = _sum(now, gradient, study.learn.rate)
    right = f"({gradient})" if gradient.startswith("-") else gradient
    return cell(look.studying("next", sum=f"{now} - {study.learn.rate:g} · {right} {equals(after, moved)} {after}"))


def _sum(now: str, gradient: str, rate: float) -> Decimal | None:
    """What the shown numbers give exactly."""
    shown, slope = as_decimal(now), as_decimal(gradient)
    return None if shown is None or slope is None else shown - Decimal(repr(rate)) * slope


def _fine(value: float, look: Look) -> str:
    """A number with more decimals than the tables have: an update is small."""
    return fixed_format([value], look.digits + 2).text(value)
