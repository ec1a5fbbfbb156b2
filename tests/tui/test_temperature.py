"""Another temperature, again and again: how the formula writes what the scale has become."""

from __future__ import annotations

import pytest

from qkvtui.graph.printed import WrittenNumber, scale_text
from qkvtui.tui.actions import acted
from qkvtui.tui.state import LessonState, lesson_of, state_of
from qkvtui.views.look import Look


def _formula(state: LessonState) -> str:
    step = state.trace.step("scaled")
    return state.look.formula(step)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("action", ["warmer", "colder"])
@pytest.mark.parametrize("example", ["e5-tired", "animal"])
def test_after_many_changes_the_formula_has_no_digits_that_nobody_would_write(example: str, action: str) -> None:
    """After five warmer steps it was S′ = S · 0.031249999999999986."""
    state = state_of(lesson_of(example), Look(80))
    for _ in range(5):
        state = acted(state, action)
        _, factor = _formula(state).split(" · ")
        digits = factor.strip("()").partition("e")[0].replace(".", "").lstrip("0")
        assert len(digits) <= 8
    assert acted(state, "undo").trace.scale != state.trace.scale


def test_a_scale_that_somebody_has_written_stays_as_it_was_written() -> None:
    """1/sqrt(3) was told as 0.5774, or 0.125 with another number of digits."""
    assert scale_text(WrittenNumber(3**-0.5, "1/sqrt(3)")) == "1/sqrt(3)"
    assert [scale_text(one) for one in (0.125, 123456.5, 0.5, "1/sqrt(d_k)")] == [
        "0.125",
        "123456.5",
        "0.5",
        "1/sqrt(d_k)",
    ]
    assert scale_text(0.031249999999999986) == "0.03125"
