"""The tokens, the token that asks, and how a text or an index stands for a token."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from ..errors import PartError
from ..operations.file_places import entry_place
from ..said import Phrase, say
from .clean import clean_line
from .draft import MOST_PROBLEMS, Table
from .limits import LONGEST_TOKEN, MOST_TOKENS
from .numerals import plain_signs
from .phrases import did_you_mean, is_kind, listed, plural, quoted, short_number

LONGEST_INDEX = 9
Pair = TypeVar("Pair")


class TokenError(PartError):
    """A text or an index that stands for no token, or for several."""

    def __init__(self, problem: str, expected: str, *, several: bool = False) -> None:
        super().__init__(problem, expected)
        self.several = several
        """Whether there is more than one."""


def token_index(text: str, tokens: Sequence[str], *, noun: str = "token", index_allowed: bool = True) -> int:
    """The token that `text` stands for, by the one rule there is.

    The token of that text; else the one that differs only in case; else, where no token has that text, the index it
    spells. `#1` is always the index 1. Raises TokenError for a text that stands for several, with the indices to
    choose from, and for one that stands for none.
    """
    for found in (_equal(text, tokens), _equal(text.strip(), tokens), _equal_but_for_case(text.strip(), tokens)):
        if len(found) == 1:
            return found[0]
        if found:
            indices = listed([f"#{index}" for index in found], "or")
            raise TokenError(
                say("the {noun} {text} occurs {count} times", noun=Phrase(noun), text=quoted(text), count=len(found)),
                say("say which by its index: {indices}", indices=indices),
                several=True,
            )
    spelled = plain_signs(text).strip().removeprefix("#")
    if spelled.isascii() and spelled.isdigit() and len(spelled) <= LONGEST_INDEX:
        if index_allowed or plain_signs(text).strip().startswith("#"):
            return checked_index(int(spelled), tokens, noun)
        raise TokenError(
            say("no {noun} is {text}", noun=Phrase(noun), text=quoted(text)),
            say("an index stands without quotation marks"),
        )
    raise TokenError(
        say("no {noun} is {text}", noun=Phrase(noun), text=quoted(text)),
        did_you_mean(text, tuple(dict.fromkeys(tokens))),
    )


def pairs_in(inside: str, read: Callable[[str, str], Pair], commas: str = ",") -> tuple[list[Pair], PartError | None]:
    """All that a row and a column with a comma between them can mean, and why the first way to divide them fails.

    A token may hold a comma itself, so every comma is tried as the one that divides them; without any there is neither.
    """
    found: list[Pair] = []
    failure: PartError | None = None
    for position, character in enumerate(inside):
        if character in commas:
            try:
                found.append(read(inside[:position], inside[position + 1 :]))
            except PartError as error:
                failure = failure or error
    return found, failure


def index_in_any(text: str, readings: Sequence[Sequence[str]], noun: str) -> int:
    """The one index that `text` stands for, where each index may be called by several names.

    `readings` are the names of all indices, once for each way of naming them. Raises TokenError as `token_index` does.
    """
    found: dict[int, None] = {}
    failures: list[TokenError] = []
    for names in readings:
        try:
            found[token_index(text, names, noun=noun)] = None
        except TokenError as error:
            failures.append(error)
    several = next((error for error in failures if error.several), None)
    if len(found) == 1 and several is None:
        return next(iter(found))
    if several is None and found:
        indices = listed([f"#{index}" for index in sorted(found)], "or")
        raise TokenError(
            say("{text} is several {nouns}", text=quoted(text), nouns=plural(noun)),
            say("say which by its index: {indices}", indices=indices),
            several=True,
        )
    raise several or failures[0]


def _equal(text: str, tokens: Sequence[str]) -> list[int]:
    return [index for index, token in enumerate(tokens) if token == text]


def _equal_but_for_case(text: str, tokens: Sequence[str]) -> list[int]:
    folded = text.casefold()
    return [index for index, token in enumerate(tokens) if token.casefold() == folded]


def checked_index(index: int, tokens: Sequence[str], noun: str = "token") -> int:
    """`index`, if there is such a token. Raises TokenError with the range of indices."""
    if 0 <= index < len(tokens):
        return index
    counted = (
        say("the {nouns} are counted from 0 to {last}", nouns=plural(noun), last=len(tokens) - 1)
        if len(tokens) > 1
        else say("the only index is 0")
    )
    raise TokenError(say("there is no {noun} {index}", noun=Phrase(noun), index=short_number(index)), counted)


def token_name(index: int, tokens: Sequence[str], *, longest: int | None = None) -> str:
    """How a token is named so that `token_index` finds it: by its text where that is unique, else by its index.

    With `longest`, for an address, also by its index where the text is longer or has a comma.
    """
    token = tokens[index]
    is_plain = longest is None or (len(token) <= longest and "," not in token)
    if is_plain and not token.startswith("#") and tokens.count(token) == 1:
        return token
    return f"#{index}" if str(index) in tokens else str(index)


def read_tokens(table: Table, name: str) -> tuple[str, ...] | None:
    """The cleaned tokens given as `name`, or None after reporting what is wrong with them."""
    value = table.values.get(name)
    a_list = say('tokens are a list of texts, as in ["The", "cat"]')
    if name not in table:
        table.report_missing(name, a_list)
    elif not isinstance(value, list):
        table.report(name, is_kind(value), a_list)
    elif not value:
        table.report(name, say("is an empty list"), say("there is at least one token"))
    else:
        return _checked(value, table, name)
    return None


def _checked(values: Sequence[object], table: Table, name: str) -> tuple[str, ...] | None:
    if len(values) > MOST_TOKENS:
        table.report(
            name,
            say("has {count} tokens", count=f"{len(values):,}"),
            say("an example has at most {most}", most=f"{MOST_TOKENS:,}"),
        )
        return None
    wrong = [
        index for index, value in enumerate(values) if not isinstance(value, str) or not 0 < len(value) <= LONGEST_TOKEN
    ]
    for index in wrong[:MOST_PROBLEMS]:
        value = values[index]
        if value == "":
            problem = say("is an empty text")
        elif isinstance(value, str):
            problem = say("is a text of {count} characters", count=f"{len(value):,}")
        else:
            problem = is_kind(value)
        expected = say("a token is a text of 1 to {most} characters", most=f"{LONGEST_TOKEN:,}")
        table.draft.report(entry_place(table.place_of(name), index), problem, expected)
    table.draft.report_more(len(wrong) - MOST_PROBLEMS)
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
        table.report("query", is_kind(value), say("it is one of the tokens, or its index counted from 0"))
    return 0
