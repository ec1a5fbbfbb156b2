"""Matrices and shares, for what is drawn of a training run."""

from __future__ import annotations

from math import isnan

from rich.text import Text

from ..pages.lines import half_columns
from ..pages.matrices import Matrix, matrix_table
from ..pages.windows import Window
from .blocks import CellBlock, block_of, left_cell
from .look import Look

MOST_ROWS = 24
"""Rows of a table on a page, besides one that says how many more there are."""


def matrix_block(matrix: Matrix, rows: Window, columns: Window, look: Look) -> CellBlock:
    """The matrix, or the window of it, with its symbol in the corner."""
    return block_of(matrix_table(matrix, rows, columns, look), look.palette)


def bar(share: float, room: int, look: Look) -> Text:
    """As many half columns as the share is of the room, after a blank; nothing for what is no number."""
    halves = 0 if isnan(share) else round(share * 2 * room)
    return left_cell(look.signs(f" {half_columns(halves)}"), look.palette.bar)
