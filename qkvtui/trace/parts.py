"""What a trace is made of: its sizes, its steps, one row of softmax in stages."""

from __future__ import annotations

import numpy as np

from ..engine.arrays import FloatArray
from ..graph.block import MANY_WORDS
from ..graph.example import Example
from ..graph.rows import Graph, GraphRow
from ..operations.operation import At
from ..operations.softmax import Softmax
from ..operations.tensors import Axis
from ..records import record


@record(frozen=True)
class Shape:
    """The sizes of an example, in the letters of the field."""

    queries: int  # t
    keys: int  # s
    d_model: int | None  # m; None where Q, K and V are given
    d_k: int
    """0 where the scores are given."""
    d_v: int
    heads: int  # h
    kv_heads: int


@record(frozen=True)
class Step:
    """One step of one trace."""

    type: GraphRow
    number: int
    """Counted from 1."""
    formula: str
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    formula_in_columns: str
    """The same for readers whose tokens are columns."""

    @property
    def id(self) -> str:
        """The stable id (`scores`)."""
        return self.type.id

    @property
    def symbol(self) -> str:
        """The matrix the step makes (`S`)."""
        return self.type.symbol

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return len(self.row_labels), len(self.column_labels)

    @property
    def ranks_words(self) -> bool:
        """Whether its columns are so many words that the largest numbers come first."""
        return self.type.columns is Axis.LABEL and self.shape[1] > MANY_WORDS


def reads_words(example: Example, step: Step) -> bool:
    """Whether the step's columns are the words that may come next."""
    return step.type.columns is Axis.LABEL and example.readout is not None


@record(frozen=True)
class SoftmaxRow:
    """One row of softmax in stages; arrays (s,)."""

    scores: FloatArray
    maxima: FloatArray
    """What is taken away from each score: the row's maximum, everywhere the same (its column's, over columns)."""
    shifted: FloatArray
    exponentials: FloatArray
    totals: FloatArray
    """What each exponential is divided by: the row's sum, everywhere the same (its column's, over columns)."""
    weights: FloatArray

    @property
    def maximum(self) -> float:
        """The row's maximum."""
        return float(self.maxima[0])

    @property
    def total(self) -> float:
        """The sum of the row's exponentials."""
        return float(self.totals[0])


def shape_of(example: Example, graph: Graph) -> Shape:
    """The sizes of an example whose graph is this."""
    x, settings = example.inputs.get("X"), example.attention
    return Shape(
        queries=len(example.tokens),
        keys=len(example.keys),
        d_model=None if x is None else x.shape[1],
        d_k=graph.d_k or 0,
        d_v=graph.shape(graph.roles["values"])[1],
        heads=settings.heads,
        kv_heads=settings.kv_heads,
    )


def stages_of_row(operation: Softmax, block: At, index: tuple[int, int], weights: FloatArray) -> SoftmaxRow:
    """The stages of a row whose softmax gave `weights`; `index` is its head and its place in the block."""
    stages = operation.stages(block)
    along = (index[0], 0) if operation.over == "columns" else index
    keys = len(weights)
    return SoftmaxRow(
        scores=stages.scores[index],
        maxima=np.broadcast_to(stages.maximum[along], keys),
        shifted=stages.shifted[index],
        exponentials=stages.exponentials[index],
        totals=np.broadcast_to(stages.total[along], keys),
        weights=weights,
    )
