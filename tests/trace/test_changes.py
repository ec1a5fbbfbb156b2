"""What if a number were different: each leaf of `animal` changed, compared with a fresh computation, and undone."""

from __future__ import annotations

import numpy as np
import pytest

from qkvtui.errors import ExampleError, UsageError
from qkvtui.files.read import load
from qkvtui.operations.tensors import Address
from qkvtui.trace.addresses import parse_address, value_at
from qkvtui.trace.before import attention_shifts, row_before
from qkvtui.trace.changes import (
    differ,
    leaf_behind,
    parse_assignment,
    parse_number,
    parse_scale,
    set_causal,
    set_number,
    set_scale,
    set_softmax,
    temperature_scale,
    toggled_scale,
)
from qkvtui.trace.history import History
from qkvtui.trace.trace import Trace
from tests.oracle import reference

ANIMAL = Trace(load("animal"))
LEAVES = [
    Address(name, row, column)
    for name in ("X", "W_Q", "W_K", "W_V")
    for row, column in np.ndindex(*(ANIMAL.example.inputs | ANIMAL.example.parameters)[name].shape)  # type: ignore[operator]
]


def fresh(leaf: Address, value: float) -> dict[str, list[list[float]]]:
    """All steps, computed in plain Python from the file's numbers with one of them replaced."""
    tables = {"inputs": dict(ANIMAL.example.inputs), "parameters": dict(ANIMAL.example.parameters)}
    lists = {name: {key: array.tolist() for key, array in table.items()} for name, table in tables.items()}
    table = lists["inputs" if leaf.name == "X" else "parameters"]
    table[leaf.name][leaf.row][leaf.column] = value
    steps: dict[str, list[list[float]]] = reference(lists["inputs"], lists["parameters"], {}).steps(0)
    return steps


@pytest.mark.sampled(9)
@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: f"{leaf.name}[{leaf.row},{leaf.column}]")
@pytest.mark.parametrize("value", [-1.5, 0.0, 2.0])
def test_when_a_leaf_changes_every_step_follows(leaf: Address, value: float) -> None:
    """After `e` some numbers of the page would still be those of the old file."""
    changed = set_number(ANIMAL, leaf, value)
    expected = fresh(leaf, value)
    assert set(expected) >= {"queries", "keys", "values", "scores", "scaled", "weights", "output"}
    for step_id, matrix in expected.items():
        assert np.allclose(changed.matrix(step_id), matrix, rtol=1e-12, atol=1e-14), step_id
    assert value_at(ANIMAL, leaf) == float(Trace(load("animal")).leaf(leaf.name)[leaf.row, leaf.column])


def test_undo_returns_the_exact_earlier_state_and_redo_the_later_one() -> None:
    """After `u` a number would differ from what it was before the change, if only in its last digit."""
    history = History((ANIMAL,))
    for leaf in LEAVES[:6]:
        history = history.changed(set_number(history.trace, leaf, 3.25))
    states = history.traces
    for earlier in reversed(states[:-1]):
        history = history.undone()
        assert history.trace is earlier
    assert history.undone().trace is ANIMAL
    for later in states[1:]:
        history = history.redone()
        assert history.trace is later
    assert history.redone().trace is states[-1]


def test_a_new_change_forgets_what_had_been_undone() -> None:
    """`Ctrl+R` would bring back a change that no longer fits."""
    history = History((ANIMAL,)).changed(set_causal(ANIMAL, True)).undone()
    other = set_scale(history.trace, "none")
    assert history.changed(other).redone().trace is other


def test_a_change_knows_what_was_before_it() -> None:
    """The page could not show `0.26→0.34`."""
    changed = set_number(ANIMAL, Address("X", 1, 0), 2.0)
    before = row_before(changed, "weights", 3)
    assert before is not None
    assert np.array_equal(before, ANIMAL.row("weights", 3))
    shifts = attention_shifts(changed, 3)
    assert shifts[0].key == 1
    assert (round(shifts[0].before, 2), round(shifts[0].after, 2)) == (0.26, 0.34)
    assert attention_shifts(ANIMAL, 3) == ()


def test_what_did_not_change_is_not_shown_as_changed() -> None:
    """Every number of the page would carry an arrow."""
    changed = set_number(ANIMAL, Address("X", 4, 0), 0.9)
    before = row_before(changed, "scores", 3)
    assert before is not None
    differing = [
        key for key, (old, new) in enumerate(zip(before, changed.row("scores", 3), strict=True)) if differ(old, new)
    ]
    assert differing == [4]


