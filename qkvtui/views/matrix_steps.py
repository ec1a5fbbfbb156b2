"""Steps that are drawn as matrices: embeddings, projections, scores, heads side by side; and parameters."""

from __future__ import annotations

from dataclasses import replace

from ..operations.tensors import Address
from ..trace.trace import Trace
from ..trace.walk import Place
from .blocks import Block, beside, gap
from .look import Look
from .matrices import Matrix, column_width, label_width, matrix_block
from .operands import context_matrix, head_columns, leaf_matrix, projection, score_product, step_matrix
from .products import fits, product_block, product_row_block
from .windows import Window, around, only, picked, whole

_LARGEST_MATRIX = 64


def given(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    """X, and Y beside it where there is a context."""
    x = matrix_of(trace, at, look)
    y_look = look.sized(look.width - x.width - 4, look.height)
    if "Y" not in trace.example.inputs or y_look.width < 20:
        return x
    y = _matrix_that_fits(context_matrix(trace, y_look), Address("Y", place.key, at.column), y_look, current=False)
    return beside(x, gap(4), y) if y.width <= y_look.width else x


def projected(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    """A projection X × W = Q; the result alone where the file gives it."""
    product = projection(trace, at, look)
    if product is None:
        return matrix_of(trace, at, look)
    return product_block(product, look) or product_row_block(product, look)


def projected_row(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    """The current row of a projection only."""
    product = projection(trace, at, look)
    if product is None:
        return matrix_of(trace, at, look)
    return product_row_block(product, look)


def whole_scores(trace: Trace, at: Address, look: Look) -> Block | None:
    """Q × Kᵀ = S, or None where not all of it fits."""
    return product_block(score_product(trace, at, look), look)


def concatenation(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    """The heads' outputs side by side; a column `1:0` is head 1's first. One token's only where numbers are hidden."""
    matrix = replace(step_matrix(trace, "heads", 0, look), column_labels=head_columns(trace))
    return _matrix_that_fits(matrix, at, look, one_token=look.hidden.touches("heads"))


def matrix_of(trace: Trace, at: Address, look: Look) -> Block:
    """A step's own matrix, whatever it was computed from."""
    return _matrix_that_fits(step_matrix(trace, at.name, at.head, look), at, look)


def parameter(trace: Trace, at: Address, look: Look) -> Block:
    """An input or parameter with one number marked."""
    return _matrix_that_fits(leaf_matrix(trace, at, look), at, look)


def attention_matrix(trace: Trace, place: Place, look: Look) -> Block | None:
    """The weights of all queries as one shaded matrix, or None where it does not fit."""
    if max(trace.shape.queries, trace.shape.keys) > _LARGEST_MATRIX:
        return None
    matrix = replace(step_matrix(trace, "weights", place.head, look), marked_row=place.query, marked_column=place.key)
    rows, columns = (whole(count) for count in matrix.shape)
    drawn = matrix_block(matrix, rows, columns, look)
    return drawn if fits(drawn, look) else None


def _matrix_that_fits(matrix: Matrix, at: Address, look: Look, current: bool = True, one_token: bool = False) -> Block:
    """The whole matrix, else the rows and columns around a cell; its row is marked, and it where it is current."""
    rows, columns = matrix.shape
    row, column = matrix.shown_at(at.row, at.column)
    marked = replace(matrix, marked_row=at.row, marked_column=at.column if current else None)
    if rows <= (look.height or 64) and columns <= look.width and not one_token:
        drawn = matrix_block(marked, whole(rows), whole(columns), look)
        if fits(drawn, look):
            return drawn
    visible = only(row, rows) if one_token and not matrix.turned else _rows_around(row, rows, look)
    if one_token and matrix.turned:
        return matrix_block(marked, visible, picked((column,), columns), look)
    most = (look.width - label_width(marked, visible)) // column_width(marked, visible, look)
    for room in range(min(columns, most), 0, -1):
        drawn = matrix_block(marked, visible, around(column, columns, room), look)
        if drawn.width <= look.width:
            return drawn
    return matrix_block(marked, only(row, rows), only(column, columns), look)


def _rows_around(row: int, count: int, look: Look) -> Window:
    room = (look.height or 64) - 1
    return whole(count) if count <= room else around(row, count, max(1, room - 2))
