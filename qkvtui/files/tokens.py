"""The tokens, the token that asks, and how a text or an index stands for a token."""

from __future__ import annotations

from collections.abc import Sequence

from .clean import clean_line
from .draft import Table
from .phrases import did_you_mean, entry_place, kind_of, listed, quoted, short_number

LONGEST_INDEX = 9


class TokenError(Exception):
    """A text or an index that stands for no token, or for several."""

    def __init__(self, problem: str, expected: str) -> None:
        super().__init__(f"{problem}; {expected}")
        self.problem = problem
        self.expected = expected


def token_index(text: str, tokens: Sequence[str], *, index_allowed: bool = True) -> int:
    """The token that `text` stands for: the token of that text or, where there is none, the index it spells.

    Raises TokenError for a text that occurs twice, with the indices to choose from, and for an unknown one.
    """
    found = [index for index, token in enumerate(tokens) if token == text]
    if len(found) == 1:
        return found[0]
    if found:
        indices = listed([str(index) for index in found], "or")
        raise TokenError(f"the token {quoted(text)} occurs {len(found)} times", f"give its index instead: {indices}")
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_INDEX:
        if index_allowed:
            return checked_index(int(text), tokens)
        raise TokenError(f"no token is {quoted(text)}", "an index stands without quotation marks")
    raise TokenError(f"no token is {quoted(text)}", did_you_mean(text, tuple(dict.fromkeys(tokens))))


def checked_index(index: int, tokens: Sequence[str]) -> int:
    """`index`, if there is such a token. Raises TokenError with the range of indices."""
    if 0 <= index < len(tokens):
        return index
    raise TokenError(f"there is no token {short_number(index)}", f"the tokens are counted from 0 to {len(tokens) - 1}")


def read_tokens(table: Table, name: str) -> tuple[str, ...] | None:
    """The cleaned tokens given as `name`, or None after reporting what is wrong with them."""
    value = table.values.get(name)
    a_list = 'tokens are a list of texts, as in ["The", "cat"]'
    if name not in table:
        table.report_missing(name, a_list)
    elif not isinstance(value, list):
        table.report(name, f"is {kind_of(value)}", a_list)
    elif not value:
        table.report(name, "is an empty list", "there is at least one token")
    else:
        return _checked(value, table, name)
    return None


def _checked(values: Sequence[object], table: Table, name: str) -> tuple[str, ...] | None:
    wrong = [index for index, value in enumerate(values) if not isinstance(value, str) or not value]
    for index in wrong:
        value = values[index]
        problem = "is an empty text" if value == "" else f"is {kind_of(value)}"
        table.draft.report(
            entry_place(table.place_of(name), index), problem, "a token is a text of one character or more"
        )
    return None if wrong else tuple(clean_line(value) for value in values if isinstance(value, str))


def read_query(table: Table, tokens: Sequence[str] | None) -> int:
    """The index of the token that asks first; 0 where it is not given or cannot be told."""
    value = table.values.get("query", 0)
    try:
        if isinstance(value, str) and tokens:
            return token_index(clean_line(value), tokens, index_allowed=False)
        if isinstance(value, int) and not isinstance(value, bool) and tokens:
            return checked_index(value, tokens)
    except TokenError as error:
        table.report("query", error.problem, error.expected)
        return 0
    if not isinstance(value, str | int) or isinstance(value, bool):
        table.report("query", f"is {kind_of(value)}", "it is one of the tokens, or its index counted from 0")
    return 0
