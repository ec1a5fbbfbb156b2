"""Rounding as a person does, of whatever numbers there are."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from qkvtui.trace.rounding import Ties, rounded

LARGEST = np.finfo(np.float64).max


@pytest.mark.parametrize("ties", get_args(Ties))
@pytest.mark.parametrize("decimals", [0, 2, 15])
def test_numbers_without_decimals_stay(ties: Ties, decimals: int) -> None:
    """`--round-each 2` of a file with 1e307 printed a warning of NumPy's, or said that a number is infinite."""
    numbers = np.array([[LARGEST, -LARGEST, 1e307, 2.0**53 + 2, -np.inf, 0.0]])
    np.testing.assert_array_equal(rounded(numbers, decimals, ties), numbers)


@pytest.mark.parametrize("ties", ["up", "even"])
def test_the_others_are_rounded_beside_them(ties: Ties) -> None:
    """One huge number in a matrix would have left all others exact."""
    np.testing.assert_array_equal(rounded(np.array([0.126, 1e300, -0.126]), 2, ties), [0.13, 1e300, -0.13])
