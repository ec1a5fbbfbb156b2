"""Matrices as blocks, for what is drawn of a training run."""

from __future__ import annotations

from ..pages.matrices import Matrix, column_width, label_width, matrix_table
from ..pages.windows import Window
from .blocks import CellBlock, block_of
from .look import Look

__all__ = ["Matrix", "column_width", "label_width", "matrix_block"]


def matrix_block(matrix: Matrix, rows: Window, columns: Window, look: Look) -> CellBlock:
    """The matrix, or the window of it, with its symbol in the corner."""
    return block_of(matrix_table(matrix, rows, columns, look), look.palette)
