"""Walking through a trace: no move leads out of it, and every move can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qkvtui.files.read import load
from qkvtui.operations.operation import Drawing
from qkvtui.operations.rules import Rule
from qkvtui.operations.tensors import Address, Axis, made_of
from qkvtui.trace.addresses import parse_address
from qkvtui.trace.shown_at import to_address
from qkvtui.trace.terms import opened
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import (
    Place,
    cell_of,
    keep_place,
    move_cell,
    start,
    step_at,
    to_cell,
    to_head,
    to_query,
    to_step,
    walked_into,
)
from tests import samples

NAMES = pytest.mark.parametrize("name", samples.each(samples.LESSONS))
far = st.integers(-5, 5) | st.integers(-10_000, 10_000)
moves = st.lists(st.tuples(st.sampled_from(["step", "query", "head", "cell"]), far), max_size=12)


def in_range(trace: Trace, place: Place) -> bool:
    """Whether everything the place says exists."""
    cell = cell_of(trace, place)
    rows, columns = step_at(trace, place).shape
    return (
        0 <= place.step < len(trace.walk)
        and 0 <= place.query < trace.shape.queries
        and 0 <= place.key < trace.shape.keys
        and 0 <= place.head < trace.shape.heads
        and 0 <= cell.row < rows
        and 0 <= cell.column < columns
    )


def after(trace: Trace, place: Place, move: str, by: int) -> Place:
    """The place after one move."""
    match move:
        case "step":
            return to_step(trace, place, place.step + by)
        case "query":
            return to_query(trace, place, place.query + by)
        case "head":
            return to_head(trace, place, place.head + by)
        case _:
            return move_cell(trace, place, by)


def places(trace: Trace) -> Iterator[Place]:
    """The start, at every step and in the first and last head."""
    for step in range(len(trace.walk)):
        for head in {0, trace.shape.heads - 1}:
            yield replace(to_step(trace, start(trace), step), head=head)


@given(st.sampled_from(samples.LESSONS), moves)
def test_no_sequence_of_moves_leads_out_of_the_lesson(name: str, wanted: list[tuple[str, int]]) -> None:
    """Some sequence of keys ended in a traceback, or on a row that does not exist."""
    trace = samples.trace(name)
    place = start(trace)
    for move, by in wanted:
        place = after(trace, place, move, by)
        assert in_range(trace, place), (move, by)


@pytest.mark.sampled(4)
@NAMES
def test_next_and_back_are_each_other_s_inverse(name: str) -> None:
    """One step on and one step back led to another cell, so that a reader lost the place."""
    trace = samples.trace(name)
    for place in places(trace):
        if place.step + 1 < len(trace.walk):
            assert to_step(trace, to_step(trace, place, place.step + 1), place.step) == place
        cell = cell_of(trace, place)
        rows, columns = step_at(trace, place).shape
        last_of_row = cell.column == columns - 1
        if not last_of_row:
            on = move_cell(trace, place, 1)
            assert cell_of(trace, on) == replace(cell, column=cell.column + 1)
            assert cell_of(trace, move_cell(trace, on, -1)) == cell
        elif step_at(trace, place).type.rows is Axis.QUERY or cell.row == rows - 1:
            assert cell_of(trace, move_cell(trace, place, 1)) == cell


@NAMES
def test_the_cell_after_the_last_of_a_key_is_the_next_key_s_first(name: str) -> None:
    """On the pages of keys and values the marker stuck at the end of the first token's row."""
    trace = samples.trace(name)
    for step in trace.steps:
        if step.type.rows is not Axis.KEY:
            continue
        rows, columns = step.shape
        place = to_cell(trace, to_step(trace, start(trace), step.number - 1), 0, 0)
        for count in range(1, rows * columns):
            place = move_cell(trace, place, 1)
            cell = cell_of(trace, place)
            assert (cell.row, cell.column) == divmod(count, columns)
        assert move_cell(trace, place, 1) == place


