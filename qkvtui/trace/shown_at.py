"""Where in a walk an address is shown: the step, and the cell of it."""

from __future__ import annotations

from dataclasses import replace

from ..errors import UsageError
from ..graph.block import WORDS
from ..operations.given import Given
from ..operations.look_up import LookedUp
from ..operations.tensors import Address, Axis
from ..said import say
from .addresses import is_behind_step
from .trace import Trace
from .walk import Place, cell_of, to_cell, to_head, to_step


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
    if address.name == WORDS and trace.example.vocabulary is None:
        return _where_word_is(trace, place, address)
    row = next(row for row in trace.graph.steps if address.name in row.operation.sources)
    if isinstance(row.operation, LookedUp):
        users = [token for token, looked_up in enumerate(row.operation.rows) if looked_up == address.row]
        return row.id, min(users, default=place.query), address.column, 0
    if address.name == WORDS:  # turned over, to read the next word
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
    if WORDS not in trace.example.learn.train:
        raise UsageError(
            say("{word} is not in the sentence that is walked through, and its embedding does not move", word=word)
        )
    return "update", trace.backward.index_of(WORDS, address.row, address.column), 0, 0
