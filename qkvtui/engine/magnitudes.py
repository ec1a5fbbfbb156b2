"""How large a number of a lesson may be."""

from __future__ import annotations

LARGEST = 1e100
"""What is made of numbers up to here, such as squares and products of three, are finite numbers too."""


def is_usable(number: float) -> bool:
    """Whether a number is finite, and small enough to be computed with."""
    return -LARGEST <= number <= LARGEST