@pytest.mark.sampled(4)
@NAMES
def test_a_step_s_cell_is_reached_by_its_address(name: str) -> None:
    """`g` and an address led to another cell than the one that was named."""
    trace = samples.trace(name)
    for place in places(trace):
        if step_at(trace, place).type.kind is Drawing.TOLD:
            continue
        rows, columns = step_at(trace, place).shape
        step_id, head = step_at(trace, place).id, place.head if step_at(trace, place).type.per_head else 0
        for row, column in {(0, 0), (rows - 1, columns - 1), (rows // 2, columns // 2)}:
            reached = to_address(trace, start(trace), Address(step_id, row, column, head))
            expected = "weights" if step_id == "summary" else step_id
            assert cell_of(trace, reached) == Address(expected, row, column, head)
            assert step_at(trace, reached).id == step_id
            assert in_range(trace, reached)


@NAMES
def test_the_address_of_a_number_of_the_file_leads_to_a_cell_made_of_it(name: str) -> None:
    """`g W_K[0,3]` led to a page on which that number takes no part."""
    trace = samples.trace(name)
    for leaf, array in {**trace.example.given, **trace.example.parameters}.items():
        shape = (1,) * (3 - array.ndim) + array.shape
        for head, row, column in {(0, 0, 0), (shape[0] - 1, shape[1] - 1, shape[2] - 1)}:
            address = Address(leaf, row, column, head)
            words = trace.example.vocabulary
            if leaf == "E" and words is not None and words.words[row] not in trace.example.tokens:
                continue  # nothing is made of it
            reached = to_address(trace, start(trace), address)
            assert in_range(trace, reached)
            origin = opened(trace, cell_of(trace, reached))
            assert origin.rule in (Rule.SUM, Rule.COPY, Rule.GIVEN), f"{address} leads to {origin}"
            if origin.rule is not Rule.GIVEN:
                assert address in origin.operands, address
            else:
                assert origin.places == opened(trace, address).places


def test_a_lesson_starts_with_the_file_s_query_and_the_token_it_attends_to() -> None:
    """The first page asked with the wrong token, or began with a cell that nobody looks at."""
    trace = samples.trace("animal")
    assert start(trace) == Place(step=0, query=3, key=1, head=0)
    assert start(trace, query=4).query == 4
    heads = samples.trace("three_heads")
    weights = heads.row("weights", 4, 2)
    assert start(heads, head=2).key == int(weights.argmax())


def test_the_summary_s_cell_is_a_weight() -> None:
    """The last page worked out no number, for it has no matrix of its own."""
    trace = samples.trace("animal")
    place = to_step(trace, start(trace), trace.step("summary").number - 1)
    assert step_at(trace, place).type.kind is Drawing.SUMMARY
    assert cell_of(trace, place) == Address("weights", 3, 1)
    assert cell_of(trace, to_step(trace, place, 99)) == Address("weights", 3, 1)


def test_the_last_steps_are_the_source_and_the_end() -> None:
    """The walk would have ended in numbers, and a file of one's own in an empty page."""
    assert [step.id for step in samples.trace("animal").walk][-3:] == ["summary", "source", "end"]
    learning = samples.trace("animal-learn")
    assert [step.id for step in learning.walk][-3:] == ["update", "source", "end"]
    own = samples.trace("three_heads")
    assert own.walk == own.steps


def test_a_copied_cell_leads_to_the_head_it_was_copied_from() -> None:
    """Opening a number of the joined heads led to another head's number."""
    trace = samples.trace("three_heads")
    assert opened(trace, cell := Address("heads", 1, 7)) == made_of(cell, Rule.COPY, Address("output", 1, 1, 2))


@pytest.mark.sampled(4)
@NAMES
def test_a_changed_example_keeps_the_place_as_far_as_it_still_exists(name: str) -> None:
    """After the file was read again the lesson jumped elsewhere, or stood on a row that is gone."""
    trace = samples.trace(name)
    smaller, larger = samples.trace("one_number"), samples.trace("three_heads")
    for place in places(trace):
        assert keep_place(trace, trace, place) == place
        for other in (smaller, larger):
            kept = keep_place(trace, other, place)
            assert in_range(other, kept)
            before = [step.id for step in trace.walk[: place.step + 1] if other.has(step.id)]
            assert step_at(other, kept).id == (before[-1] if before else other.steps[0].id)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("block", "fed[it,3]"),
        ("block", "left[it,3]"),
        ("how-tired-gets-in", "projected@0[it,3]"),
        ("two-layers", "left@0[it,3]"),
    ],
)
def test_in_a_block_the_walk_stands_on_the_number_that_matters(name: str, address: str) -> None:
    """Under a text about 1.06 the arithmetic worked out was 0.00 = 0.53 × 0."""
    trace = Trace(load(name))
    asked = parse_address(trace, address)
    place = to_step(trace, start(trace), trace.step(asked.name).number - 1)
    assert cell_of(trace, place) == replace(asked, layer=None)
    chosen = to_cell(trace, place, asked.row, 0)
    assert cell_of(trace, to_step(trace, chosen, place.step)).column == 0


@pytest.mark.parametrize("name", ["two-layers", "how-tired-gets-in"])
def test_the_walk_into_another_layer_stands_on_the_key_that_is_attended_to_there(name: str) -> None:
    """In layer 1 step after step worked out a zero for “tired”, the key of layer 0, and 0.99 never."""
    below = Trace(load(name))
    above = below.at_layer(1)
    place = start(below)
    assert below.example.tokens[place.key] == "tired"
    assert above.example.tokens[walked_into(below, above, 0, place).key] == "animal"
    assert walked_into(above, below, 0, walked_into(below, above, 0, place)).key == place.key
    chosen = replace(place, key=1)
    assert walked_into(below, above, 0, chosen).key == 1, "the learner's own key is kept"
    assert keep_place(below, above, place).key == place.key, "the same number in both layers, for whoever compares"
