"""The product that a gradient is: its two matrices, taken from the terms of its cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from ..engine.arrays import FloatArray
from ..narration.formats import line_format
from ..operations.tensors import Address, Cells, CellsInTurn, Line
from ..trace.addresses import labels_of
from ..trace.terms import opened
from ..trace.trace import Trace
from .look import Look
from .matrices import Matrix, turned
from .operands import oriented, product_of, step_matrix
from .products import Product


def gradient_product(trace: Trace, at: Address, look: Look) -> Product:
    """The product whose result is the step of `at`, with its current cell marked.

    Its cells must open into sums of products: a row of the left matrix and a column of the right one each.
    """
    factors = _Factors(trace, at)
    left, right = factors.lines_at(at)
    result = step_matrix(trace, at.name, at.head, look)
    rows, columns = trace.step(at.name).row_labels, trace.step(at.name).column_labels
    inner = _labels(trace, left)
    first = _factor(trace, left, (rows, inner), factors.left, at, look)
    second = _factor(trace, right, (columns, inner), factors.right, at, look)
    return product_of(oriented(first, look), oriented(turned(second), look), result, at, look)


def _factor(
    trace: Trace,
    line: Line,
    labels: tuple[Sequence[str], Sequence[str]],
    numbers: Callable[[int], FloatArray],
    at: Address,
    look: Look,
) -> Matrix:
    """The matrix whose rows are these lines; under its own addresses, where its lines are columns.

    `labels` are those of its lines and of what is summed over, which both factors share.
    """
    names = dict.fromkeys(part.name for part in _parts(line))
    matrix = Matrix(
        " ".join(trace.step(name).symbol if trace.has(name) else name for name in names),
        *labels,
        numbers,
        line_format(trace, line, look.digits),
        name=_name(trace, line),
        head=at.head,
    )
    if not _goes_down(line):
        return matrix
    return replace(
        matrix,
        row_labels=matrix.column_labels,
        column_labels=matrix.row_labels,
        row=lambda index: np.array([numbers(other)[index] for other in range(len(labels[0]))]),
        turned=True,
    )


class _Factors:
    """The numbers of both matrices, each line worked out once."""

    def __init__(self, trace: Trace, at: Address) -> None:
        self._trace = trace
        self._at = at
        self.left = cache(self._left)
        """One row of the left matrix."""
        self.right = cache(self._right)
        """One column of the right matrix."""

    def lines_at(self, cell: Address) -> tuple[Line, Line]:
        """The row of the left matrix and the column of the right one that this cell is the product of."""
        left, right = opened(self._trace, cell).groups.lines
        return left, right

    def _left(self, row: int) -> FloatArray:
        return self.lines_at(replace(self._at, row=row))[0].values(self._trace)

    def _right(self, column: int) -> FloatArray:
        return self.lines_at(replace(self._at, column=column))[1].values(self._trace)


def _parts(line: Line) -> tuple[Cells, ...]:
    return line.parts if isinstance(line, CellsInTurn) else (line,)


def _goes_down(line: Line) -> bool:
    """Whether its cells are below each other."""
    return _parts(line)[0].row is None


def _labels(trace: Trace, line: Line) -> tuple[str, ...]:
    """What the cells of a line stand for; of several lines in turn, as `K1:0` for the first of head 1's keys."""
    parts = _parts(line)
    several = len({part.name for part in parts}) > 1
    found: list[str] = []
    for part in parts:
        rows, columns = labels_of(trace, part.name)
        letter = trace.step(part.name).symbol.removeprefix("d") if several and trace.has(part.name) else ""
        head = part.head if trace.shape.heads > 1 else ""
        before = f"{letter}{head}:" if len(parts) > 1 else ""
        found += [f"{before}{label}" for label in (rows if part.row is None else columns)[: len(part)]]
    return tuple(found)


def _name(trace: Trace, line: Line) -> str:
    """What a click on its numbers chooses; nothing where the columns are those of several heads."""
    return _parts(line)[0].name if trace.shape.heads == 1 and not isinstance(line, CellsInTurn) else ""
