"""Changes as plain data: made again from what a file says of them they give the same numbers, or none at all."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from qkvtui.engine.arrays import FloatArray
from qkvtui.files.read import load
from qkvtui.operations.tensors import Address
from qkvtui.trace.changes import set_causal, set_number
from qkvtui.trace.edits import Edit, again, as_tables, from_tables, number_edit
from qkvtui.trace.history import History
from qkvtui.trace.trace import Trace

ANIMAL, LAYERS = Trace(load("animal")), Trace(load("two-layers"))
EDITS = [
    (ANIMAL, number_edit(Address("X", 1, 0), 2.5)),
    (ANIMAL, number_edit(Address("W_Q", 0, 1), -0.1)),
    (ANIMAL, Edit("scale", "none")),
    (ANIMAL, Edit("scale", 0.5)),
    (ANIMAL, Edit("causal", value=True)),
    (ANIMAL, Edit("softmax", "columns")),
    (ANIMAL, Edit("rounding", 2)),
    (ANIMAL, Edit("swap", at=(0, 1))),
    (LAYERS, number_edit(Address("W_K", 0, 0), 0.25)),
    (LAYERS, number_edit(Address("W_K", 0, 0, layer=0), 0.25)),
    (LAYERS, Edit("swap", at=(2, 1))),
]


def read_back(*edits: Edit) -> tuple[Edit, ...]:
    """What a file says of them."""
    return from_tables(json.loads(json.dumps(as_tables(edits))))


def weights(trace: Trace) -> FloatArray:
    """All of them."""
    return np.array([trace.row("weights", query) for query in range(trace.shape.queries)])


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("trace", "edit"), EDITS)
def test_a_change_made_again_gives_the_same_numbers(trace: Trace, edit: Edit) -> None:
    """What was offered after a lost connection would have been something else than what was changed."""
    layer = 1 if trace is LAYERS else 0
    there = trace.at_layer(layer)
    made = edit.made_in(there, layer)
    expected, found = edit(there), again(trace, read_back(made))
    assert found is not None
    shown = found[0].at_layer(layer)
    assert np.array_equal(weights(shown), weights(expected.at_layer(layer)))
    assert not np.array_equal(weights(shown), weights(there))
    assert shown.example.tokens == expected.example.tokens
    assert (shown.softmax_over, shown.round_each) == (expected.softmax_over, expected.round_each)


@pytest.mark.parametrize(
    ("edit", "other"),
    [
        (number_edit(Address("X", 1, 0), 2.5), set_number(ANIMAL, Address("X", 1, 0), 7.0)),
        (number_edit(Address("X", 4, 0), 2.5), Trace(load("similar"))),
        (number_edit(Address("W_Q", 0, 0), 2.5), Trace(load("scaling"))),
        (Edit("causal", value=True), set_causal(ANIMAL, True)),
        (Edit("swap", at=(0, 4)), Trace(load("similar"))),
    ],
)
def test_a_change_is_not_made_where_it_finds_something_else(edit: Edit, other: Trace) -> None:
    """A number would have been put into a file in which that place means something else by now."""
    assert again(other, [edit.made_in(ANIMAL, 0)]) is None


def test_all_fit_or_none() -> None:
    """Half of the changes would have been there, and nobody have known which."""
    first = Edit("causal", value=True).made_in(ANIMAL, 0)
    assert again(ANIMAL, [first, first]) is None
    assert again(ANIMAL, [replace(first, layer=3)]) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "exec"},
        {"value": [1]},
        {"value": float("nan")},
        {"at": [0, -2, 0, 0]},
        {"at": [0.5]},
        {"at": 3},
        {"layer": "1"},
        {"more": 1},
    ],
)
def test_what_nobody_has_written_is_no_change(changes: dict[str, object]) -> None:
    """A file that somebody has played with would have ended the lesson in a traceback."""
    (table,) = as_tables([EDITS[0][1].made_in(ANIMAL, 0)])
    with pytest.raises((ValueError, TypeError, KeyError)):
        from_tables([{**table, **changes}])


@pytest.mark.parametrize("at", [(0, 9, 0, -1), (0, 0, 9, -1), (0,), (), (0, 0, 0, 7), (-1, 0, 0, -1)])
def test_a_change_of_a_number_that_is_not_there_is_none(at: tuple[int, ...]) -> None:
    """The same, for a place that no matrix has."""
    edit = replace(EDITS[0][1].made_in(ANIMAL, 0), at=at)
    assert again(ANIMAL, [edit]) is None


def test_reading_again_is_a_step_of_its_own_only_where_something_was_changed() -> None:
    """Each look at a watched file would have kept one more copy of it for good."""
    fresh = Trace(load("animal"))
    history = History((ANIMAL,)).read_again(fresh)
    assert (history.traces, history.base, history.made) == ((fresh,), 0, ())
    edit = Edit("causal", value=True).made_in(fresh, 0)
    history = history.changed(edit(fresh), edit)
    again_read = history.read_again(ANIMAL)
    assert (again_read.trace, again_read.base, again_read.made) == (ANIMAL, 2, ())
    assert again_read.undone().made == (edit,)
    assert again_read.undone().base == 0
    assert again_read.read_again(fresh).traces == (*history.traces, fresh)
    assert again_read.undone().undone().read_again(ANIMAL).traces == (ANIMAL,)
