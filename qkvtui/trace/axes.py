"""What the rows and columns of a step are called: tokens, words, entries, parameters, or numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from ..graph.rows import GraphRow
from ..operations.tensors import Axis
from .table import Numbers


def axis_labels(
    trace: Numbers, axis: Axis, row: GraphRow, learned: Callable[[Axis], tuple[str, ...]]
) -> tuple[str, ...]:
    """The labels along one axis of a row of the graph; `learned` knows those of a learning task."""
    example = trace.example
    match axis:
        case Axis.QUERY:
            return example.tokens
        case Axis.KEY:
            return example.keys
        case Axis.LABEL if example.readout is not None and example.vocabulary is not None:
            return tuple(example.vocabulary.words)
        case Axis.LABEL | Axis.ENTRY | Axis.NEW:
            return learned(axis)
        case Axis.PARAMETER if len(_parameter_shape(trace, row)) == 1:
            return (row.id.removeprefix("d_"),)
        case Axis.POSITION if example.context is None:
            return example.tokens
        case _:
            rows, columns = trace.graph.shape(row.id)
            return _counted(columns if axis is row.columns else rows)


@lru_cache
def _counted(count: int) -> tuple[str, ...]:
    """Numbers from 0; a table asks for those of its columns in every line."""
    return tuple(map(str, range(count)))


def equation_in_columns(trace: Numbers, row: GraphRow) -> str:
    """A row's equation for tokens as columns: of its own transpose, but parameters stay as they are."""
    turns = row.of_parameter and len(_parameter_shape(trace, row)) > 1
    return row.operation.equation(trace.graph, f"{row.symbol}{'ᵀ' if turns else ''}", True)


def _parameter_shape(trace: Numbers, row: GraphRow) -> tuple[int, ...]:
    return trace.leaf_shape(row.id.removeprefix("d_"))
