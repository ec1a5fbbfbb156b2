"""The product that a gradient is: its two matrices, taken from the terms of its cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from ..narration.formats import line_format
from ..operations.tensors import Address, Cells, CellsInTurn, Line
from ..trace.labels import labels_of, step_labels
from ..trace.terms import opened
from ..trace.trace import Trace
from .matrices import Matrix, turned
from .operands import oriented, product_of, step_matrix
from .products import ProductTable
from .scene import Scene, ShownNumbers


def gradient_product(scene: Scene, at: Address) -> ProductTable:
    """The product whose result is the step of `at`, with its current cell marked.

    Its cells must open into sums of products: a row of the left matrix and a column of the right one each.
    """
    step = scene.trace.step(at.name)

    def lines_at(cell: Address) -> tuple[Line, Line]:
        """The row of the left matrix and the column of the right one that this cell is the product of."""
        left, right = opened(scene.trace, cell).groups.lines
        return left, right

    @cache
    def left(row: int) -> ShownNumbers:
        return _numbers(scene, lines_at(replace(at, row=row))[0])

    @cache
    def right(column: int) -> ShownNumbers:
        return _numbers(scene, lines_at(replace(at, column=column))[1])

    row, column = lines_at(at)
    inner = _labels(scene, row)
    down, across = step_labels(scene.trace, step, scene.room.language, at.head)
    first = _factor(scene, row, (down, inner), left, at)
    if len(across) > 1 and lines_at(replace(at, column=0))[0] != lines_at(replace(at, column=1))[0]:
        # Each number has a left side of its own, as where a gain multiplies number by number: the one that is shown.
        first = replace(first, column_labels=(across[at.column],), name="")
    second = _factor(scene, column, (across, inner), right, at)
    result = step_matrix(scene, at.name, at.head)
    return product_of(oriented(first, scene), oriented(turned(second), scene), result, at, scene)


def _numbers(scene: Scene, line: Line) -> ShownNumbers:
    values = line.values(scene.trace)
    return ShownNumbers(values).veiled(scene.mask_of(line))


def _factor(
    scene: Scene,
    line: Line,
    labels: tuple[Sequence[str], Sequence[str]],
    numbers: Callable[[int], ShownNumbers],
    at: Address,
) -> Matrix:
    """The matrix whose rows are these lines; under its own addresses, where its lines are columns.

    `labels` are those of its lines and of what is summed over, which both factors share.
    """
    trace = scene.trace
    names = dict.fromkeys(part.name for part in _parts(line))
    matrix = Matrix(
        " ".join(trace.step(name).symbol if trace.has(name) else name for name in names),
        *labels,
        numbers,
        line_format(trace, line, scene.room.digits),
        name=_name(trace, line),
        head=at.head,
    )
    if not _goes_down(line):
        return matrix

    def across(index: int) -> ShownNumbers:
        lines = [numbers(other) for other in range(len(labels[0]))]
        hidden = np.array([one.hides(index) for one in lines]) if scene.room.hidden else None
        return ShownNumbers(np.array([one.values[index] for one in lines])).veiled(hidden)

    return replace(matrix, row_labels=matrix.column_labels, column_labels=matrix.row_labels, row=across, turned=True)


def _parts(line: Line) -> tuple[Cells, ...]:
    return line.parts if isinstance(line, CellsInTurn) else (line,)


def _goes_down(line: Line) -> bool:
    """Whether its cells are below each other."""
    return _parts(line)[0].row is None


def _labels(scene: Scene, line: Line) -> tuple[str, ...]:
    """What the cells of a line stand for; of several lines in turn, as `K1:0` for the first of head 1's keys."""
    trace, parts = scene.trace, _parts(line)
    several = len({part.name for part in parts}) > 1
    found: list[str] = []
    for part in parts:
        rows, columns = labels_of(trace, part.name, scene.room.language, part.head)
        letter = trace.step(part.name).symbol.removeprefix("d") if several and trace.has(part.name) else ""
        head = part.head if trace.shape.heads > 1 else ""
        before = f"{letter}{head}:" if len(parts) > 1 else ""
        found += [f"{before}{label}" for label in (rows if part.row is None else columns)[: len(part)]]
    return tuple(found)


def _name(trace: Trace, line: Line) -> str:
    """What a click on its numbers chooses; nothing where the columns are those of several heads."""
    return _parts(line)[0].name if trace.shape.heads == 1 and not isinstance(line, CellsInTurn) else ""
