"""The words of the messages: how a value, a count, a place and a suggestion are named."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from .clean import clean_line

LONGEST_QUOTATION = 40
MOST_LISTED = 14


def quoted(text: str) -> str:
    """`text` between quotation marks, cleaned and no longer than a message can bear."""
    short = text if len(text) <= LONGEST_QUOTATION else text[: LONGEST_QUOTATION - 1] + "…"
    return f'"{clean_line(short)}"'


def kind_of(value: object) -> str:
    """What a value is, as it follows "is": `the text "it"`, `the number 3`, `a list`."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"{'a' if _is_long(value) else 'the'} number {short_number(value)}"
        case str():
            return f"the text {quoted(value)}"
        case list():
            return "a list"
        case dict():
            return "a table"
    return "a date or a time"


def short_number(value: float) -> str:
    """A number as it stands in the file; whole numbers too long to read are cut."""
    return "with more than 20 digits" if _is_long(value) else repr(value)


def _is_long(value: float) -> bool:
    return isinstance(value, int) and abs(value) >= 10**20


def counted(count: int, noun: str) -> str:
    """`1 row`, `3 rows`; the nouns are regular, or end in `y`."""
    if count == 1:
        return f"1 {noun}"
    return f"{count} {noun[:-1]}ies" if noun.endswith("y") and not noun.endswith("ey") else f"{count} {noun}s"


def listed(words: Sequence[str], last: str = "and", most: int = MOST_LISTED) -> str:
    """`a`, `a and b`, `a, b and c`; lists longer than `most` are cut."""
    if len(words) > most:
        return f"{', '.join(words[:most])} {last} {len(words) - most} more"
    return f" {last} ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def nearest(name: str, names: Collection[str]) -> str | None:
    """The one of `names` that `name` was probably meant to be."""
    for one in names:
        if _letters(one) == _letters(name):
            return one
    from difflib import get_close_matches

    found = get_close_matches(name[: 2 * LONGEST_QUOTATION], names, n=1)
    return found[0] if found else None


def _letters(name: str) -> str:
    """`W_Q`, `w_q` and `WQ` are all meant to be the same."""
    return name.casefold().replace("_", "").replace("-", "")


def did_you_mean(name: str, names: Collection[str]) -> str:
    """`did you mean "W_Q"?`, or the list of what is there."""
    meant = nearest(name, names)
    if meant is not None:
        return f"did you mean {quoted(meant)}?"
    return f"there is {listed([quoted(one) for one in names])}" if names else "there is none"


def row_place(place: str, row: int) -> str:
    """`parameters.W_K, row 2 (counted from 0)`: addresses count from 0 too."""
    return f"{place}, row {row} (counted from 0)"


def cell_place(place: str, row: int, column: int) -> str:
    """`parameters.W_K, row 2, column 0 (counted from 0)`."""
    return f"{place}, row {row}, column {column} (counted from 0)"


def head_place(place: str, head: int) -> str:
    """`inputs.Q, head 1 (counted from 0)`."""
    return f"{place}, head {head} (counted from 0)"


def entry_place(place: str, index: int) -> str:
    """`parameters.b_Q, entry 2 (counted from 0)`, for a list that has no rows."""
    return f"{place}, entry {index} (counted from 0)"