@pytest.mark.parametrize(
    ("text", "place", "value"),
    [
        ("W_Q[0,0]=2", Address("W_Q", 0, 0), 2.0),
        ("X[animal,1] = -0.5", Address("X", 1, 1), -0.5),
        ("embeddings:it,0=1e-3", Address("X", 3, 0), 0.001),
    ],
)
def test_an_assignment_names_a_number_of_the_file(text: str, place: Address, value: float) -> None:
    """`--set 'X[animal,1] = -0.5'` would set another number."""
    assert parse_assignment(ANIMAL, text) == (place, value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("W_Q[0,0]", "'W_Q[0,0]' is not an assignment; write one like W_Q[0,0]=2"),
        (
            "scores[it,animal]=2",
            "scores[it,animal] is computed, so it cannot be set; set what it comes from, such as X[it,0]",
        ),
        ("W_Q[0,0]=two", "'two' is not a number"),
        ("W_Q[0,0]=nan", "'nan' is not a finite number"),
        ("W_Q[0,0]=inf", "'inf' is not a finite number"),
        ("W_Q[7,0]=1", "W_Q: there is no row 7; the rows are counted from 0 to 1"),
    ],
)
def test_an_assignment_that_makes_no_sense_says_what_would(text: str, message: str) -> None:
    """The learner would see a traceback, or that something is wrong and not what."""
    with pytest.raises(UsageError) as refusal:
        parse_assignment(ANIMAL, text)
    assert str(refusal.value) == message


def test_the_leaf_behind_a_cell_is_one_that_changes_it() -> None:
    """`e` on a weight would propose a number that has nothing to do with it."""
    for step_id in ("embeddings", "queries", "keys", "values", "scores", "scaled", "weights", "output"):
        rows, columns = ANIMAL.step(step_id).shape
        for row in range(rows):
            for column in range(columns):
                cell = Address(step_id, row, column)
                leaf = leaf_behind(ANIMAL, cell)
                changed = set_number(ANIMAL, leaf, value_at(ANIMAL, leaf) + 5.0)
                assert differ(value_at(ANIMAL, cell), value_at(changed, cell)), cell


def test_switches_are_the_settings_of_the_file() -> None:
    """`s`, `m` and `x` would show something else than a file with those settings."""
    unscaled = set_scale(ANIMAL, toggled_scale(ANIMAL, ANIMAL))
    assert not unscaled.has("scaled")
    assert toggled_scale(unscaled, ANIMAL) == "1/sqrt(d_k)"
    causal = set_causal(ANIMAL, True)
    assert causal.row("weights", 0).tolist() == [1, 0, 0, 0, 0]
    wrong = set_softmax(ANIMAL, "columns")
    assert np.allclose(wrong.matrix("weights").sum(axis=0), 1.0)
    assert not np.allclose(wrong.matrix("weights").sum(axis=1), 1.0, atol=1e-4)


def test_a_low_temperature_gives_one_token_everything_and_a_high_one_all_the_same() -> None:
    """The slider would run the wrong way."""
    cold = set_scale(ANIMAL, temperature_scale("0.001")).row("weights", 3)
    warm = set_scale(ANIMAL, temperature_scale("1e6")).row("weights", 3)
    assert cold.argmax() == 1
    assert cold.max() > 0.999999
    assert np.allclose(warm, 0.2, atol=1e-5)
    usual = set_scale(ANIMAL, temperature_scale(str(2**0.5))).row("weights", 3)
    assert np.allclose(usual, ANIMAL.row("weights", 3), rtol=1e-12)


@pytest.mark.parametrize("text", ["0", "-1", "warm", "nan"])
def test_a_temperature_that_is_none_is_refused(text: str) -> None:
    """A division by zero would be shown, or a traceback."""
    with pytest.raises(UsageError):
        temperature_scale(text)


def test_a_scale_is_none_the_usual_one_or_a_number() -> None:
    """`--scale none` would be refused, or `--scale 0` accepted."""
    read = [parse_scale(ANIMAL, text) for text in ("none", "1/sqrt(d_k)", "1/√d_k", "0.5", "-2", "1/4")]
    assert read == ["none", "1/sqrt(d_k)", "1/sqrt(d_k)", 0.5, -2.0, 0.25]
    assert parse_scale(ANIMAL, "1/√d_model") == pytest.approx(0.5**0.5)
    for text in ("0", "half", "inf", "1/d_q", "1/0", "1e400", "(" * 99):
        with pytest.raises(UsageError):
            parse_scale(ANIMAL, text)
    assert parse_number(" 1e3 ") == 1000.0


@pytest.mark.parametrize("text", ["", "  "])
def test_where_nothing_was_typed_that_is_said(text: str) -> None:
    """Between two quotation marks stood nothing, and it was no number."""
    with pytest.raises(UsageError, match=r"^no number was typed$"):
        parse_number(text)


def test_a_changed_trace_is_at_the_same_addresses() -> None:
    """After a change `g` would lead elsewhere."""
    changed = set_number(ANIMAL, Address("W_K", 0, 1), 9.0)
    assert parse_address(changed, "scores[it,animal]") == parse_address(ANIMAL, "scores[it,animal]")


@pytest.mark.filterwarnings("error")
def test_a_number_too_large_for_the_arrays_of_a_file_is_refused_without_a_warning() -> None:
    """Beside the message stood a line of Python and `RuntimeWarning: overflow encountered in cast`."""
    float32 = Trace(load("minilm-tired"))
    with pytest.raises(ExampleError, match="so large"):
        set_number(float32, Address("X", 0, 0), 1e308).row("scores", 0)
