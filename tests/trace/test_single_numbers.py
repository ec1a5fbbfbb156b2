"""One wrong number in a right source is one wrong number: no slip that changes a whole table is named for it."""

from __future__ import annotations

import pytest

from qkvtui.trace.slips import Diagnosis, diagnose
from tests.trace.wrong_cells import OF_ONE_NUMBER, misprinted_source, spoiled_source

_MORE = (range(15, 60), *(range(first, first + 100) for first in range(60, 1060, 100)))
SEEDS = [range(15), *_MORE]


def named_too_much(diagnosis: Diagnosis) -> set[str]:
    """Slips that change more than what is wrong; a single number may be what rounded numbers before it give."""
    return {
        slip
        for finding in diagnosis.findings
        for slip in finding.slips
        if slip not in OF_ONE_NUMBER and not (slip == "early-rounding" and len(finding.cells) == 1)
    }


@pytest.mark.slow
@pytest.mark.parametrize("seeds", SEEDS, ids=str)
def test_one_wrong_number_has_no_slip_that_changes_a_table(seeds: range) -> None:
    """An author with a slip of the pen was told that no score was scaled."""
    for seed in seeds:
        trace, (name, row, column), how = spoiled_source(seed)
        diagnosis = diagnose(trace)
        step, _, head = name.partition("@")
        assert [(one.step, one.head, one.row, one.column) for one in diagnosis.wrong] == [
            (step, int(head or 0), row, column)
        ], (seed, how)
        assert named_too_much(diagnosis) == set(), (seed, how)
        assert diagnosis.carried == ()


@pytest.mark.sampled(1)
@pytest.mark.parametrize("how", ["digits exchanged", "sign"])
def test_a_number_that_was_copied_wrong_is_said_to_be(how: str) -> None:
    """An author was told to compute again what was only typed wrongly."""
    named = [diagnose(trace).slips for trace, _, done in map(spoiled_source, range(60)) if done == how]
    assert sum("copied-wrong" in slips for slips in named) >= 0.6 * len(named)


@pytest.mark.slow
@pytest.mark.parametrize("seeds", SEEDS, ids=str)
def test_a_misprinted_number_of_a_matrix_is_named_or_nothing_is(seeds: range) -> None:
    """An author was sent to another number of the file, or to numbers that follow from the right one."""
    found = 0
    for seed in seeds:
        trace, place = misprinted_source(seed)
        diagnosis = diagnose(trace)
        # of an arithmetic mistake some that follows may be just what its rounded numbers give
        assert named_too_much(diagnosis) <= {"early-rounding"}, seed
        places = [
            one.parts[0]
            for finding in diagnosis.findings
            for one in finding.explanations
            if one.slips == ("misprinted-parameter",)
        ]
        assert set(places) <= {place}, seed
        if places:
            assert diagnosis.slips == ("misprinted-parameter",), seed
            found += 1
    assert found >= len(seeds) / 3
