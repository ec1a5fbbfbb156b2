"""Arrays written out in the file: lists, and lists of lists, to float64."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from ..engine.arrays import FloatArray
from ..operations.file_places import cell_place, entry_place, head_place, row_place
from ..said import say
from .cells import MOST_PER_ARRAY, read_numbers
from .draft import Draft
from .forms import Form, Need, fits, fits_matrix, needs_numbers
from .phrases import counted, is_kind


def literal_vector(value: object, place: str, form: Form, draft: Draft) -> FloatArray | None:
    """A list of numbers, (columns,); None after reporting what is wrong with it."""
    if not isinstance(value, list):
        draft.report(
            place,
            is_kind(value),
            say("{name} is a list of numbers, as in [1, 0]", name=form.name),
        )
        return None
    if value and all(isinstance(entry, list) for entry in value):
        draft.report(
            place, say("is a list of rows"), say("{name} is one row: a list of numbers, as in [1, 0]", name=form.name)
        )
        return None
    if not fits(len(value), form.columns, "number", place, form, draft):
        return None
    numbers = read_numbers(value, lambda index: entry_place(place, index), draft, form)
    return None if numbers is None else np.array(numbers)


def literal_matrix(value: object, place: str, form: Form, draft: Draft) -> FloatArray | None:
    """A list of rows, (rows, columns); None after reporting what is wrong with it."""
    rows = literal_rows(value, place, form, draft)
    return None if rows is None else _numbers(rows, place, form, draft)


def literal_heads(value: Sequence[object], place: str, form: Form, draft: Draft) -> FloatArray | None:
    """A list of matrices, (heads, rows, columns), all of the same shape."""
    matrices: list[FloatArray] = []
    for head, matrix in enumerate(value):
        made = literal_matrix(matrix, head_place(place, head), form, draft)
        if made is not None:
            matrices.append(made)
            form = _alike(form, made, head)
    return np.stack(matrices) if len(matrices) == len(value) else None


def is_stack(value: object) -> bool:
    """Whether `value` is meant as a list of matrices: the first entry of its first row is a list."""
    first = value[0] if isinstance(value, list) and value else None
    return isinstance(first, list) and bool(first) and isinstance(first[0], list)


def literal_rows(value: object, place: str, form: Form, draft: Draft) -> list[list[object]] | None:
    """The rows of `value`, of the right number and width and of any content."""
    as_rows = say("{name} is a list of rows, as in {as_rows}", name=form.name, as_rows=form.as_rows)
    if not isinstance(value, list):
        draft.report(place, is_kind(value), as_rows)
        return None
    wrong = [index for index, row in enumerate(value) if not isinstance(row, list)]
    if value and len(wrong) == len(value):
        draft.report(place, say("is a single list"), as_rows)
        return None
    if is_stack(value):
        draft.report(
            place,
            say("is a list of matrices"),
            say("{name} is one list of rows, as in {as_rows}", name=form.name, as_rows=form.as_rows),
        )
        return None
    for index in wrong[:MOST_PER_ARRAY]:
        draft.report(row_place(place, index), is_kind(value[index]), say("a row is a list of numbers"))
    if wrong:
        return None
    return value if _has_right_shape(value, place, form, draft) else None


def _has_right_shape(rows: Sequence[list[object]], place: str, form: Form, draft: Draft) -> bool:
    widths = [len(row) for row in rows]
    if len(set(widths)) == 1:
        return fits_matrix(len(rows), widths[0], place, form, draft)
    fits(len(rows), form.rows, "row", place, form, draft)
    if not rows:
        return False
    if form.columns is not None:
        right = form.columns.number
        expected = needs_numbers(form, form.columns, min(widths))
    else:
        right = Counter(widths).most_common(1)[0][0]
        expected = say(
            "row {index} has {right}, and all rows of a matrix are equally long", index=widths.index(right), right=right
        )
    wrong = [index for index, width in enumerate(widths) if width != right]
    for index in wrong[:MOST_PER_ARRAY]:
        draft.report(row_place(place, index), say("has {numbers}", numbers=counted(widths[index], "number")), expected)
    if len(wrong) > MOST_PER_ARRAY:
        draft.report(
            place,
            say(
                "{wrong} of its {rows} rows do not have {numbers}",
                wrong=len(wrong),
                rows=len(rows),
                numbers=counted(right, "number"),
            ),
        )
    return False


def _numbers(rows: Sequence[list[object]], place: str, form: Form, draft: Draft) -> FloatArray | None:
    made = np.empty((len(rows), len(rows[0])))
    wrong = 0
    for index, row in enumerate(rows):
        numbers = _row(row, place, index, form, draft)
        if numbers is not None:
            made[index] = numbers
            continue
        wrong += 1
        if wrong == MOST_PER_ARRAY:
            break
    return None if wrong else made


def _row(row: Sequence[object], place: str, index: int, form: Form, draft: Draft) -> list[float] | None:
    def place_of(column: int) -> str:
        return cell_place(place, index, column)

    return read_numbers(row, place_of, draft, form)


def _alike(form: Form, matrix: FloatArray, head: int) -> Form:
    rows, columns = matrix.shape
    because = say("as head {head} has", head=head)
    return form._replace(rows=form.rows or Need(rows, because), columns=form.columns or Need(columns, because))
