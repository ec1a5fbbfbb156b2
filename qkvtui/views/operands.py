"""The matrices that a step's drawing is made of, taken from the trace."""

from __future__ import annotations

from dataclasses import replace

from ..engine.arrays import FloatArray
from ..narration.arithmetic import step_format
from ..narration.numbers import format_for
from ..trace.addresses import Address, leaf_array
from ..trace.steps import Kind
from ..trace.terms import first_column, projection_letter, projection_source
from ..trace.trace import Trace
from .look import Look
from .matrices import Matrix
from .products import Product


def step_matrix(trace: Trace, step_id: str, head: int, look: Look) -> Matrix:
    """A step's own matrix, nothing marked."""
    step = trace.step(step_id)
    return Matrix(
        symbol=step.symbol,
        row_labels=step.row_labels,
        column_labels=step.column_labels,
        row=lambda row: trace.row(step_id, row, head),
        written=step_format(trace, step_id, head, look.digits),
        name=step_id,
        head=head,
        shaded=step.type.kind is Kind.SOFTMAX,
    )


def context_matrix(trace: Trace, look: Look) -> Matrix:
    """Y, the embeddings of the tokens attended to."""
    y = trace.example.inputs["Y"]
    return Matrix("Y", trace.example.keys, _counted(y.shape[1]), lambda row: y[row], format_for(y, look.digits))


def projection(trace: Trace, cell: Address, look: Look) -> Product | None:
    """The product of a projection step with its current cell marked; None where the result is given in the file."""
    source = projection_source(trace, cell.name)
    if source is None:
        return None
    letter = projection_letter(cell.name)
    if source == "Y":
        left = context_matrix(trace, look)
    else:
        left = step_matrix(trace, "embeddings" if source == "X" else source, 0, look)
        left = left if source != "X" or cell.name == "queries" else replace(left, row_labels=trace.example.keys)
    result = step_matrix(trace, cell.name, cell.head, look)
    start = first_column(trace, cell.name, cell.head)
    weights = _columns_of(trace, f"W_{letter}", start, result.shape[1], look)
    bias = f"b_{letter}"
    return Product(
        left=replace(left, marked_row=cell.row),
        right=replace(weights, marked_column=cell.column),
        result=replace(result, marked_row=cell.row, marked_column=cell.column),
        row=cell.row,
        column=cell.column,
        bias=_columns_of(trace, bias, start, result.shape[1], look) if bias in trace.example.parameters else None,
    )


def score_product(trace: Trace, cell: Address, look: Look) -> Product:
    """Q × Kᵀ = S with its current cell marked."""
    queries = step_matrix(trace, "queries", cell.head, look)
    keys = step_matrix(trace, "keys", cell.head, look)
    result = step_matrix(trace, "scores", cell.head, look)
    turned = Matrix(
        symbol="Kᵀ",
        row_labels=keys.column_labels,
        column_labels=keys.row_labels,
        row=lambda feature: _key_feature(trace, feature, cell.head),
        written=keys.written,
        name="keys",
        head=cell.head,
        marked_column=cell.column,
        transposed=True,
    )
    return Product(
        left=replace(queries, marked_row=cell.row),
        right=turned,
        result=replace(result, marked_row=cell.row, marked_column=cell.column),
        row=cell.row,
        column=cell.column,
    )


def _key_feature(trace: Trace, feature: int, head: int) -> FloatArray:
    return trace.keys(head)[:, feature]


def _columns_of(trace: Trace, name: str, start: int, width: int, look: Look) -> Matrix:
    """One head's columns of a parameter; a row vector becomes a matrix of one row."""
    array = leaf_array(trace, name)
    assert array is not None
    table = array[None] if array.ndim == 1 else array
    part = table[:, start : start + width]
    rows = (name,) if array.ndim == 1 else _counted(table.shape[0])
    columns = tuple(str(index) for index in range(start, start + width))
    return Matrix(name, rows, columns, lambda row: part[row], format_for(table, look.digits))


def _counted(count: int) -> tuple[str, ...]:
    return tuple(str(index) for index in range(count))
