"""Of right numbers none is called wrong: every kind of file, every way of printing."""

from __future__ import annotations

import pytest

from qkvtui.trace.slips import diagnose
from tests.trace.right_numbers import right_source


def accused(seeds: range) -> list[tuple[int, str]]:
    """The right sources that are said to have a mistake."""
    found = []
    for seed in seeds:
        trace, how = right_source(seed)
        diagnosis = diagnose(trace)
        assert diagnosis.published
        if diagnosis.wrong or diagnosis.findings or diagnosis.carried or diagnosis.clues:
            found.append((seed, how))
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    "seeds", [range(150), *(range(start, start + 500) for start in range(150, 5150, 500))], ids=str
)
def test_no_right_source_is_accused(seeds: range) -> None:
    """The author of a right book was accused: of another way of rounding, of float32, of the inputs' rounding."""
    assert accused(seeds) == []
