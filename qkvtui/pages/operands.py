"""The matrices that a step's drawing is made of, taken from the trace; turned over where tokens are columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..engine.arrays import FloatArray
from ..graph.features import axis_names
from ..narration.formats import leaf_format
from ..operations.tensors import Address
from ..trace.before import leaf_row_before
from ..trace.labels import is_vector, labels_of, step_labels
from ..trace.terms import first_column, projection_parameters, projection_source
from .matrices import Matrix, matrix_that_fits, turned
from .products import ProductTable
from .scene import Scene, ShownNumbers
from .tables import Layout


def shares_of_words(scene: Scene, at: Address) -> FloatArray | None:
    """What tells which of many words a page shows first: their numbers in the row of a cell; None for other steps."""
    step = scene.trace.step(at.name)
    return scene.row(at.name, at.row).values if step.ranks_words else None


def step_matrix(scene: Scene, step_id: str, head: int = 0) -> Matrix:
    """A step's own matrix, nothing marked."""
    step = scene.trace.step(step_id)
    rows, columns = step_labels(scene.trace, step, scene.room.language, head)
    matrix = Matrix(
        symbol=step.symbol,
        row_labels=rows,
        column_labels=columns,
        row=lambda row: scene.row(step_id, row, head),
        written=scene.format(step_id, head),
        name=step_id,
        head=head,
        shaded=scene.is_shaded(step_id),
        order=_order(scene, step_id),
        named=_named(scene, step_id, head),
    )
    return oriented(matrix, scene)


def _order(scene: Scene, step_id: str) -> Sequence[int] | None:
    """The columns in the order in which they are shown, where these are many words: those with most first."""
    shares = shares_of_words(scene, Address(step_id, scene.place.query, 0))
    return None if shares is None else np.argsort(-shares, kind="stable").tolist()


def matrix_of(scene: Scene, at: Address) -> Layout:
    """A step's own matrix, whatever it was computed from."""
    return matrix_that_fits(step_matrix(scene, at.name, at.head), at, scene.room)


def leaf_matrix(scene: Scene, name: str, head: int = 0, columns: range | None = None) -> Matrix:
    """An input or a parameter as the file gives it; or only one head's columns, which cannot be chosen."""
    trace = scene.trace
    rows, across = labels_of(trace, name, scene.room.language, head)
    if is_vector(trace, name):
        rows = ("0",) if columns is None else (name,)
    part_start = 0 if columns is None else columns.start
    part = slice(None) if columns is None else slice(columns.start, columns.stop)

    def row(index: int) -> ShownNumbers:
        before = leaf_row_before(trace, name, index, head)
        now = trace.row(name, index, head)[part]
        return ShownNumbers(now, before=None if before is None else before[part])

    matrix = Matrix(
        symbol=name,
        row_labels=rows,
        column_labels=across[part],
        row=row,
        written=leaf_format(trace, name, scene.room.digits, with_before=columns is not None),
        name=name if columns is None else "",
        head=head,
        named=_named(scene, name, head),
        down=None if trace.compared_to is not None else lambda column: trace.column(name, column + part_start, head),
    )
    return oriented(matrix, scene)


def projection(scene: Scene, cell: Address) -> ProductTable | None:
    """The product of a projection step with its current cell marked; None where the result is given in the file."""
    trace = scene.trace
    source = projection_source(trace, cell.name)
    if source is None:
        return None
    if source in ("Y", "Z"):
        left = leaf_matrix(scene, source)
    else:
        left = step_matrix(scene, "embeddings" if source == "X" else source)
        left = left if source != "X" or cell.name == "queries" else replace(left, row_labels=trace.example.keys)
    result = step_matrix(scene, cell.name, cell.head)
    start = first_column(trace, cell.name, cell.head)
    columns = range(start, start + len(result.column_labels))
    parameter, bias = projection_parameters(trace, cell.name)
    if parameter.turned:  # the table of words, to which a row is compared
        weights = turned(leaf_matrix(scene, parameter.name))
        weights = replace(weights, symbol=f"{parameter.name}{'' if scene.room.in_columns else 'ᵀ'}")
    else:
        weights = leaf_matrix(scene, parameter.name, columns=columns)
    if result.named[1]:
        weights = replace(weights, column_labels=result.column_labels)
    if source == "heads":
        of_heads = head_columns(scene)
        left, weights = replace(left, column_labels=of_heads), replace(weights, row_labels=of_heads)
    added = None if bias is None else leaf_matrix(scene, bias, columns=columns)
    return product_of(left, weights, result, cell, scene, added)


def head_columns(scene: Scene) -> tuple[str, ...]:
    """The columns of the heads side by side: `1:0` is head 1's first, or `1:living` where they have names."""
    shape, (names, _) = scene.trace.shape, axis_names(scene.trace.example, "W_O")
    if names is not None:
        return names.labels(scene.room.language)
    return tuple(f"{head}:{column}" for head in range(shape.heads) for column in range(shape.d_v))


def score_product(scene: Scene, cell: Address) -> ProductTable:
    """Q × Kᵀ = S with its current cell marked; Kᵀ × Q = S where tokens are columns."""
    asks, answers = scene.trace.graph.rows[cell.name].operation.sources[:2]
    queries, keys, result = (step_matrix(scene, name, cell.head) for name in (asks, answers, cell.name))
    return product_of(queries, replace(turned(keys), symbol=f"{keys.symbol}ᵀ"), result, cell, scene)


def product_of(
    first: Matrix, second: Matrix, result: Matrix, cell: Address, scene: Scene, bias: Matrix | None = None
) -> ProductTable:
    """`first × second = result`, which turned over is `second × first = result`, with the current cell marked."""
    row, column = result.shown_at(cell.row, cell.column)
    left, right = (second, first) if scene.room.in_columns else (first, second)
    return ProductTable(
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


def oriented(matrix: Matrix, scene: Scene) -> Matrix:
    """The matrix as the page wants its tokens; every matrix of the file or of a step passes here once.

    Where tokens are columns, a letter means what is then shown, except that of a parameter, which means the file's.
    """
    shown = turned(matrix) if scene.room.in_columns else matrix
    named = scene.room.in_columns and "W_" not in matrix.symbol
    return shown if shown.turned == named else replace(shown, symbol=f"{matrix.symbol}ᵀ")


def _named(scene: Scene, tensor: str, head: int) -> tuple[bool, bool]:
    """Whether its rows, and its columns, have names."""
    rows, columns = axis_names(scene.trace.example, tensor, head)
    return rows is not None, columns is not None
