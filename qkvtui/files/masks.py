"""What the masks of the `[attention]` table cannot mean."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..said import say
from .npy import AnyArray

ZEROS_AND_ONES = say("is made of 0 and 1")
"""What is wrong with numbers that were meant as truth values."""
WRITE_MASK = say(
    "write true where the query may look and false where it may not, or, as numbers to add, 0 and -inf (null in JSON)"
)
SAVE_MASK = say(
    "save mask == 1 if 1 is where the query may look, mask == 0 if it is where not, or, as numbers to add, 0 and -inf"
)
WRITE_PADDING = say("write true for a real token and false for filling")
SAVE_PADDING = say("save padding == 1 if 1 is a real token, padding == 0 if it is filling")
_MOST_LEVELS = 3
"""Heads, rows and columns; lists may lie in lists as deep as a file likes."""


def is_zeros_and_ones(value: object) -> bool:
    """Whether a list, of lists or not, or an array holds only the numbers 0 and 1, and at least one 1.

    Such are truth values as `torch.tril(torch.ones(t, t))`, Hugging Face's attention_mask and NumPy write them. To add
    them would forbid nothing. Numbers that are all 0 say the same either way: that nothing is forbidden.
    """
    if isinstance(value, np.ndarray):
        return _are_zeros_and_ones(value)
    leaves = list(_leaves(value))
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in leaves)
    return numbers and all(one in (0, 1) for one in leaves) and any(leaves)


def _are_zeros_and_ones(array: AnyArray) -> bool:
    ones = array == 1
    return array.dtype != np.bool_ and bool(ones.any() and (ones | (array == 0)).all())


def _leaves(value: object, levels: int = _MOST_LEVELS) -> Iterator[object]:
    if isinstance(value, list) and levels:
        for one in value:
            yield from _leaves(one, levels - 1)
    else:
        yield value
