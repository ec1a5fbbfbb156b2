"""Every known mistake, committed on random examples and found again; and no correct example is accused."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from qkvtui.operations.tensors import Address
from qkvtui.trace.slips import SLIP_IDS, SLIPS, Diagnosis, diagnose
from qkvtui.trace.trace import Trace
from tests.trace.slipping import CAN_BE_COMMITTED, commit, ids_of, printed, random_example

COMMITTED = tuple(slip for slip in SLIPS if slip.id in CAN_BE_COMMITTED)
PAIRS = [(a, b) for a, b in combinations(COMMITTED, 2) if a.kind != b.kind and a.in_pairs and b.in_pairs]


FEW_AND_MANY = [(range(8), 1), pytest.param(range(40), 8, marks=pytest.mark.slow)]
"""Seeds, and with how many of them the slip must at least have changed a printed number."""


def fitting(diagnosis: Diagnosis) -> set[tuple[str, ...]]:
    """What is said to give all the published numbers."""
    assert len(diagnosis.findings) == 1
    return {one.slips for one in diagnosis.findings[0].explanations}


def ordinary(trace: Trace) -> bool:
    """Whether what was printed are numbers at all: shares of scores that add up to 0 are not."""
    published = trace.example.published
    assert published is not None
    return all(not np.isnan(row).any() for rows in published.rows.values() for row in rows.values())


@pytest.mark.parametrize(("seeds", "least"), FEW_AND_MANY, ids=["few", "many"])
@pytest.mark.parametrize("slip", [slip.id for slip in COMMITTED])
def test_a_slip_that_was_committed_is_named(slip: str, seeds: range, least: int) -> None:
    """An author who left out the scaling was told that the arithmetic is wrong, or that nothing is."""
    found = 0
    for seed in seeds:
        rng = np.random.default_rng([seed, SLIP_IDS.index(slip)])
        example = random_example(rng, suits=[slip])
        decimals = int(rng.integers(2, 5))
        trace = printed(example, commit(example, [slip], decimals, rng), decimals, rng)
        diagnosis = diagnose(trace)
        if not diagnosis.wrong or not ordinary(trace):
            assert not diagnosis.wrong or not ordinary(trace) or not diagnosis.findings
            continue
        assert (slip,) in fitting(diagnosis), (seed, slip)
        assert slip in diagnosis.slips
        found += 1
    assert found >= least


@pytest.mark.parametrize(
    ("first", "second"),
    [pytest.param(a.id, b.id, marks=() if index % 6 == 0 else pytest.mark.slow) for index, (a, b) in enumerate(PAIRS)],
)
def test_two_slips_that_were_committed_together_are_named(first: str, second: str) -> None:
    """An author with two mistakes was told of neither."""
    found = 0
    for seed in range(6):
        rng = np.random.default_rng([seed, SLIP_IDS.index(first), SLIP_IDS.index(second)])
        example = random_example(rng, suits=[first, second])
        decimals = int(rng.integers(2, 5))
        trace = printed(example, commit(example, [first, second], decimals, rng), decimals, rng)
        diagnosis = diagnose(trace)
        if len(diagnosis.wrong) < 3 or not ordinary(trace):  # too few to tell two slips from chance
            continue
        fits = fitting(diagnosis)
        assert (first, second) in fits or all(len(slips) == 1 for slips in fits), (seed, fits)
        assert fits != {("arithmetic",)}, seed
        found += 1
    assert found >= 1


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


def test_a_right_number_is_not_explained_whatever_its_precision() -> None:
    """A learner who was right was told which mistake was made."""
    for seed in range(60):
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


def test_what_slips_of_the_same_example_give_is_really_different_from_what_is_right() -> None:
    """The tests above would have passed with slips that change nothing."""

    def gives_another_output(slip: str, seed: int) -> bool:
        rng = np.random.default_rng([5, seed])
        example = random_example(rng, suits=[slip])
        right, wrong = (commit(example, slips, 2, rng)["output"][0] for slips in ([], [slip]))
        return not np.allclose(right, wrong, atol=1e-6)

    for slip in COMMITTED:
        assert sum(gives_another_output(slip.id, seed) for seed in range(6)) >= 4, slip.id
