"""What a change did: the same numbers as they were before it, of the same tokens wherever those stand now."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..engine.arrays import FloatArray
from ..operations.tensors import Address, Axis
from ..records import record
from .addresses import exists, value_at
from .changes import differ
from .trace import Trace


@record(frozen=True)
class Shift:
    """What a change did to the share that one token gets."""

    key: int
    before: float
    after: float


def attention_shifts(trace: Trace, query: int, head: int = 0) -> tuple[Shift, ...]:
    """What the last change did to whom the query attends to, largest shift first; nothing where nothing changed."""
    old, new = row_before(trace, "weights", query, head), trace.row("weights", query, head)
    if old is None:
        return ()
    order = np.argsort(-np.abs(new - old), kind="stable")
    shifts = (Shift(int(key), float(old[key]), float(new[key])) for key in order)
    return tuple(shift for shift in shifts if differ(shift.before, shift.after))


def row_before(trace: Trace, step_id: str, row: int, head: int = 0) -> FloatArray | None:
    """The same row before the last change, where there was one of the same length; of the same tokens if they moved."""
    before = trace.compared_to
    return _row_of(before, trace, step_id, row, head) if before is not None and before.has(step_id) else None


def column_before(trace: Trace, step_id: str, column: int, head: int = 0) -> FloatArray | None:
    """One column of a step before the last change."""
    before = trace.compared_to
    if before is None or not before.has(step_id):
        return None
    rows, columns = _orders(trace, step_id)
    found: FloatArray = before.matrix(step_id, head)[:, column if columns is None else columns[column]]
    return found if rows is None else found[list(rows)]


def leaf_row_before(trace: Trace, name: str, row: int, head: int = 0) -> FloatArray | None:
    """A row of an input or a parameter before the last change."""
    before = trace.compared_to
    return _row_of(before, trace, name, row, head) if before is not None and before.is_leaf(name) else None


def _row_of(before: Trace, trace: Trace, name: str, row: int, head: int) -> FloatArray:
    """The row of the same token before, in the order of now."""
    rows, columns = _orders(trace, name)
    found = before.row(name, row if rows is None else rows[row], head)
    return found if columns is None else found[list(columns)]


def value_before(trace: Trace, cell: Address) -> float | None:
    """The number at an address before the last change, where there was one."""
    before = trace.compared_to
    if before is None or not exists(before, cell):
        return None
    rows, columns = _orders(trace, cell.name)
    row, column = cell.row if rows is None else rows[cell.row], cell.column if columns is None else columns[cell.column]
    return value_at(before, replace(cell, row=row, column=column))


def _orders(trace: Trace, name: str) -> tuple[tuple[int, ...] | None, tuple[int, ...] | None]:
    """For the rows and the columns of a tensor, where each stood before its tokens were moved; None: where it is."""
    if trace.order is None:
        return None, None
    own_keys = trace.example.context is None
    moved = {Axis.QUERY: trace.order, Axis.KEY: trace.order if own_keys else None}
    if name in _OF_FILE:
        rows, columns = _OF_FILE[name]
    elif name in trace.graph.rows:
        rows, columns = trace.graph.rows[name].rows, trace.graph.rows[name].columns
    else:
        return None, None
    return moved.get(rows), moved.get(columns)


_OF_FILE = {
    **dict.fromkeys(("X", "Q"), (Axis.QUERY, Axis.FEATURE)),
    **dict.fromkeys(("Y", "Z", "K", "V"), (Axis.KEY, Axis.FEATURE)),
    "S": (Axis.QUERY, Axis.KEY),
}
"""Inputs, and what their rows and columns are of."""
