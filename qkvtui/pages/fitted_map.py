"""A map of a matrix for a room: its numbers as fine as all columns have room for, else a window of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..narration.numbers import NumberFormat
from .cut_names import LONGEST_COLUMN_LABEL
from .lines import cell_len
from .matrices import Matrix, number_width
from .matrix_map import MatrixMap, ShareFormat, TenthsFormat
from .room import PageRoom
from .windows import around, whole

_LONGEST_LABEL = 10
_TO_COUNT = 7
"""Cells beside a window that say how many columns there are more."""


def map_that_fits(matrix: Matrix, room: PageRoom, wordings: Sequence[NumberFormat] = ()) -> MatrixMap:
    """The map around the marked number, not shaded yet; `wordings`: how its numbers may be written, finest first."""
    down, across = matrix.shape
    row, column = (mark or 0 for mark in matrix.marks)
    most = max(1, (room.height or 64) - 1)
    rows = whole(down) if down <= most else around(row, down, most)
    label = 2 + min(_LONGEST_LABEL, max(cell_len(matrix.labels_down[index]) for index in rows.shown))
    label = max(label, 0 if rows.whole else len(f"+{down} "))
    left = room.width - label
    wordings = wordings or _wordings(matrix)
    for number, written in enumerate((*wordings, wordings[min(1, len(wordings) - 1) if matrix.shaded else 0])):
        has_brackets = not (matrix.shaded and number)
        each = number_width(replace(matrix, written=written), rows, room) + 1 + has_brackets
        if each * across + (not has_brackets) <= left:
            break
    is_whole = each * across + (not has_brackets) <= left
    columns = whole(across) if is_whole else around(column, across, max(1, (left - _TO_COUNT) // each))
    before = _before(matrix, each, left, has_brackets) if is_whole else 0
    return MatrixMap(matrix, rows, columns, written, label, each, has_brackets=has_brackets, before=before)


def _before(matrix: Matrix, each: int, left: int, has_brackets: bool) -> int:
    """Cells before each column of a whole matrix, so that its labels are seen as far as there is room."""
    labels = min(LONGEST_COLUMN_LABEL, max(map(cell_len, matrix.labels_across)))
    wanted = labels + len("▾ ") + has_brackets
    return max(0, min(wanted, (left - (not has_brackets)) // len(matrix.labels_across)) - each)


def _wordings(matrix: Matrix) -> list[NumberFormat]:
    """How the numbers may be written, the finest first."""
    if matrix.shaded:
        return [matrix.written, ShareFormat(2), TenthsFormat(1)]
    if matrix.written.exponent:
        return [matrix.written]
    return [NumberFormat(decimals) for decimals in range(matrix.written.decimals, -1, -1)]
