"""The matrices that move: their numbers now, what has changed since the start, and one number's next update."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
from rich.console import Group, RenderableType
from rich.text import Text

from ..narration.formulas import bracketed
from ..narration.nudges import nudge_said
from ..narration.numbers import (
    ChangeFormat,
    NumberFormat,
    as_decimal,
    digits_apart,
    equals,
    fixed_format,
    format_for,
    setting,
    slope_number,
)
from ..narration.sentences import text_of
from ..pages.matrices import Matrix, column_width, label_width
from ..pages.windows import Window, around, only, whole
from ..trace.run import Run
from ..trace.study import Study
from .blocks import CellBlock, above, as_table, beside, blank, cell, gap
from .look import Look
from .page import BLANK_LINE, as_lines
from .run_blocks import matrix_block
from .wrapping import wrap

_BETWEEN = 2
_MORE = 2
"""An update is small: so many decimals more than the tables have."""
_SAID = 3
"""Rows that the current number takes where nothing has to be broken."""
_MOST_ROWS = 12
"""Rows of a matrix on a page."""
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
    return max(len(study.moment.matrix(name)) for name in study.cursor.names) + 1 + 1 + _SAID


def moved_block(run: Run, name: str, at: int, look: Look) -> CellBlock:
    """A matrix before, after so many updates, and by how much each number moved; of a large one a part.

    That is the part around the largest move.
    """
    move = run.moved(name, at)
    tables = _moved_tables(run, name, at, look)
    (height, width), (row, column) = move.change.shape, move.farthest
    rows = whole(height) if height <= _MOST_ROWS else around(row, height, _MOST_ROWS)
    drawn = _beside([matrix_block(table, rows, whole(width), look) for table in tables], _BETWEEN)
    if drawn.width <= look.width:
        return drawn
    for room in range(width, 0, -1):
        columns = whole(width) if room == width else around(column, width, room)
        drawn = above(*(matrix_block(table, rows, columns, look) for table in tables))
        if drawn.width <= look.width:
            break
    return drawn


def moved_rows(run: Run, name: str, at: int, look: Look) -> list[tuple[str, list[list[str]]]]:
    """The same as text, all of it: of each of the three what it is called, and its rows below their heading."""
    called = (look.learning("before"), look.learning("after"), look.learning("moved"))
    return [
        (
            title,
            [
                [name, *one.column_labels],
                *([label, *map(one.written.text, one.numbers(row).values)] for row, label in enumerate(one.row_labels)),
            ],
        )
        for title, one in zip(called, _moved_tables(run, name, at, look), strict=True)
    ]


def _moved_tables(run: Run, name: str, at: int, look: Look) -> list[Matrix]:
    """The matrix before, after so many updates, and by how much each number moved."""
    move = run.moved(name, at)
    numbers = (move.before, move.after, move.change)
    written = format_for(np.array(numbers), look.digits)
    symbols = (name, look.learning("after"), look.learning("moved"))
    return [
        Matrix(symbol, *run.labels(name, look.language), table.__getitem__, written)
        for symbol, table in zip(symbols, numbers, strict=True)
    ]


def matrices_block(study: Study, look: Look) -> CellBlock:
    """The page of matrices that holds the current one, beside each other."""
    page: list[CellBlock] = []
    width, current = 0, study.cursor.cell.name
    seen = False
    for name in study.cursor.names:
        drawn = _pair(study, name, look)
        if page and width + drawn.width > look.width:
            if seen:
                break
            page, width = [], 0
        page.append(drawn)
        width += drawn.width + _BETWEEN * 2
        seen = seen or name == current
    height = max(one.height for one in page)
    return _beside(
        [CellBlock((*one.rows, *blank(height - one.height, one.widths).rows), one.widths) for one in page], 4
    )


def _beside(blocks: Sequence[CellBlock], apart: int) -> CellBlock:
    """The blocks side by side with room between them."""
    between = (part for one in blocks for part in (gap(apart), one))
    next(between)
    return beside(*between)


def _pair(study: Study, name: str, look: Look) -> CellBlock:
    """A matrix now and its change since the start, or as much of them around the current number as fits."""
    move, cursor = study.run.moved(name, study.at), study.cursor.cell
    marks = (cursor.row, cursor.column) if cursor.name == name else (None, None)
    now = fixed_format(np.stack([move.after, move.before]), look.digits)
    change = ChangeFormat(look.digits, format_for(move.change, look.digits).exponent)
    pair = [
        Matrix(symbol, *study.run.labels(name, look.language), numbers.__getitem__, written, name=name)
        for symbol, numbers, written in ((name, move.after, now), (look.signs("Δ") + name, move.change, change))
    ]
    pair = [replace(matrix, marked_row=marks[0], marked_column=marks[1]) for matrix in pair]
    rows = _rows(study, pair[0], look)
    columns = _columns(study, pair, rows, look)
    return _beside([_drawn(matrix, rows, columns, look) for matrix in pair], _BETWEEN)


def _columns(study: Study, pair: Sequence[Matrix], rows: Window, look: Look) -> Window:
    """All columns, or those around the current number that fit."""
    count = pair[0].shape[1]
    room = look.width - _BETWEEN - sum(label_width(matrix, rows, look) for matrix in pair)
    each = sum(_column_width(matrix, rows, look) for matrix in pair)
    if count * each <= room:
        return whole(count)
    for shown in range(max(1, min(count - 1, room // each)), 1, -1):
        columns = around(min(study.cursor.cell.column, count - 1), count, shown)
        if shown * each + len(pair) * _hidden_width(columns, look) <= room:
            return columns
    return only(min(study.cursor.cell.column, count - 1), count)


def _hidden_width(columns: Window, look: Look) -> int:
    """What it takes to tell how many columns are hidden on either side."""
    ellipsis = len(look.signs(" …"))
    return sum(max(ellipsis, len(f"‹{hidden} ")) for hidden in (columns.before, columns.after) if hidden)


def _rows(study: Study, matrix: Matrix, look: Look) -> Window:
    count = matrix.shape[0]
    if look.height is None or count + 1 <= look.height:
        return whole(count)
    two_pages = look.height - 2  # at either end only one line tells how many rows are hidden
    size = two_pages if count <= 2 * two_pages else look.height - 3
    return around(min(study.cursor.cell.row, count - 1), count, max(1, size))


def _drawn(matrix: Matrix, rows: Window, columns: Window, look: Look) -> CellBlock:
    """The matrix with room for a sign in every column, so that no column moves when a number turns negative."""
    drawn = matrix_block(matrix, rows, columns, look)
    first = 1 + (columns.before > 0)
    width = _column_width(matrix, rows, look)
    widths = list(drawn.widths)
    widths[first : first + len(columns.shown)] = [width] * len(columns.shown)
    return CellBlock(drawn.rows, tuple(widths))


def _column_width(matrix: Matrix, rows: Window, look: Look) -> int:
    return max(column_width(matrix, rows, look), look.digits + len("[-0.]"))


def said_lines(study: Study, look: Look) -> list[Text]:
    """The current number, its gradient, its next update or why there is none, and with room what a nudge does."""
    if not study.moment.finite:
        return wrap(Text(look.studying("blown_up", rate=study.learn.rate), look.palette.wrong), look.width)
    name, place = study.cursor.cell.name, (study.cursor.cell.row, study.cursor.cell.column)
    move, gradient = study.run.moved(name, study.at), float(study.moment.gradient(name)[place])
    before, now = float(move.before[place]), float(move.after[place])
    after = float(study.moment.upcoming(name)[place])
    said = (_moved_line(study, before, now, gradient, look), _next_line(study, now, gradient, after, look))
    lines = [line for one in said for line in wrap(one, look.width)]
    nudge = wrap(_nudge_line(study, look), look.width)
    if look.height is None or len(lines) + len(nudge) + _LEAST_ROWS <= look.height:
        lines.extend(nudge)
    return lines


def _moved_line(study: Study, before: float, now: float, gradient: float, look: Look) -> Text:
    """`W_Q[0,1]  1.00 → 1.23   gradient -0.1234`."""
    decimals = digits_apart(before, now, look.digits)
    written = NumberFormat(decimals) if decimals > look.digits else fixed_format([now, before], look.digits)
    line = cell(f"{study.cursor.address(look.language)}  ", look.palette.dim)
    line.append(look.signs(f"{written.text(before)} → {written.text(now)}"), look.palette.marked)
    sentences = len(study.learn.sentences)
    name = "gradient_of_all" if sentences else "gradient"
    line.append(f"   {look.studying(name, gradient=_slope(gradient, look), count=sentences)}")
    return line


def _next_line(study: Study, now: float, gradient: float, after: float, look: Look) -> Text:
    """The next update in digits; with plain gradient descent, as the sum that it is."""
    learn = study.learn
    if study.at >= learn.steps:
        return cell(look.studying("at_end"), look.palette.dim)
    written = NumberFormat(digits_apart(now, after, look.digits + _MORE))
    old, new, slope = written.text(now), written.text(after), _slope(gradient, look)
    rate = setting(learn.rate)
    if learn.optimizer != "sgd":
        return cell(look.studying("next_otherwise", optimizer=learn.optimizer, rate=rate, old=old, new=new))
    sign = equals(new, _sum(old, slope, learn.rate))
    return cell(look.studying("next", old=old, rate=rate, gradient=bracketed(slope), sign=sign, new=new))


def _nudge_line(study: Study, look: Look) -> Text:
    """What the loss does when the number is moved a little: that is all that its gradient says."""
    at = study.cursor.cell
    nudge = study.moment.nudge(at.name, at.row, at.column)
    return cell(look.studying("nudged", nudge=text_of(nudge_said(nudge, look.texts, look.digits))), look.palette.dim)


def _sum(now: str, gradient: str, rate: float) -> Decimal | None:
    """What the shown numbers give exactly."""
    shown, slope = as_decimal(now), as_decimal(gradient)
    return None if shown is None or slope is None else shown - Decimal(repr(rate)) * slope


def _slope(value: float, look: Look) -> str:
    """A gradient, with more decimals than the tables have: it is small."""
    return slope_number(value, look.digits + _MORE)
