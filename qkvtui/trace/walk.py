"""Walking through a trace: where one is, and where each move leads. Pure: no screen, no printing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..errors import UsageError
from ..graph.block import MANY_WORDS
from ..graph.layers import reads_otherwise
from ..operations.given import Given
from ..operations.look_up import LookedUp
from ..operations.operation import Drawing
from ..operations.tensors import Address, Axis
from ..records import record
from ..said import say
from .addresses import is_behind_step
from .attends import attends
from .parts import Step
from .table import VOCABULARY
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
    feature: int = 0
    """The current column where columns are features or labels; `cell_of` clips it to the step's width."""
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

    The head is the one that has a target, in an example that learns, or else the first.
    """
    asked = trace.example.query if query is None else query
    if head is None:
        head = 0 if trace.example.learn is None else trace.example.learn.head
    return Place(query=asked, key=attends(trace, asked, head).ranked[0].index, head=head)


def entered(before: Trace, after: Trace, query: int, head: int) -> Place:
    """The first step of another layer: the same token asks, or in a layer that reads other words that of its side."""
    asked = None if reads_otherwise(before.example, after.example) else query
    return start(after, query=asked, head=min(head, after.shape.heads - 1))


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
    column = place.key if step.type.columns is Axis.KEY else min(place.feature, step.shape[1] - 1)
    if _reads_words(trace, step):
        column = int(np.argmax(trace.row(step.id, row))) if place.word is None else min(place.word, step.shape[1] - 1)
    if step.type.kind is Drawing.CONCATENATION:  # the place's head says whose columns
        column = place.head * trace.shape.d_v + min(place.feature, trace.shape.d_v - 1)
    return Address(step.id, row, column, place.head if step.type.per_head else 0)


def _reads_words(trace: Trace, step: Step) -> bool:
    """Whether the step's columns are the words that may come next."""
    return step.type.columns is Axis.LABEL and trace.example.readout is not None


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
    if _reads_words(trace, step):
        return replace(moved, word=column)
    return replace(moved, feature=column)


def move_cell(trace: Trace, place: Place, by: int) -> Place:
    """The cell `by` columns on; stays in the row, except that the row of a key, a value or a parameter leads on."""
    step = step_at(trace, place)
    rows, columns = step.shape
    cell = cell_of(trace, place)
    if step.type.rows is not Axis.QUERY:
        row, column = divmod(max(0, min(cell.row * columns + cell.column + by, rows * columns - 1)), columns)
        return to_cell(trace, place, row, column)
    if _reads_words(trace, step) and columns > MANY_WORDS:  # as they are shown: the most probable first
        order = np.argsort(-trace.row(step.id, cell.row), kind="stable").tolist()
        return to_cell(trace, place, cell.row, order[max(0, min(order.index(cell.column) + by, columns - 1))])
    return to_cell(trace, place, cell.row, max(0, min(cell.column + by, columns - 1)))


def to_address(trace: Trace, place: Place, address: Address) -> Place:
    """The step and cell an address names.

    An input or a parameter is shown at the step that first uses it, a number derived from a step where it is drawn.
    """
    if is_behind_step(trace, address.name):
        address = _where_drawn(trace, place, address)
    if trace.is_leaf(address.name):
        step_id, row, column, head = _where_used(trace, place, address)
    else:
        step_id, row, column, head = address.name, address.row, address.column, address.head
    number = trace.step(step_id).number
    moved = to_step(trace, place, number - 1)
    if trace.step(step_id).type.per_head:
        moved = to_head(trace, moved, head)
    return to_cell(trace, moved, row, column)


