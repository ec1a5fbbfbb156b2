"""Fading: which numbers are asked for at which level."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qkvtui.errors import UsageError
from qkvtui.operations.tensors import Axis
from qkvtui.trace.blanks import ALL, ALTERNATE, LAST, MOST_COLUMNS, MOST_ROWS, blanks, computed_steps, neutral_key
from qkvtui.trace.hidden import Hidden, Part, hidden_cell
from qkvtui.trace.walk import start
from tests import samples

NAMES = pytest.mark.parametrize("name", samples.SAMPLES)


@pytest.mark.parametrize(
    ("name", "level", "steps"),
    [
        ("animal", LAST, ("output",)),
        ("animal", ALTERNATE, ("keys", "scores", "weights")),
        ("animal", ALL, ("queries", "keys", "values", "scores", "scaled", "weights", "output")),
        ("three_heads", LAST, ("projected",)),
        ("all_masks", ALTERNATE, ("keys", "scores", "weights")),
        ("given", ALL, ("scores", "scaled", "weights", "output")),
        ("animal", "output, scores", ("scores", "output")),
    ],
)
def test_a_level_fades_its_steps(name: str, level: str, steps: tuple[str, ...]) -> None:
    """A teacher who wants the last step blank would have got another sheet."""
    trace = samples.trace(name)
    assert blanks(trace, start(trace), level).steps == steps


def test_a_level_counts_only_the_steps_that_are_shown() -> None:
    """A step would have been hidden as an operand, with no place to fill it in."""
    trace = samples.trace("animal")
    assert blanks(trace, start(trace), LAST, shown=("scores", "weights")).steps == ("weights",)
    with pytest.raises(UsageError, match="nothing is computed"):
        blanks(trace, start(trace), ALL, shown=("embeddings",))


@pytest.mark.parametrize(
    ("level", "said"),
    [
        ("first", "there is no such step"),
        ("scores,foo", "--blank foo: there is no such step"),
        ("embeddings", "there is nothing to fill in at this step"),
        ("summary", "there is nothing to fill in"),
        ("projected", "there is nothing to fill in"),
        ("", "there is no such step"),
    ],
)
def test_a_step_without_numbers_to_compute_is_refused(level: str, said: str) -> None:
    """A sheet without the blanks that were asked for would have been printed."""
    trace = samples.trace("animal")
    with pytest.raises(UsageError, match=said):
        blanks(trace, start(trace), level)


@pytest.mark.sampled(10)
@NAMES
def test_the_querys_row_is_asked_for_and_of_keys_and_values_what_is_small(name: str) -> None:
    """A class would have had to fill in the numbers of every token, or of the wrong one."""
    trace = samples.trace(name)
    if not computed_steps(trace):
        return
    place = start(trace, head=trace.shape.heads - 1)
    asked = blanks(trace, place, ALL, heads=(place.head,))
    for step in computed_steps(trace):
        cells = asked.of_step(step.id, place.head if step.type.per_head else 0)
        rows = {cell.row for cell in cells}
        if step.type.rows is Axis.QUERY:
            assert rows == {place.query}
        elif step.shape[0] <= MOST_ROWS and step.shape[1] <= MOST_COLUMNS:
            assert rows == set(range(step.shape[0]))
        else:
            assert rows == {place.key}
        assert len(cells) == len(rows) * step.shape[1]
    assert all(asked.hidden.hides_cell(cell) for cell in asked.cells)


def test_a_number_that_a_later_step_only_repeats_is_hidden_there_too() -> None:
    """The answer would have stood in the next table."""
    trace = samples.trace("all_masks")  # no scale: masked repeats the scores
    hidden = blanks(trace, start(trace), "scores").hidden
    assert hidden.covers("masked")
    trace = samples.trace("three_heads")
    hidden = blanks(trace, replace(start(trace), head=1), "output", heads=(1,)).hidden
    width = trace.shape.d_v
    assert [hidden.hides("heads", 0, column) for column in range(3 * width)] == [
        width <= column < 2 * width for column in range(3 * width)
    ]
    assert not hidden.touches("output", 0)


def test_the_marked_token_says_nothing_of_who_wins() -> None:
    """The mark would have stood beside the largest weight before anybody had worked it out."""
    trace = samples.trace("animal")
    assert neutral_key(trace, 3) == 0
    assert neutral_key(trace, 0) == 1
    assert neutral_key(samples.trace("one_number"), 0) == 0
    assert neutral_key(samples.trace("causal"), 0) == 0  # it sees only itself
    assert neutral_key(samples.trace("cross"), 2) == 0


def test_one_hidden_cell_is_that_cell_only() -> None:
    """A learner who predicts one number would have lost its neighbours too."""
    trace = samples.trace("animal")
    cell = blanks(trace, start(trace), "weights").cells[1]
    hidden = hidden_cell(cell)
    assert [hidden.hides("weights", 3, column) for column in range(5)] == [False, True, False, False, False]
    assert not hidden.hides("weights", 2, 1)
    assert not hidden.covers("weights")
    assert hidden.touches("weights")
    assert hidden
    assert not Hidden()
    assert Hidden((Part("weights"),)).covers("weights")
