"""The matrices that a step's drawing is made of, taken from the trace; turned over where tokens are columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..engine.arrays import FloatArray
from ..narration.formats import step_format
from ..narration.numbers import format_for
from ..operations.operation import Drawing
from ..operations.tensors import Address
from ..trace.addresses import leaf_array
from ..trace.changes import leaf_before, row_before
from ..trace.terms import first_column, projection_letter, projection_source
from ..trace.trace import Trace
from .look import Look
from .matrices import Matrix, turned
from .products import Product


def step_matrix(trace: Trace, step_id: str, head: int, look: Look) -> Matrix:
    """A step's own matrix, nothing marked."""
    step = trace.step(step_id)
    matrix = Matrix(
        symbol=step.symbol,
        row_labels=step.row_labels,
        column_labels=step.column_labels,
        row=lambda row: trace.row(step_id, row, head),
        written=step_format(trace, step_id, head, look.digits),
        before=lambda row: row_before(trace, step_id, row, head),
        name=step_id,
        head=head,
        shaded=step.type.kind is Drawing.SOFTMAX,
    )
    return oriented(matrix, look)


def context_matrix(trace: Trace, look: Look, name: str = "Y") -> Matrix:
    """Y, the embeddings of the tokens attended to; or Z, what the values are made of."""
    y = trace.example.inputs[name]
    before = leaf_before(trace, name)
    matrix = Matrix(
        name,
        trace.example.keys,
        _counted(y.shape[1]),
        lambda row: y[row],
        format_for(y, look.digits),
        before=lambda row: None if before is None else before[row],
        name=name,
    )
    return oriented(matrix, look)


def projection(trace: Trace, cell: Address, look: Look) -> Product | None:
    """The product of a projection step with its current cell marked; None where the result is given in the file."""
    source = projection_source(trace, cell.name)
    if source is None:
        return None
    letter = projection_letter(trace, cell.name)
    if source in ("Y", "Z"):
        left = context_matrix(trace, look, source)
    else:
        left = step_matrix(trace, "embeddings" if source == "X" else source, 0, look)
        left = left if source != "X" or cell.name == "queries" else replace(left, row_labels=trace.example.keys)
    result = step_matrix(trace, cell.name, cell.head, look)
    start = first_column(trace, cell.name, cell.head)
    width = len(result.column_labels)
    weights = _columns_of(trace, f"W_{letter}", start, width, look)
    bias = f"b_{letter}"
    if source == "heads":
        of_heads = head_columns(trace)
        left, weights = replace(left, column_labels=of_heads), replace(weights, row_labels=of_heads)
    added = _columns_of(trace, bias, start, width, look) if bias in trace.example.parameters else None
    return product_of(left, weights, result, cell, look, added)


def head_columns(trace: Trace) -> tuple[str, ...]:
    """The columns of the heads side by side: `1:0` is head 1's first."""
    return tuple(f"{head}:{column}" for head in range(trace.shape.heads) for column in range(trace.shape.d_v))


def score_product(trace: Trace, cell: Address, look: Look) -> Product:
    """Q × Kᵀ = S with its current cell marked; Kᵀ × Q = S where tokens are columns."""
    names = (*trace.graph.rows[cell.name].operation.sources, cell.name)
    queries, keys, result = (step_matrix(trace, name, cell.head, look) for name in names)
    symbol = trace.graph.symbol(names[1])
    return product_of(queries, replace(turned(keys), symbol=f"{symbol}ᵀ"), result, cell, look)


def product_of(
    first: Matrix, second: Matrix, result: Matrix, cell: Address, look: Look, bias: Matrix | None = None
) -> Product:
    """`first × second = result`, which turned over is `second × first = result`, with the current cell marked."""
    row, column = result.shown_at(cell.row, cell.column)
    left, right = (second, first) if look.in_columns else (first, second)
    return Product(
        left=_marked(left, row=row),
        right=_marked(right, column=column),
        result=_marked(result, row=row, column=column),
        row=row,
        column=column,
        bias=bias,
    )


def _marked(matrix: Matrix, row: int | None = None, column: int | None = None) -> Matrix:
    """The matrix with the row or column marked that is seen there."""
    down, across = (column, row) if matrix.turned else (row, column)
    return replace(matrix, marked_row=down, marked_column=across)


def oriented(matrix: Matrix, look: Look) -> Matrix:
    """The matrix as the look wants its tokens; every matrix of the file or of a step passes here once.

    Where tokens are columns, a letter means what is then shown, except that of a parameter, which means the file's.
    """
    shown = turned(matrix) if look.in_columns else matrix
    named = look.in_columns and "W_" not in matrix.symbol
    return shown if shown.turned == named else replace(shown, symbol=f"{matrix.symbol}ᵀ")


def leaf_matrix(trace: Trace, at: Address, look: Look) -> Matrix:
    """An input or a parameter as the file gives it."""
    array, before = leaf_array(trace, at.name), leaf_before(trace, at.name)
    assert array is not None
    table, old = _table(array, at.head), None if before is None else _table(before, at.head)
    rows = {"X": trace.example.tokens, "Q": trace.example.tokens}.get(at.name, trace.example.keys)
    matrix = Matrix(
        symbol=at.name,
        row_labels=rows if at.name in trace.example.inputs else _counted(table.shape[0]),
        column_labels=_counted(table.shape[1]),
        row=lambda row: table[row],
        written=format_for(array, look.digits),
        before=lambda row: None if old is None else old[row],
        name=at.name,
        head=at.head,
    )
    return oriented(matrix, look)


def _table(array: FloatArray, head: int) -> FloatArray:
    """An array of one, two or three axes as rows of numbers."""
    return np.atleast_2d(array[head] if array.ndim == 3 else array)


def _columns_of(trace: Trace, name: str, start: int, width: int, look: Look) -> Matrix:
    """One head's columns of a parameter; a row vector becomes a matrix of one row."""
    array, old = leaf_array(trace, name), leaf_before(trace, name)
    assert array is not None
    part = np.atleast_2d(array)[:, start : start + width]
    before = None if old is None else np.atleast_2d(old)[:, start : start + width]
    rows = (name,) if array.ndim == 1 else _counted(array.shape[0])
    columns = tuple(str(index) for index in range(start, start + width))
    written = format_for(array if old is None else np.concatenate([array, old]), look.digits)
    matrix = Matrix(
        name,
        rows,
        columns,
        lambda row: part[row],
        written,
        before=lambda row: None if before is None else before[row],
    )
    return oriented(matrix, look)


def _counted(count: int) -> tuple[str, ...]:
    return tuple(str(index) for index in range(count))
