"""One number of a parameter or an input that was printed wrong: everything else follows from another one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...engine.arrays import FloatArray
from ...operations.product import Product
from ...records import record
from .changes import Put
from .exercise import Exercise
from .judging import Judged
from .method import RIGHT, Method
from .ways import before
from .working import working_of

_NOTHING = 1e-9
_LEAST_CELLS = 2
"""One wrong number alone is likelier to be wrong itself."""


@record(frozen=True)
class Misprint:
    """A number of the file, and what it must have been."""

    place: str
    """`W_Q[3,1]`."""
    given: str
    meant: str
    method: Method
    """Calculating with what was meant."""


def misprinted(exercise: Exercise, own: Sequence[Judged]) -> Misprint | None:
    """The one number of a matrix that explains all that is wrong in a projection, if exactly one does.

    With it changed, every printed number of the step must come out.
    """
    step = own[0].one.step
    operation = exercise.graph.rows[step].operation
    if len(own) < _LEAST_CELLS or not isinstance(operation, Product) or len(operation.pairs) != 1:
        return None
    left, right = (factor.name for factor in operation.pairs[0])
    inputs = working_of(exercise).whole(left)
    if right not in exercise.leaves or len(inputs) > 1:
        return None
    columns = {_column_of(exercise, step, one) for one in own}
    found = _candidates(exercise, step, own, inputs[0], right) if len(columns) == 1 else []
    return found[0] if len(found) == 1 else None


def _column_of(exercise: Exercise, step: str, one: Judged) -> int:
    """The column of the matrix that a number of a projection belongs to."""
    heads = exercise.graph.heads_of(step)
    return one.one.column if heads is None else heads.column(one.one.head, one.one.column)


def _candidates(exercise: Exercise, step: str, own: Sequence[Judged], inputs: FloatArray, right: str) -> list[Misprint]:
    matrix = exercise.leaves[right]
    column = _column_of(exercise, step, own[0])
    off = np.array([one.one.published - one.one.computed for one in own])
    rows = [one.one.row for one in own]
    printed = exercise.printed[step]
    found = []
    for index in range(inputs.shape[1]):
        factors = inputs[rows, index]
        if (np.abs(factors) < _NOTHING).any():
            continue
        given = float(matrix[0, index, column])
        meant = given + float(np.median(off / factors))
        shortest = (round(meant, digits) for digits in range(printed.decimals + 3))
        for one in shortest:
            method = before(exercise, RIGHT, step, right, Put((0, index, column), one))
            if printed.agree(working_of(exercise, method).whole(step)):
                found.append(Misprint(f"{right}[{index},{column}]", f"{given:.12g}", f"{one:.12g}", method))
                break
    return found
