"""Every known mistake, committed on random examples and found again; and no correct example is accused."""

from __future__ import annotations

from contextlib import suppress
from itertools import combinations

import numpy as np
import pytest

from qkvtui.graph.printed import Published
from qkvtui.operations.tensors import Address
from qkvtui.trace.slips import SLIP_IDS, SLIPS, Diagnosis, diagnose
from qkvtui.trace.slips.table import USUAL
from qkvtui.trace.trace import Trace
from tests.trace.printing import ids_of, printed
from tests.trace.slipping import CAN_BE_COMMITTED, OF_SINGLE_NUMBERS, Steps, commit
from tests.trace.slipping_examples import random_example

COMMITTED = tuple(slip for slip in SLIPS if slip.id in CAN_BE_COMMITTED)
PAIRS = [(a, b) for a, b in combinations(COMMITTED, 2) if a.kind != b.kind and a.usual and b.usual]
WORKED_OUT = {"other-scale", "bias-rescaled", "mask-not-infinite", "dropout-on"}
"""Slips with a number, or a pattern, of which too few printed digits tell nothing."""

FEW_AND_MANY = [(range(4), 1), pytest.param(range(40), 8, marks=pytest.mark.slow)]
"""Seeds, and with how many of them the slip must at least have changed a printed number."""


def source(slips: list[str], rng: np.random.Generator) -> Trace:
    """A source that committed these slips and printed some of its numbers with 2 to 4 decimals."""
    example = random_example(rng, suits=slips)
    decimals = int(rng.integers(2, 5))
    is_worked_out = bool(WORKED_OUT & set(slips))
    decimals = 4 if is_worked_out else decimals
    return printed(example, commit(example, slips, decimals, rng), decimals, rng, some=not is_worked_out)


def fitting(diagnosis: Diagnosis) -> set[tuple[str, ...]]:
    """What is said to give all the published numbers."""
    assert len(diagnosis.findings) == 1
    return {one.slips for one in diagnosis.findings[0].explanations}


_HALF_IN_FLOAT32 = 0.65
"""How many units of the last decimal a printed number may be off: half a one, and what float32 loses in long sums."""


def really_give(slips: tuple[str, ...], trace: Trace) -> bool:
    """Whether somebody who commits these other slips prints the very same numbers, in one of the ways there are."""
    published = trace.example.published
    assert published is not None
    assert isinstance(published.decimals, int)
    for way in range(60):
        rng = np.random.default_rng([11, way])
        with suppress(ValueError):  # a slip that makes no sense here gives shapes that do not fit
            if _same(commit(trace.example, slips, published.decimals, rng), published):
                return True
    return False


def _same(steps: Steps, published: Published) -> bool:
    assert isinstance(published.decimals, int)
    for name, rows in published.rows.items():
        step, _, head = name.partition("@")
        matrices = steps.get(step, [])
        for row, numbers in rows.items():
            found = matrices[min(int(head or 0), len(matrices) - 1)][row]
            with np.errstate(invalid="ignore"):
                off = np.where(found == np.array(numbers), 0.0, np.abs(found - np.array(numbers)))
            if len(found) != len(numbers) or not (off <= _HALF_IN_FLOAT32 * 10.0**-published.decimals).all():
                return False
    return True


