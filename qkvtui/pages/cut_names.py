"""Names of columns in little room: cut shorter and shorter before a number would have to go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from .lines import shorten
from .room import PageRoom

LONGEST_ROW_LABEL = 14
LONGEST_COLUMN_LABEL = 9

NameLengths = tuple[int, int]
"""How much of a name is shown above a column, and before a row."""
NAME_LENGTHS: tuple[NameLengths, ...] = ((LONGEST_COLUMN_LABEL, LONGEST_ROW_LABEL), (6, 9), (5, 9), (4, 9), (4, 6))
"""The most first."""


def lengths_of(named: bool) -> Sequence[NameLengths]:
    """The lengths to try; tokens and indices have only one."""
    return NAME_LENGTHS if named else NAME_LENGTHS[:1]


def cut_names(labels: Sequence[str], indices: Sequence[int], longest: int, room: PageRoom) -> list[str]:
    """These labels, none longer than so many terminal columns."""
    return [shorten(labels[index], longest, room.signs("…")) for index in indices]


def told_apart(labels: Sequence[str], indices: Sequence[int], longest: int, room: PageRoom) -> list[str]:
    """The same for names of columns: those that would look alike when they are cut are counted instead."""
    cut = cut_names(labels, indices, longest, room)
    often = Counter(cut)
    return [
        str(index) if often[short] > 1 and short != labels[index] else short
        for index, short in zip(indices, cut, strict=True)
    ]
