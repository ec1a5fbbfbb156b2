"""The loss as a curve over the updates: axes with numbers, the line in braille dots or, in ASCII, in strokes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from ..engine.arrays import FloatArray
from ..narration.numbers import NumberFormat, loss_number
from ..pages.dots import BRAILLE_CELL, Dots, braille
from ..records import record
from .axes import LossAxis, can_be_drawn, loss_axis, update_ticks
from .blocks import cell
from .look import Look

LEAST_WIDTH, LEAST_HEIGHT = 20, 4
_NARROWEST_SLIDER = 8
_USUAL_HEIGHT = 12
_LOW = 6
"""Rows from which on the axis of the updates has a line of its own."""

_STROKES = {0b001: "'", 0b010: "-", 0b100: "."}
"""What stands for one of the three heights of a cell in ASCII; a stroke through several is upright."""


@record(frozen=True)
class _Canvas:
    """The room for the line, in cells, and how many dots a cell has."""

    columns: int
    rows: int
    across: int
    down: int

    def column_of(self, update: int, last: int) -> int:
        """The cell column of an update."""
        return int(self.dot_columns(np.array([update]), last)[0]) // self.across

    def dot_columns(self, updates: NDArray[np.int64], last: int) -> NDArray[np.int64]:
        """The dot column of each update, 0 at the left and `last` at the right edge."""
        found: NDArray[np.int64] = np.rint(updates * ((self.columns * self.across - 1) / max(1, last))).astype(np.int64)
        return found

    def update_at(self, column: int, last: int) -> int:
        """The update that a cell column is about: what a click there means."""
        return round(column / max(1, self.columns - 1) * last)

    def dot_rows(self, shares: FloatArray) -> FloatArray:
        """The dot row, with a fraction, of each share of the axis: 1 is the top row, 0."""
        return (1 - shares) * (self.rows * self.down - 1)

    def row_of(self, share: float) -> int:
        """The cell row of a share of the axis."""
        return int(np.rint(self.dot_rows(np.array([share]))[0])) // self.down


def curve_lines(
    losses: Sequence[float] | FloatArray, look: Look, *, at: int | None = None, until: int | None = None
) -> list[Text]:
    """`look.height` lines (default 12) of exactly `look.width` columns; at least 4 lines of 20 columns.

    `losses` holds the loss before the first update and after each; where one is no number a cross stands at the
    top. `at` marks an update with a dot, a stem and its loss in digits. `until` is the last update that the axis
    has room for, so that a run that is still going on does not move what is already drawn.
    """
    values = np.asarray(losses, dtype=np.float64)
    width, height = max(LEAST_WIDTH, look.width), max(LEAST_HEIGHT, look.height or _USUAL_HEIGHT)
    last = max(len(values) - 1, until or 0)
    axis = loss_axis(values, height - (3 if height >= _LOW else 2))
    word = look.learning("update")
    margin = max([cell_len(word) + 1, *(len(text) + 1 for text in axis.labels)])
    down, across = (3, 1) if look.ascii else BRAILLE_CELL
    canvas = _Canvas(width - margin - 1, axis.rows, across, down)
    lines = [_heading(values, axis, at, width, look)]
    lines.extend(_plot(values, axis, canvas, last, at, margin, look))
    numbers, ticks = update_ticks(last, canvas.columns, lambda update: canvas.column_of(update, last))
    if height >= _LOW:
        line = "".join("┬" if column in ticks else "─" for column in range(canvas.columns))
        lines.append(cell(look.signs(f"{'':{margin}}└{line}"), look.palette.dim))
    lines.append(cell(f"{word}{'':{margin + 1 - cell_len(word)}}{numbers}", look.palette.dim))
    for text in lines:
        text.append(" " * (width - text.cell_len))
    return lines


def slider_line(at: int, newest: int, last: int, look: Look) -> Text:
    """`├━━━●━━───┤ 37/200`: what is learned so far in a heavier line; a click leads to an update."""
    last = max(last, newest)
    room = max(_NARROWEST_SLIDER, look.width - 2 * len(str(last)) - 4)
    line = cell(look.signs("├"))
    here, learned = (round(moment / max(1, last) * (room - 1)) for moment in (at, newest))
    for column in range(room):
        sign = "●" if column == here else "━" if column <= learned else "─"
        click = Style(meta={"update": round(column / (room - 1) * last)})
        line.append(look.signs(sign), (look.palette.query if column == here else Style()) + click)
    line.append(look.signs("┤"))
    line.append(f" {at}/{last}", look.palette.dim)
    return line


def _heading(values: FloatArray, axis: LossAxis, at: int | None, width: int, look: Look) -> Text:
    """What the numbers at the left are, and the marked update with its loss: as much of it as there is room for."""
    long, short = ("loss_log", "loss_log_short") if axis.logarithmic else ("loss", "loss")
    marks = _marked(values, at, look)
    wordings = [(title, mark) for title in (look.learning(long), look.learning(short), "") for mark in marks]
    fitting = (one for one in wordings if cell_len(one[0]) + bool(one[0]) * 2 + cell_len(one[1]) <= width)
    title, mark = next(fitting, ("", ""))
    text = cell(title, look.palette.title)
    if mark:
        text.append(" " * (width - cell_len(title) - cell_len(mark)))
        text.append(mark, look.palette.query)
    return text


def _marked(values: FloatArray, at: int | None, look: Look) -> tuple[str, ...]:
    """The marked update and its loss in words, the longest wording first."""
    if at is None:
        return ("",)
    loss = look.signs(loss_number(float(values[at]), look.digits))
    number = NumberFormat(0).text(at)
    wordings = (look.learning("marked_update", number=number, loss=loss), f"{number}{look.word('colon')}{loss}")
    return (*(f"{look.signs('●')} {wording}" for wording in wordings), loss)


def _plot(
    values: FloatArray, axis: LossAxis, canvas: _Canvas, last: int, at: int | None, margin: int, look: Look
) -> Iterator[Text]:
    """The rows between the heading and the axis of the updates."""
    signs = _signs(_dots(values, axis, canvas, last), canvas)
    styles = [[look.palette.bar] * canvas.columns for _ in range(canvas.rows)]
    for update in np.flatnonzero(~can_be_drawn(values)).tolist():
        column = canvas.column_of(update, last)
        signs[0][column], styles[0][column] = look.signs("✗"), look.palette.wrong
    if at is not None:
        _mark(values, axis, canvas, (canvas.column_of(at, last), at), signs, styles, look)
    labels = {canvas.row_of(axis.share(tick)): text for tick, text in zip(axis.ticks, axis.labels, strict=True)}
    for row in range(canvas.rows):
        label = labels.get(row)
        line = cell(f"{label or '':>{margin - 1}} {look.signs('┤' if label else '│')}", look.palette.dim)
        for column, (sign, style) in enumerate(zip(signs[row], styles[row], strict=True)):
            line.append(sign, style + Style(meta={"update": canvas.update_at(column, last)}))
        yield line


def _mark(
    values: FloatArray,
    axis: LossAxis,
    canvas: _Canvas,
    place: tuple[int, int],
    signs: list[list[str]],
    styles: list[list[Style]],
    look: Look,
) -> None:
    """A dot on the line where the marked update is, and a stem from it down to the axis."""
    column, at = place
    row = 0
    if can_be_drawn(values)[at]:
        row = canvas.row_of(axis.share(float(values[at])))
        signs[row][column] = look.signs("●")
    styles[row][column] = look.palette.query
    for below in range(row + 1, canvas.rows):
        if signs[below][column] == " ":
            signs[below][column] = look.signs("┆")
            styles[below][column] = look.palette.query


def _dots(values: FloatArray, axis: LossAxis, canvas: _Canvas, last: int) -> Dots:
    """The line through the losses: in each dot column from the least to the greatest that falls into it."""
    dots = np.zeros((canvas.rows * canvas.down, canvas.columns * canvas.across), dtype=np.bool_)
    updates = np.flatnonzero(can_be_drawn(values))
    if not len(updates):
        return dots
    columns = canvas.dot_columns(updates, last)
    rows = canvas.dot_rows(axis.shares(values[updates]))
    first = np.flatnonzero(np.diff(columns, prepend=-1))  # where each column's updates begin
    least, most = np.minimum.reduceat(rows, first), np.maximum.reduceat(rows, first)
    for column, top, bottom in zip(columns[first].tolist(), least.tolist(), most.tolist(), strict=True):
        _fill(dots, column, top, bottom)
    for before, after in pairwise(first.tolist()):
        if updates[after] == updates[after - 1] + 1:
            ends = (int(columns[before]), float(rows[after - 1])), (int(columns[after]), float(rows[after]))
            _connect(dots, *ends)
    return dots


def _connect(dots: Dots, start: tuple[int, float], end: tuple[int, float]) -> None:
    """A straight line between two dots of different columns, without a gap."""
    (left, from_row), (right, to_row) = start, end
    slope = (to_row - from_row) / (right - left)
    for column in range(left, right + 1):
        around = (max(left, column - 0.5), min(right, column + 0.5))
        one, other = (from_row + slope * (place - left) for place in around)
        _fill(dots, column, min(one, other), max(one, other))


def _fill(dots: Dots, column: int, top: float, bottom: float) -> None:
    dots[int(np.rint(top)) : int(np.rint(bottom)) + 1, column] = True


def _signs(dots: Dots, canvas: _Canvas) -> list[list[str]]:
    """The character of each cell; one without a dot is blank."""
    if canvas.across > 1:
        return braille(dots)
    cells = dots.reshape(canvas.rows, canvas.down, canvas.columns)
    heights = (cells * np.array([1, 2, 4])[:, None]).sum(axis=1)  # (rows, columns)
    return [[_STROKES.get(bits, "|") if bits else " " for bits in row] for row in heights.tolist()]
