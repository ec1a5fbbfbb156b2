"""A number that somebody typed for one cell: which slip gives exactly that."""

from __future__ import annotations

import time

import numpy as np
import pytest

from qkvtui.operations.tensors import Address
from qkvtui.trace.slips import SLIPS, Slip
from qkvtui.trace.slips.table import USUAL
from qkvtui.trace.trace import Trace
from tests import samples
from tests.trace.printing import explain, ids_of
from tests.trace.slipping import CAN_BE_COMMITTED, commit
from tests.trace.slipping_examples import random_example

SEEN_IN_MANY = {"truncated", "dropout-on", "other-scale", "bias-rescaled", "mask-not-infinite"}
"""What one number alone does not tell."""
COMMITTED = [slip for slip in SLIPS if slip.id in CAN_BE_COMMITTED and slip.id not in SEEN_IN_MANY]
CELL = Address("scaled", 3, 1)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("seeds", "least"), [(range(16), 1), pytest.param(range(40), 5, marks=pytest.mark.slow)], ids=["few", "many"]
)
@pytest.mark.parametrize("slip", COMMITTED, ids=lambda slip: slip.id)
def test_a_number_that_a_slip_gives_is_explained_by_it(slip: Slip, seeds: range, least: int) -> None:
    """A learner who forgot one thing was told "wrong" and no more."""
    name, made_at = slip.id, slip.made_at
    found = 0
    for seed in range(60) if name == "early-rounding" else seeds:  # it seldom changes a number by more than a unit
        rng = np.random.default_rng([seed, len(name)])
        example = random_example(rng, suits=[name])
        trace, decimals = Trace(example), int(rng.integers(2, 5))
        wrong = commit(example, [name], decimals, rng)
        steps = [step.id for step in trace.steps if step.id in made_at and step.id in wrong]
        step = str(rng.choice(steps)) if steps else ""
        head = int(rng.integers(len(wrong[step]))) if steps else 0
        if not steps or wrong[step][head].shape != trace.step(step).shape:
            continue
        row, column = (int(rng.integers(size)) for size in trace.step(step).shape)
        typed = float(wrong[step][head][row, column])
        right = float(trace.row(step, row, head)[column])
        if not np.isfinite(typed) or not np.isfinite(right) or abs(typed - right) < 1.1 * 10.0**-decimals:
            continue
        found += 1
        ids = ids_of(trace, Address(step, row, column, head), round(typed, decimals), decimals)
        assert name in ids or (name not in USUAL and USUAL & set(ids)), (seed, step)
    assert found >= (1 if name == "early-rounding" else least)


def test_the_division_by_the_root_that_was_left_out_is_named_for_the_cell() -> None:
    """A learner without the division by √d was not told of it."""
    trace = samples.trace("animal")
    assert ids_of(trace, CELL, 0.85, 2) == ("no-scale",)
    assert ids_of(trace, CELL, 0.43, 2) == ("scale-by-d_k",)
    weight = Address("weights", 3, 1)
    unscaled = np.exp(np.array([0.15, 0.85, 0.4, 0.5, 0.5]))
    assert "no-scale" in ids_of(trace, weight, round(float(unscaled[1] / unscaled.sum()), 4), 4)


@pytest.mark.parametrize(("typed", "decimals"), [(0.6, 1), (0.60, 2), (0.6010, 4), (1.0, 0)])
def test_a_right_number_is_right_at_the_precision_it_was_typed_with(typed: float, decimals: int) -> None:
    """A learner who wrote fewer digits was told of a mistake."""
    assert ids_of(samples.trace("animal"), CELL, typed, decimals) == ()


def test_a_number_that_is_wrong_in_the_last_digit_is_called_that() -> None:
    """A learner who cut the digits off instead of rounding was told that nothing is known about the number."""
    trace = samples.trace("animal")
    weight = Address("weights", 3, 1)
    assert trace.row("weights", 3)[1] == pytest.approx(0.2565, abs=1e-4)
    assert ids_of(trace, weight, 0.25, 2) == ("last-digit",)


def test_the_number_of_another_cell_is_called_that() -> None:
    """A learner who looked at the wrong row was told that nothing is known about the number."""
    trace = samples.trace("journey")
    cell, other = Address("scores", 1, 4), Address("scores", 1, 2)
    typed = round(float(trace.row("scores", 1)[2]), 4)
    found = explain(trace, cell, typed, 4)
    assert [one.slips for one in found] == [("other-cell",)]
    assert found[0].parts == ("scores[journey,starts]",)
    assert other.column == 2


def test_nonsense_is_not_explained_and_neither_is_a_number_of_the_file() -> None:
    """A learner who guessed was told which slip it was."""
    trace = samples.trace("animal")
    assert ids_of(trace, CELL, 42.0, 2) == ()
    assert ids_of(trace, CELL, -0.31, 2) == ()
    assert ids_of(trace, Address("W_Q", 0, 0), 42.0, 2) == ()
    assert ids_of(trace, Address("summary", 3, 1), 42.0, 2) == ()


def test_a_slip_far_before_the_cell_needs_more_digits_to_be_believed() -> None:
    """Two decimals of an output fit some slip by chance, and the learner was told of a mistake never made."""
    trace = samples.trace("journey")
    cell = Address("output", 1, 0)
    weights = np.exp(trace.matrix("scores")[1])
    typed = float(weights @ trace.matrix("values")[:, 0] / weights.sum())
    assert "no-scale" in ids_of(trace, cell, round(typed, 4), 4)
    assert "no-scale" not in ids_of(trace, cell, round(typed, 2), 2)


def test_an_answer_comes_at_once_and_a_long_example_does_not_keep_a_learner_waiting() -> None:
    """Typing a number stopped the application."""
    for name in ("journey", "sixty"):
        trace = samples.trace(name)
        trace.row("weights", 1)
        start = time.process_time()
        ids_of(trace, Address("weights", 1, 0), 0.7431, 4)
        assert time.process_time() - start < 0.3