def _where_drawn(trace: Trace, place: Place, address: Address) -> Address:
    """Softmax's numbers stand at the weights, a setting where it is used, what an optimiser remembers at the update."""
    row, column, head = address.row, address.column, address.head
    user = next((one for one in trace.graph.steps if address.name in one.operation.sources), None)
    match address.name:
        case "exp":
            return Address("weights", row, column, head)
        case "sum" | "max" if trace.softmax_over == "columns":
            return Address("weights", place.query, row, head)
        case "sum" | "max":
            return Address("weights", row, place.key, head)
        case _ if user is not None and not user.learns:
            here = Address(user.id, row, column, place.head)
            return here if trace.labels(address.name) else replace(here, row=place.query, column=place.key)
        case "target":
            return Address("loss", row, column, head)
        case "mean":
            of = next(row for row in trace.graph.steps if "mean" in (extra.name for extra in row.operation.extras()))
            return Address(of.id, row, place.key, head)
        case "count" | "rate" | "m_share" | "v_share":
            here = cell_of(trace, place)
            return here if trace.has(here.name) and trace.step(here.name).type.learns else Address("update", 0, 0)
        case _:
            return _at_user(trace, place, address) or Address("update", row, 0)


def _at_user(trace: Trace, place: Place, address: Address) -> Address | None:
    """The cell of the step that a stage belongs to, or that a setting goes into."""
    for row in trace.graph.steps:
        names = (*row.operation.sources, *(extra.name for extra in row.operation.extras()))
        if address.name in names and (not row.learns or address.name.startswith("along")):
            rows, columns = trace.graph.shape(row.id)
            column = address.column if row.columns is Axis.KEY else min(address.column, columns - 1)
            axes = trace.graph.rows[address.name]
            at = (min(address.row, rows - 1), place.query)[axes.rows is Axis.ONE]
            return Address(
                row.id, at, (column, place.key)[axes.columns is Axis.ONE and row.columns is Axis.KEY], address.head
            )
    return None


def _where_used(trace: Trace, place: Place, address: Address) -> tuple[str, int, int, int]:
    """(step id, row, column, head) of a cell that is computed from this input or parameter."""
    if address.name == VOCABULARY and trace.example.vocabulary is None:
        return _where_word_is(trace, place, address)
    row = next(row for row in trace.graph.steps if address.name in row.operation.sources)
    if isinstance(row.operation, LookedUp):
        users = [token for token, looked_up in enumerate(row.operation.rows) if looked_up == address.row]
        return row.id, min(users, default=place.query), address.column, 0
    if address.name == VOCABULARY:  # turned over, to read the next word
        return row.id, place.query, address.row, 0
    if isinstance(row.operation, Given):
        return row.id, address.row, address.column, address.head * row.group
    if address.name in trace.example.inputs:
        return row.id, address.row, 0, place.head
    head, column = divmod(address.column, trace.step(row.id).shape[1])
    return row.id, place.key if row.rows is Axis.KEY else place.query, column, head * row.group


def _where_word_is(trace: Trace, place: Place, address: Address) -> tuple[str, int, int, int]:
    """The row of X that a word's embedding is, or, where the sentence has no such word, its number that moves."""
    assert trace.example.learn is not None
    assert trace.example.learn.vocabulary is not None
    word = trace.example.learn.vocabulary.words[address.row]
    if word in trace.example.tokens:
        return "embeddings", trace.example.tokens.index(word), address.column, 0
    if VOCABULARY not in trace.example.learn.train:
        raise UsageError(
            say("{word} is not in the sentence that is walked through, and its embedding does not move", word=word)
        )
    return "update", trace.backward.index_of(VOCABULARY, address.row, address.column), 0, 0


def keep_place(before: Trace, after: Trace, place: Place) -> Place:
    """The same step, query, key and head in a changed example; the one before where one is gone, a moved token's."""
    kept = [step.id for step in before.walk[: place.step + 1] if after.has(step.id)]
    step = after.step(kept[-1]).number - 1 if kept else 0
    if not looks_alike(before, after):
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


def looks_alike(one: Trace, other: Trace) -> bool:
    """Whether in two layers the same words look at the same words."""
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
