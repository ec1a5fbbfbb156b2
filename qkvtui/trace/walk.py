"""Walking through a trace: where one is, and where each move leads. Pure: no screen, no printing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..graph.layers import reads_otherwise
from ..operations.operation import Drawing
from ..operations.residual import Summed
from ..operations.tensors import Address, Axis
from ..records import record
from .attends import attends
from .parts import Step, reads_words
from .trace import Trace


@record(frozen=True)
class Place:
    """Where one is in a lesson. Every index is in range for the trace it was made for."""

    step: int = 0
    """Index into the trace's steps."""
    query: int = 0
    """The token that asks."""
    key: int = 0
    """The token that answers: the current column where columns are keys, the current row where rows are."""
    feature: int | None = None
    """The current column where columns are features or labels; `cell_of` clips it to the step's width. None: the first
    one, or in a block, where most numbers of a row may be 0, the one with the largest number."""
    head: int = 0
    moving: int | None = None
    """Which of the numbers that move one follows, at the steps where rows are those of a parameter, or such numbers;
    None: the one that moves most."""
    word: int | None = None
    """The current column where columns are the words that may come next; None: the one with the largest number."""


def nearest_place(trace: Trace, step_id: str, place: Place) -> Place | None:
    """That place at a step, or the nearest to it that this trace has; None where it has no such step."""
    if not trace.has(step_id):
        return None
    shape = trace.shape
    return replace(
        place,
        step=trace.step(step_id).number - 1,
        query=min(place.query, shape.queries - 1),
        key=min(place.key, shape.keys - 1),
        head=min(place.head, shape.heads - 1),
    )


def start(trace: Trace, *, query: int | None = None, head: int | None = None) -> Place:
    """The first step; the file's query unless another is asked for; the token it attends to most as the key.

    The head is the file's too, or in an example that learns the one that has a target.
    """
    asked = trace.example.query if query is None else query
    if head is None:
        learn = trace.example.learn
        head = min(trace.example.head if learn is None else learn.head, trace.shape.heads - 1)
    return Place(query=asked, key=attends(trace, asked, head).ranked[0].index, head=head)


def entered(before: Trace, after: Trace, query: int, head: int) -> Place:
    """The first step of another layer: the same token asks, or in a layer that reads other words that of its side."""
    asked = None if reads_otherwise(before.example, after.example) else query
    return start(after, query=asked, head=min(head, after.shape.heads - 1))


def walked_into(before: Trace, after: Trace, step: int, place: Place) -> Place:
    """A step of another layer that the walk goes on to.

    The key is the one that is attended to most there, unless the learner chose one that was not so in the layer before.
    """
    there = to_step(after, keep_place(before, after, place), step)
    first = start(before, query=place.query, head=place.head).key
    if place.key != first or not _looks_alike(before, after):
        return there
    return replace(there, key=start(after, query=there.query, head=there.head).key)


def step_at(trace: Trace, place: Place) -> Step:
    """The step one is at."""
    return trace.walk[place.step]


def cell_of(trace: Trace, place: Place) -> Address:
    """The current cell of the current step."""
    step = step_at(trace, place)
    if step.type.rows in _MOVING:
        return Address(step.id, *_moving_at(trace, place, step))
    if not step.type.has_numbers:  # the summary ranks the weights
        return Address("weights", place.query, place.key, place.head)
    row = place.key if step.type.rows is Axis.KEY else place.query
    if step.type.columns is Axis.KEY:
        column = place.key
    elif reads_words(trace.example, step):
        column = int(np.argmax(trace.row(step.id, row))) if place.word is None else min(place.word, step.shape[1] - 1)
    else:
        column = _feature_at(trace, place, step, row)
    return Address(step.id, row, column, place.head if step.type.per_head else 0)


def _feature_at(trace: Trace, place: Place, step: Step, row: int) -> int:
    """The column of a step whose columns are features or labels; side by side those of the place's head."""
    first, width = 0, step.shape[1]
    if step.type.kind is Drawing.CONCATENATION:
        width = trace.shape.d_v
        first = place.head * width
    if place.feature is not None:
        return first + min(place.feature, width - 1)
    if trace.example.block is None or trace.example.is_stored:  # a model's rows are too long to go to and fro in
        return first
    operation = trace.graph.rows[step.id].operation
    is_sum = isinstance(operation, Summed) and trace.has(operation.sources[-1])
    name = operation.sources[-1] if is_sum else step.id  # of a sum what is new in it
    numbers = trace.row(name, row, place.head if step.type.per_head else 0)[first : first + width]
    return first + int(np.argmax(np.abs(numbers)))


