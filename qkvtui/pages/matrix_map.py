"""A matrix as a map: a few characters for each number, shaded by signs, with what is forbidden left open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from ..engine.arrays import FloatArray
from ..narration.numbers import NumberFormat
from ..narration.sentences import Role
from ..records import record
from .graphemes import graphemes
from .lines import Line, Pen, cell_len, padded, shorten
from .matrices import Matrix
from .room import PageRoom
from .scene import Scene, ShownNumbers
from .windows import Window

_SHADES = " ░▒▓█"
_LEAST_MARKED = 2
"""Cells of a column beyond which there is room for a mark before its label."""


class ShareFormat(NumberFormat):
    """Writes shares of the attention in three characters: .26, 1.0."""

    def text(self, value: float) -> str:
        """The share without the 0 before its point."""
        text = f"{value:.2f}"
        return text[1:] if text.startswith("0") else text[:3]


class TenthsFormat(NumberFormat):
    """Writes shares of the attention in one digit."""

    def text(self, value: float) -> str:
        """0 for less than a tenth, 9 for nine tenths and more; what rounding left below a tenth counts as the tenth."""
        return str(max(0, min(9, int(value * 10 + 1e-9))))


@record(frozen=True)
class Shading:
    """How dark a number is: from nothing at `least` to full at `most`."""

    least: float
    most: float
    of_size: bool = False
    """Whether numbers below 0 are shaded like those above."""

    def sign(self, value: float) -> str:
        """One of five signs; none for what is no number."""
        if not np.isfinite(value) or self.most <= self.least:
            return _SHADES[0]
        part = ((abs(value) if self.of_size else value) - self.least) / (self.most - self.least)
        return _SHADES[max(0, min(len(_SHADES) - 1, round(part * (len(_SHADES) - 1))))]


NO_SHADING = Shading(0.0, 0.0)


@record(frozen=True)
class MatrixMap:
    """A part of a matrix, how wide its columns are, and how its numbers are written and shaded."""

    matrix: Matrix
    rows: Window
    columns: Window
    written: NumberFormat
    label: int
    """Cells of the labels of rows, with the mark before them."""
    each: int
    """Cells of a column, with the shade before its number."""
    shading: Shading = NO_SHADING
    is_forbidden: Callable[[int, int], bool] = lambda row, column: False
    """(row, column) as they are addressed → whether the query may not look there."""
    before: int = 0
    """Empty cells before a column, where its label needs them."""
    has_brackets: bool = False
    """Whether a column has a cell behind its number, for the bracket of the current one."""
    is_small: bool = False
    """Whether it is one of several: one grapheme above a column, and the current number only in another colour."""

    def shaded(self, *, by_pairs: bool) -> MatrixMap:
        """With shades between the numbers in sight; of scores, `by_pairs`, the least has none."""
        values = np.array([row.values for row in self._numbers()], dtype=np.float64)
        return replace(self, shading=_shading_of(values, by_pairs=by_pairs, are_shares=self.matrix.shaded))

    def lines(self, room: PageRoom) -> Iterator[Line]:
        """The labels of the columns, then a line for each row."""
        yield self._header(room)
        numbers = self._numbers()
        for index, row in zip(self.rows.shown, numbers, strict=True):
            yield self._line(index, row, room)

    def _header(self, room: PageRoom) -> Line:
        below = self.rows.count - len(self.rows.shown)
        pen = Pen().write(padded(f"+{below}" if below else "", self.label), Role.DIM)
        pen.write(room.signs("‹") if self.columns.before else "", Role.DIM)
        each = self.before + self.each
        for index in self.columns.shown:
            marked = index == self.matrix.marks[1]
            label = self.matrix.labels_across[index]
            mark = room.signs("▾") if marked and not self.is_small and each > _LEAST_MARKED else ""
            text = mark + _label(label, first_width(label) if self.is_small else each - 1 - len(mark))
            behind = " " * (self.has_brackets and cell_len(text) < each - 1)
            text = " " * (each - cell_len(text + behind)) + text + behind
            pen.write(text, Role.MARKED if marked else Role.HEADER)
        hidden = self.columns.count - len(self.columns.shown)
        return pen.write(f" +{hidden}" if hidden else "", Role.DIM).line

    def _numbers(self) -> list[ShownNumbers]:
        """The numbers in sight, line by line as they are shown; no row is computed that is out of sight."""
        down, across = self.rows.shown, self.columns.shown
        if not self.matrix.turned:
            return [self.matrix.numbers(row).some(across) for row in down]
        parts = [self.matrix.numbers(row).some(down) for row in across]
        values = np.array([part.values for part in parts]).T
        hidden = np.array([[part.hides(at) for at in range(len(down))] for part in parts], dtype=np.bool_).T
        return [
            ShownNumbers(row).veiled(some if some.any() else None) for row, some in zip(values, hidden, strict=True)
        ]

    def _line(self, index: int, numbers: ShownNumbers, room: PageRoom) -> Line:
        marked = index == self.matrix.marks[0]
        name = shorten(self.matrix.labels_down[index], self.label - 2, room.signs("…"))
        text = (room.signs("▸") if marked else " ") + name
        pen = Pen().write(text + " " * (self.label - cell_len(text)), Role.MARKED if marked else Role.LABEL)
        pen.write(" " * bool(self.columns.before))
        for at, column in enumerate(self.columns.shown):
            self._cell(pen, (index, column), numbers, at, room)
        if not self.has_brackets and self._is_bracketed(index, self.columns.shown[-1]):
            pen.write("]", Role.CURRENT)
        return pen.line

    def _is_bracketed(self, row: int, column: int) -> bool:
        """Whether brackets stand around this number."""
        return not self.is_small and (row, column) == self.matrix.marks

    def _cell(self, pen: Pen, place: tuple[int, int], numbers: ShownNumbers, at: int, room: PageRoom) -> None:
        row, column = self.matrix.shown_at(*place)
        value, current = float(numbers.values[at]), place == self.matrix.marks
        shade, text = room.signs(self.shading.sign(value)), room.signs(self.written.text(value))
        width = self.each - 1 - self.has_brackets
        if numbers.hides(at):
            shade, text = " ", "_" * min(4, width)
        elif np.isneginf(value) or self.is_forbidden(row, column):
            shade, text = " ", forbidden_sign(room)
        is_share = self.matrix.shaded and np.isfinite(value)
        share = value if is_share and not current else None
        role = Role.CURRENT if current else Role.PLAIN
        closes = not self.has_brackets and self._is_bracketed(place[0], place[1] - 1) and at > 0
        if self.before:
            pen.write("]" * closes, Role.CURRENT).write(" " * (self.before - closes))
        if self._is_bracketed(*place):
            pen.write("[", role)
        elif closes and not self.before:
            pen.write("]", Role.CURRENT)
        else:
            pen.write(shade, share=share)
        pen.write(" " * (width - cell_len(text)), role, share=share)
        pen.write(text, role, share=share, click=self.matrix.click(row, column))
        if self.has_brackets:
            pen.write("]" if current else " ", role)


def forbidden_sign(room: PageRoom) -> str:
    """What stands where a query may not look."""
    return "." if room.ascii else "·"


def forbidden(scene: Scene, head: int) -> Callable[[int, int], bool]:
    """(query, key) → whether a mask forbids that query to look there."""
    return lambda query, key: bool(np.isneginf(scene.trace.mask_row(query, head)[key]))


def _label(token: str, width: int) -> str:
    """As much of a token as stands above a column; `?` where its first grapheme cannot."""
    kept, used = "", 0
    for grapheme, cells in graphemes(token):
        if not (kept or cells) or used + cells > width:
            break
        kept, used = kept + grapheme, used + cells
    return kept or "?"


def first_width(token: str) -> int:
    """The terminal cells of a column's label that is as short as can be."""
    return graphemes(token)[0][1] or 1


def _shading_of(values: FloatArray, *, by_pairs: bool, are_shares: bool) -> Shading:
    """How numbers are shaded: shares from 0, scores from the least, others by their size."""
    seen = values[np.isfinite(values)]
    if not seen.size:
        return NO_SHADING
    if by_pairs and not are_shares:
        return Shading(float(seen.min()), float(seen.max()))
    return Shading(0.0, float(np.abs(seen).max()), of_size=not are_shares)
