"""What the query's output becomes while the matrices are learned, where it is the output that has a target."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..narration.numbers import fixed_format
from ..pages.matrices import Matrix, column_width, label_width, turned
from ..pages.windows import Window, picked, whole
from ..trace.story import Story
from ..trace.study import Study
from .blocks import CellBlock
from .look import Look
from .run_blocks import MOST_ROWS, matrix_block


def _output(story: Story, at: int, symbol: str, names: Sequence[str], look: Look) -> Matrix:
    """The query's row of the last step at the start and at a moment, and where it has a target, as it should be."""
    rows = [story.run.moment(number).output(story.query) for number in (0, at)]
    if (wanted := story.wanted("output")) is not None:
        rows.append(wanted)
    columns = tuple(map(str, range(len(rows[0]))))
    written = fixed_format(np.concatenate(rows), look.digits)
    return Matrix(symbol, names[: len(rows)], columns, rows.__getitem__, written)


def _fitting_numbers(matrix: Matrix, look: Look) -> Window:
    """As many of the first columns as fit."""
    count = matrix.shape[1]
    width, label = column_width(matrix, whole(3), look), label_width(matrix, whole(3), look)
    if label + count * width <= look.width:
        return whole(count)
    return picked(range(max(1, (look.width - label - len(f" +{count}")) // width)), count)


def output_block(study: Study, look: Look) -> CellBlock:
    """The query's row at the start and at this moment, beside what it is to become; of a long row the first numbers."""
    symbol, *names = (look.studying(name) for name in ("output", "start", "now", "wanted"))
    matrix = _output(study.story, study.at, symbol, names, look)
    return matrix_block(matrix, whole(3), _fitting_numbers(matrix, look), look)


def _told_output(story: Story, look: Look) -> Matrix:
    names = [look.learning(name) for name in ("before", "after", "wanted")]
    return _output(story, story.run.end, "", names, look)


def told_output_rows(story: Story, look: Look) -> list[tuple[str, ...]]:
    """The query's row of the last step before and after, beside what it was to become: a column for each."""
    matrix = _told_output(story, look)
    columns = [
        (label, *map(matrix.written.text, matrix.numbers(at).values)) for at, label in enumerate(matrix.row_labels)
    ]
    return list(zip(("", *matrix.column_labels), *columns, strict=True))


def told_output_block(story: Story, look: Look) -> CellBlock:
    """The same, drawn; of a long row the first numbers."""
    matrix = turned(_told_output(story, look))
    rows, columns = matrix.shape
    return matrix_block(matrix, Window(0, min(rows, MOST_ROWS), rows), whole(columns), look)