_MOVING = (Axis.PARAMETER, Axis.ENTRY)
"""What the rows of the steps are that show numbers that move."""


def _moving_at(trace: Trace, place: Place, step: Step) -> tuple[int, int]:
    """Row and column of the number that one follows, or else of the step's number that moves most."""
    back = trace.backward
    if step.type.rows is Axis.ENTRY:
        return back.steepest() if place.moving is None else min(place.moving, len(back.entries) - 1), 0
    name = back.name_of(step.id)
    followed = None if place.moving is None else back.entry(min(place.moving, len(back.entries) - 1))
    _, row, column = followed if followed is not None and followed[0] == name else back.entry(back.steepest(name))
    return row, column


def to_step(trace: Trace, place: Place, index: int) -> Place:
    """The step with this index, or the first or last one."""
    return replace(place, step=max(0, min(index, len(trace.walk) - 1)))


def to_query(trace: Trace, place: Place, query: int) -> Place:
    """Another token asks; the first or last one where there are no more."""
    return replace(place, query=max(0, min(query, trace.shape.queries - 1)))


def to_head(trace: Trace, place: Place, head: int) -> Place:
    """Another head, or the first or last one."""
    return replace(place, head=max(0, min(head, trace.shape.heads - 1)))


def to_cell(trace: Trace, place: Place, row: int, column: int) -> Place:
    """Another cell of the current step."""
    step = step_at(trace, place)
    if step.type.rows in _MOVING:
        is_entry = step.type.rows is Axis.ENTRY
        index = row if is_entry else trace.backward.index_of(trace.backward.name_of(step.id), row, column)
        return replace(place, moving=index)
    moved = replace(place, **{"key" if step.type.rows is Axis.KEY else "query": row})
    if step.type.columns is Axis.KEY:
        return replace(moved, key=column)
    if step.type.kind is Drawing.CONCATENATION:
        head, feature = divmod(column, trace.shape.d_v)
        return replace(moved, head=head, feature=feature)
    if reads_words(trace.example, step):
        is_largest = column == int(np.argmax(trace.row(step.id, row)))
        return replace(moved, word=None if is_largest else column)
    return replace(moved, feature=column)


def move_cell(trace: Trace, place: Place, by: int) -> Place:
    """The cell `by` columns on; stays in the row, except that the row of a key, a value or a parameter leads on."""
    step = step_at(trace, place)
    rows, columns = step.shape
    cell = cell_of(trace, place)
    row, column = cell.row, max(0, min(cell.column + by, columns - 1))
    if step.type.rows is not Axis.QUERY:
        row, column = divmod(max(0, min(cell.row * columns + cell.column + by, rows * columns - 1)), columns)
    elif step.ranks_words:  # as they are shown: the most probable first
        order = np.argsort(-trace.row(step.id, cell.row), kind="stable").tolist()
        column = order[max(0, min(order.index(cell.column) + by, columns - 1))]
    return place if (row, column) == (cell.row, cell.column) else to_cell(trace, place, row, column)


def keep_place(before: Trace, after: Trace, place: Place) -> Place:
    """The same step, query, key and head in a changed example; the one before where one is gone, a moved token's."""
    kept = [step.id for step in before.walk[: place.step + 1] if after.has(step.id)]
    step = after.step(kept[-1]).number - 1 if kept else 0
    if not _looks_alike(before, after):
        return replace(entered(before, after, place.query, place.head), step=step)
    return Place(
        step=step,
        query=min(_moved(before, after, place.query), after.shape.queries - 1),
        key=min(_moved(before, after, place.key, of_keys=True), after.shape.keys - 1),
        feature=place.feature,
        head=min(place.head, after.shape.heads - 1),
        moving=place.moving,
        word=place.word,
    )


def _looks_alike(one: Trace, other: Trace) -> bool:
    """Whether in two layers, also of different examples, the same words look at the same words."""
    same_keys = one.example.context_layer == other.example.context_layer
    return same_keys and not reads_otherwise(one.example, other.example)


def _moved(before: Trace, after: Trace, index: int, *, of_keys: bool = False) -> int:
    """Where a token stands after the change, or after it was undone."""
    if of_keys and after.example.context is not None:
        return index
    if after.order is not None and after.compared_to is before:
        return after.order.index(index)
    if before.order is not None and before.compared_to is after:
        return before.order[index]
    return index
