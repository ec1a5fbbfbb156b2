"""The words of the messages: how a value, a count, a place and a suggestion are named."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from ..said import Named, Phrase, say
from .clean import clean_line

LONGEST_QUOTATION = 40
MOST_LISTED = 14


def quoted(text: str) -> str:
    """`text` between quotation marks, cleaned and no longer than a message can bear."""
    return say('"{text}"', text=text.each(_shortened) if isinstance(text, Named) else _shortened(text))


def _shortened(text: str) -> str:
    return clean_line(text if len(text) <= LONGEST_QUOTATION else text[: LONGEST_QUOTATION - 1] + "…")


def kind_of(value: object) -> Phrase:
    """What a value is, as it follows "is": `the text "it"`, `the number 3`, `a list`."""
    match value:
        case None:
            return say("null")
        case bool():
            return say("true") if value else say("false")
        case int() | float() if _is_long(value):
            return say("a number {number}", number=short_number(value))
        case int() | float():
            return say("the number {number}", number=repr(value))
        case str():
            return say("the text {text}", text=quoted(value))
        case list():
            return say("a list")
        case dict():
            return say("a table")
    return say("a date or a time")


def is_kind(value: object) -> Phrase:
    """`is the text "it"`: what is wrong with a value of another kind than is wanted."""
    return say("is {kind}", kind=kind_of(value))


def short_number(value: float) -> str:
    """A number as it stands in the file; whole numbers too long to read are cut."""
    return say("with more than 20 digits") if _is_long(value) else repr(value)


def _is_long(value: float) -> bool:
    return isinstance(value, int) and abs(value) >= 10**20


def counted(count: int, noun: str) -> Phrase:
    """`1 row`, `3 rows`; the nouns are regular, or end in `y`. A catalogue has both forms of each."""
    if count == 1:
        return Phrase(f"1 {noun}")
    return Phrase(f"{{count}} {plural(noun)}", {"count": count})


def plural(noun: str) -> Phrase:
    """`rows`."""
    return Phrase(f"{noun[:-1]}ies" if noun.endswith("y") and not noun.endswith("ey") else f"{noun}s")


def with_commas(words: Sequence[str]) -> str:
    """`a, b, c`."""
    told = words[0] if words else ""
    for word in words[1:]:
        told = say("{words}, {next}", words=told, next=word)
    return told


def listed(words: Sequence[str], last: Literal["and", "or"] = "and", most: int = MOST_LISTED) -> str:
    """`a`, `a and b`, `a, b and c`; lists longer than `most` are cut."""
    more = len(words) - most
    if more > 0:
        shown = with_commas(words[:most])
        if last == "and":
            return say("{words} and {count} more", words=shown, count=more)
        return say("{words} or {count} more", words=shown, count=more)
    if len(words) < 2:
        return with_commas(words)
    if last == "and":
        return say("{words} and {last}", words=with_commas(words[:-1]), last=words[-1])
    return say("{words} or {last}", words=with_commas(words[:-1]), last=words[-1])


def nearest(name: str, names: Collection[str], likeness: float = 0.6) -> str | None:
    """The one of `names` that `name` was probably meant to be: 1 is the same, at 0.6 some three letters of five are."""
    for one in names:
        if _letters(one) == _letters(name):
            return one
    from difflib import get_close_matches

    found = get_close_matches(name[: 2 * LONGEST_QUOTATION], names, 1, likeness)
    return found[0] if found else None


def _letters(name: str) -> str:
    """`W_Q`, `w_q` and `WQ` are all meant to be the same."""
    return name.casefold().replace("_", "").replace("-", "")


def did_you_mean(name: str, names: Collection[str]) -> Phrase:
    """`did you mean "W_Q"?`, or the list of what is there."""
    meant = nearest(name, names)
    if meant is not None:
        return say("did you mean {meant}?", meant=quoted(meant))
    return say("there is {names}", names=listed([quoted(one) for one in names])) if names else say("there is none")