def ordinary(trace: Trace) -> bool:
    """Whether what was printed are numbers at all: shares of scores that add up to 0 are not."""
    published = trace.example.published
    assert published is not None
    return all(not np.isnan(row).any() for rows in published.rows.values() for row in rows.values())


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("seeds", "least"), FEW_AND_MANY, ids=["few", "many"])
@pytest.mark.parametrize("slip", [slip.id for slip in COMMITTED])
def test_a_slip_that_was_committed_is_named(slip: str, seeds: range, least: int) -> None:
    """An author who left out the scaling was told that the arithmetic is wrong, or that nothing is."""
    found = 0
    for seed in seeds:
        rng = np.random.default_rng([seed, SLIP_IDS.index(slip)])
        trace = source([slip], rng)
        diagnosis = diagnose(trace)
        few = 1 if slip in USUAL else 3  # of one or two wrong numbers nothing unusual is told
        if len(diagnosis.wrong) < few or not ordinary(trace):
            continue
        fits = fitting(diagnosis)
        if (slip,) in fits:
            found += 1
        else:  # an identity of this example, or of the few numbers that were printed
            assert all(len(other) == 1 and really_give(other, trace) for other in fits), (seed, slip, fits)
    assert found >= least


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("first", "second"),
    [pytest.param(a.id, b.id, marks=() if index % 18 == 0 else pytest.mark.slow) for index, (a, b) in enumerate(PAIRS)],
)
def test_two_slips_that_were_committed_together_are_named(first: str, second: str) -> None:
    """An author with two mistakes was told of neither."""
    found = 0
    for seed in range(6):
        rng = np.random.default_rng([seed, SLIP_IDS.index(first), SLIP_IDS.index(second)])
        trace = source([first, second], rng)
        diagnosis = diagnose(trace)
        if len(diagnosis.wrong) < 3 or not ordinary(trace):  # too few to tell two slips from chance
            continue
        fits = fitting(diagnosis)
        if (first, second) not in fits:
            assert all(really_give(other, trace) for other in fits), (seed, fits)
        found += 1
    assert found >= 1


def test_every_slip_is_committed_or_has_a_test_of_its_own() -> None:
    """A slip that nothing commits would never have been found in anybody's numbers."""
    assert {*CAN_BE_COMMITTED, *OF_SINGLE_NUMBERS} == set(SLIP_IDS)


def accused(seed: int) -> bool:
    """Whether a correct example, printed with 0 to 6 decimals, is said to have any mistake."""
    rng = np.random.default_rng([seed, 99])
    example = random_example(rng)
    decimals = int(rng.integers(0, 7))
    trace = printed(example, commit(example, [], decimals, rng), decimals, rng)
    diagnosis = diagnose(trace)
    assert diagnosis.published
    return bool(diagnosis.wrong or diagnosis.findings or diagnosis.carried or diagnosis.slips)


def test_a_correct_example_is_not_accused() -> None:
    """The author of a correct example was told of a mistake that is not there."""
    assert [seed for seed in range(100) if accused(seed)] == []


@pytest.mark.slow
def test_of_two_thousand_correct_examples_none_is_accused() -> None:
    """The author of a correct example was told of a mistake that is not there."""
    assert [seed for seed in range(2000) if accused(seed)] == []


@pytest.mark.slow
@pytest.mark.parametrize("seeds", [range(10), range(10, 60)], ids=str)
def test_a_right_number_is_not_explained_whatever_its_precision(seeds: range) -> None:
    """A learner who was right was told which mistake was made."""
    for seed in seeds:
        rng = np.random.default_rng([seed, 98])
        trace = Trace(random_example(rng))
        for step in trace.steps:
            if step.id == "summary":
                continue
            head = int(rng.integers(trace.shape.heads)) if step.type.per_head else 0
            row, column = (int(rng.integers(size)) for size in step.shape)
            right = float(trace.row(step.id, row, head)[column])
            decimals = int(rng.integers(0, 6))
            typed = right if np.isinf(right) else round(right, decimals)
            assert ids_of(trace, Address(step.id, row, column, head), typed, decimals) == ()


@pytest.mark.slow
def test_what_slips_of_the_same_example_give_is_really_different_from_what_is_right() -> None:
    """The tests above would have passed with slips that change nothing."""

    def gives_other_numbers(slip: str, seed: int) -> bool:
        rng = np.random.default_rng([5, seed])
        example = random_example(rng, suits=[slip])
        right, wrong = (commit(example, slips, 2, rng) for slips in ([], [slip]))
        return any(not np.allclose(right[step][0], wrong[step][0], atol=1e-6) for step in right)

    for slip in COMMITTED:
        assert sum(gives_other_numbers(slip.id, seed) for seed in range(6)) >= 4, slip.id
