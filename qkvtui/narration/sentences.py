"""Sentences: text in spans that say what each part is, so that a view may style it and a transcript may not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from string import Formatter

from ..records import record

LONGEST_TOKEN = 40
"""Characters of a token that a sentence repeats; the rest is cut, and the cut shown."""


class Role(Enum):
    """What a part of a sentence, or of a page, is."""

    PLAIN = "plain"
    TOKEN = "token"
    QUERY = "query"
    KEY = "key"
    NUMBER = "number"
    RESULT = "result"
    WRONG = "wrong"
    TITLE = "title"
    HEADER = "header of a column"
    BAR = "bar"
    LABEL = "label"
    DIM = "said in passing"
    MARKED = "marked"
    CURRENT = "current"

    @property
    def is_token(self) -> bool:
        """Whether the text is a token of the example, which is shown as it is."""
        return self in (Role.TOKEN, Role.QUERY, Role.KEY)


@record(frozen=True)
class Span:
    """A piece of text with one role."""

    text: str
    role: Role = Role.PLAIN


Sentence = tuple[Span, ...]


def plain(text: str) -> Sentence:
    """A sentence without roles."""
    return (Span(text),)


def text_of(sentence: Sentence) -> str:
    """The sentence as plain text."""
    return "".join(span.text for span in sentence)


def joined(parts: Iterable[Sentence], separator: str, last: str | None = None) -> Sentence:
    """The parts with `separator` between them, and `last` before the last one."""
    items = list(parts)
    spans: list[Span] = []
    for index, item in enumerate(items):
        if index:
            between = last if last is not None and index == len(items) - 1 else separator
            spans.append(Span(between))
        spans.extend(item)
    return tuple(spans)


def filled(template: str, say: Callable[[str], Sentence]) -> Sentence:
    """A template with what is to be said for each of its {names}."""
    spans: list[Span] = []
    for literal, name, _, _ in Formatter().parse(template):
        if literal:
            spans.append(Span(literal))
        if name:
            spans.extend(say(name))
    return tuple(spans)


def quoted(text: str, quotes: tuple[str, str], role: Role = Role.TOKEN) -> Sentence:
    """A token in the language's quotation marks."""
    opening, closing = quotes
    cut = (Span("…"),) if len(text) > LONGEST_TOKEN else ()
    return (Span(opening), Span(text[:LONGEST_TOKEN], role), *cut, Span(closing))
