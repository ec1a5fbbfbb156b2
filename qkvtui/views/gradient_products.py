"""The product that a gradient is: its two matrices, taken from the terms of its cells."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np

from ..engine.arrays import FloatArray
from ..narration.formats import cell_format
from ..trace.addresses import Address, labels_of
from ..trace.cells import Cells, CellsInTurn, Line
from ..trace.terms import SumOfProducts, terms
from ..trace.trace import Trace
from .look import Look
from .matrices import Matrix
from .operands import step_matrix
from .products import Product


def gradient_product(trace: Trace, at: Address, look: Look) -> Product:
    """The product whose result is the step of `at`, with its current cell marked.

    Its cells must open into sums of products: a row of the left matrix and a column of the right one each.
    """
    factors = _Factors(trace, at)
    left, right = factors.lines_at(at)
    result = step_matrix(trace, at.name, at.head, look)
    inner = _labels(trace, left, down=False)
    return Product(
        left=Matrix(
            _symbol(trace, left, transposed=_goes_down(left)),
            result.row_labels,
            inner,
            lambda row: factors.left(row),
            cell_format(trace, left[0], look.digits),
            name=_name(trace, left),
            head=at.head,
            marked_row=at.row,
            transposed=_goes_down(left),
        ),
        right=Matrix(
            _symbol(trace, right, transposed=not _goes_down(right)),
            inner,
            result.column_labels,
            lambda row: factors.right[row],
            cell_format(trace, right[0], look.digits),
            name=_name(trace, right),
            head=at.head,
            marked_column=at.column,
            transposed=not _goes_down(right),
        ),
        result=replace(result, marked_row=at.row, marked_column=at.column),
        row=at.row,
        column=at.column,
    )


class _Factors:
    """The numbers of both matrices, worked out once."""

    def __init__(self, trace: Trace, at: Address) -> None:
        self._trace = trace
        self._at = at

    def lines_at(self, cell: Address) -> tuple[Line, Line]:
        """The row of the left matrix and the column of the right one that this cell is the product of."""
        origin = terms(self._trace, cell)
        assert isinstance(origin, SumOfProducts)
        return origin.left, origin.right

    def left(self, row: int) -> FloatArray:
        """One row of the left matrix."""
        return self.lines_at(replace(self._at, row=row))[0].values(self._trace)

    @cached_property
    def right(self) -> FloatArray:
        """(inner, columns)."""
        columns = range(self._trace.step(self._at.name).shape[1])
        lines = [self.lines_at(replace(self._at, column=column))[1].values(self._trace) for column in columns]
        return np.stack(lines, axis=1)


def _parts(line: Line) -> tuple[Cells, ...]:
    return line.parts if isinstance(line, CellsInTurn) else (line,)


def _goes_down(line: Line) -> bool:
    """Whether its cells are below each other."""
    return _parts(line)[0].row is None


def _symbol(trace: Trace, line: Line, transposed: bool) -> str:
    names = dict.fromkeys(part.name for part in _parts(line))
    symbols = [trace.step(name).symbol if trace.has(name) else name for name in names]
    return f"{' '.join(symbols)}{'ᵀ' if transposed else ''}"


def _labels(trace: Trace, line: Line, down: bool) -> tuple[str, ...]:
    """What the cells of a line stand for; of several lines in turn, the number of the line and a colon before it."""
    parts = _parts(line)
    found: list[str] = []
    for number, part in enumerate(parts):
        rows, columns = labels_of(trace, part.name)
        labels = rows if part.row is None else columns
        found += [f"{number}:{label}" if len(parts) > 1 else label for label in labels[: len(part)]]
    return tuple(found)


def _name(trace: Trace, line: Line) -> str:
    """What a click on its numbers chooses; nothing where the columns are those of several heads."""
    return _parts(line)[0].name if trace.shape.heads == 1 and not isinstance(line, CellsInTurn) else ""
