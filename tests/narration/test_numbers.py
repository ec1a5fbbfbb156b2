"""Numbers as text: what is shown is the number, rounded, and nothing else."""

from __future__ import annotations

import math
import re
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qkvtui.narration.numbers import NumberFormat, as_decimal, equals, format_for, number, percent

finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15)
digits_shown = st.integers(0, 8)


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.0, 2, "0.00"),
        (-0.0, 2, "0.00"),
        (-0.001, 2, "0.00"),
        (-0.004999, 2, "0.00"),
        (-0.006, 2, "-0.01"),
        (-0.4, 0, "0"),
        (-0.6, 0, "-1"),
        (0.5, 2, "0.50"),
        (math.inf, 2, "∞"),
        (-math.inf, 2, "-∞"),
        (999999.99, 2, "999999.99"),
        (1e6, 2, "1.00e+06"),
        (-1234567.0, 1, "-1.2e+06"),
        (1e300, 2, "1.00e+300"),
        (1e-9, 2, "0.00"),
    ],
)
def test_a_number_on_its_own(value: float, digits: int, text: str) -> None:
    """A page showed -0.00, inf, or a number of 300 digits."""
    assert number(value, digits) == text


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("values", "digits", "texts"),
    [
        ([1.0, -2.0, 30.0], 2, ["1", "-2", "30"]),
        ([1.0, -2.5, 30.0], 2, ["1.00", "-2.50", "30.00"]),
        ([-0.0, 1.0], 2, ["0", "1"]),
        ([-math.inf, 0.0], 2, ["-∞", "0"]),
        ([-math.inf, -math.inf], 2, ["-∞", "-∞"]),
        ([-math.inf, 0.25, math.inf], 1, ["-∞", "0.2", "∞"]),
        ([2e6, 0.0, -0.0, -1.0], 2, ["2.00e+06", "0.00e+00", "0.00e+00", "-1.00e+00"]),
        ([2e6, -math.inf], 2, ["2.00e+06", "-∞"]),
        ([], 2, []),
        ([1.0, 2.0], 0, ["1", "2"]),
    ],
)
def test_numbers_that_stand_together_are_written_alike(values: list[float], digits: int, texts: list[str]) -> None:
    """A column mixed 1 with 0.50 and 2e+06, so that its numbers could not be compared by eye."""
    written = format_for(values, digits)
    assert [written.text(value) for value in values] == texts
    assert format_for(np.array(values), digits) == written


@pytest.mark.slow
@given(finite, digits_shown)
def test_a_shown_number_is_the_number_rounded(value: float, digits: int) -> None:
    """A page showed another number than the one it computed, or a minus before a zero."""
    for written in (NumberFormat(digits), NumberFormat(digits, exponent=True)):
        text = written.text(value)
        shown = as_decimal(text)
        assert shown is not None
        exact = Decimal(value)
        unit = Decimal(1).scaleb(-digits) * (Decimal(10) ** exact.adjusted() if written.exponent and exact else 1)
        assert abs(shown - exact) <= unit * Decimal("0.5000001"), text
        assert not (shown == 0 and text.startswith("-"))
        assert not shown.is_signed() or value < 0


@given(st.lists(finite | st.sampled_from([math.inf, -math.inf]), max_size=6), digits_shown)
def test_a_column_has_as_many_decimals_everywhere(values: list[float], digits: int) -> None:
    """The points of a column did not stand below each other."""
    written = format_for(values, digits)
    texts = [written.text(value) for value in values if math.isfinite(value)]
    assert len({len(text.partition(".")[2].partition("e")[0]) for text in texts}) <= 1
    whole = bool(texts) and all(value == round(value) for value in values if math.isfinite(value))
    if whole and not written.exponent:
        assert all("." not in text for text in texts)
    assert all(len(text) <= 24 for text in texts)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("weight", "text"),
    [
        (0.0, "0%"),
        (1e-300, "<1%"),
        (0.004, "<1%"),
        (0.005, "<1%"),
        (0.0051, "1%"),
        (0.5, "50%"),
        (0.9949, "99%"),
        (0.996, ">99%"),
        (1 - 1e-9, ">99%"),
        (1 - 1e-15, "100%"),
        (1.0, "100%"),
    ],
)
def test_a_share_as_a_percentage(weight: float, text: str) -> None:
    """The page said 0% of a token that gets something, or 100% where others get something too."""
    assert percent(weight) == text


@given(st.floats(0, 1))
def test_a_percentage_claims_neither_nothing_nor_all_wrongly(weight: float) -> None:
    """The answer said that a token gets nothing (or all) of the attention, and its own weight said otherwise."""
    text = percent(weight)
    assert re.fullmatch(r"<1%|>99%|\d{1,3}%", text)
    assert (text == "0%") == (weight == 0)
    assert (text == "100%") == (weight >= 1 - 1e-12)
    if text[0] not in "<>":
        assert abs(int(text[:-1]) - 100 * weight) <= 0.5 + 1e-9


@pytest.mark.parametrize(
    ("left", "right", "sign"),
    [
        ("0.30", Decimal("0.3"), "="),
        ("0.30", Decimal("0.30000001"), "≈"),
        ("-∞", Decimal(0), "≈"),
        ("0.30", None, "≈"),
        ("3.00e+06", Decimal(3_000_000), "="),
    ],
)
def test_the_equals_sign_stands_only_between_equals(left: str, right: Decimal | None, sign: str) -> None:
    """A page claimed 0.33 = 1 ÷ 3, and a learner who checked it lost trust in the rest."""
    assert equals(left, right) == sign


def test_what_is_no_decimal_number_has_no_decimal() -> None:
    """An infinity was added to a shown sum."""
    assert as_decimal("∞") is None
    assert as_decimal("-∞") is None
    assert as_decimal("Infinity") is None
    assert as_decimal("1.50e+06") == Decimal(1_500_000)
