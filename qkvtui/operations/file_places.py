"""Where something stands in a file: of a number that nothing is computed from, or of a mistake. Counted from 0."""

from __future__ import annotations

from ..said import Phrase, say

NO_TARGET = say("learn has no target for it, so 0")
NOT_LOOKED_UP = say("no token of the sentence has this row, so 0")


def entry(name: str, row: int, column: int, head: int | None = None) -> Phrase:
    """An entry of a matrix; `head` where each head has one of its own."""
    if head is None:
        return say("{name}, row {row}, column {column}", name=name, row=row, column=column)
    return say("{name}, head {head}, row {row}, column {column}", name=name, head=head, row=row, column=column)


def column_place(name: str, column: int) -> Phrase:
    """An entry of a list that goes with the columns."""
    return say("{name}, column {column}", name=name, column=column)


def cell_place(name: str, row: int, column: int) -> Phrase:
    """`parameters.W_K, row 2, column 0 (counted from 0)`: so says a message, since addresses count from 0 too."""
    return say("{place} (counted from 0)", place=entry(name, row, column))


def row_place(name: str, row: int) -> Phrase:
    """`parameters.W_K, row 2 (counted from 0)`."""
    return say("{name}, row {row} (counted from 0)", name=name, row=row)


def head_place(name: str, head: int) -> Phrase:
    """`inputs.Q, head 1 (counted from 0)`."""
    return say("{name}, head {head} (counted from 0)", name=name, head=head)


def entry_place(name: str, index: int) -> Phrase:
    """`parameters.b_Q, entry 2 (counted from 0)`, for a list that has no rows."""
    return say("{name}, entry {index} (counted from 0)", name=name, index=index)


def item_place(name: str, index: int) -> Phrase:
    """`stops, entry 2`, for a list of tables or texts: more may follow, as in `stops, entry 2.text`."""
    return say("{name}, entry {index}", name=name, index=index)


def inside(place: str, name: str) -> str:
    """`attention.scale`: what is called `name` at a place, which may be said in words, as may the name."""
    if isinstance(place, Phrase) or isinstance(name, Phrase):
        return say("{place}.{name}", place=place, name=name)
    return f"{place}.{name}"
