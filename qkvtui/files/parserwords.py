"""The messages of the TOML and JSON parsers, in the words of somebody who wrote the file by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..errors import Problem
from ..said import Phrase, say
from .clean import clean_line

if TYPE_CHECKING:
    from json import JSONDecodeError

_NAMES = say("a name with other signs than A-Z a-z 0-9 _ - stands in quotation marks")
TOML_WORDS = {
    "Cannot declare": (say("this table is given a second time"), say("each table is given once")),
    "Cannot overwrite a value": (say("this name is given a second time"), say("each name is given once")),
    "Cannot redefine": (say("this name is given a second time"), say("each name is given once")),
    "Duplicate inline table key": (say("this name is given a second time"), say("each name is given once")),
    "Escaped character is not": (
        say("this escape stands for no character"),
        say("an emoji is written as it is, or as \\U and eight digits"),
    ),
    "Expected '=' after a key": (say("an = is missing after the name"), say("a line reads name = value")),
    "Expected ']'": (say("a ] is missing after the table's name"), say("a table starts with a line like [inputs]")),
    "Expected newline or end of document": (
        say("the line ought to end here"),
        say("one name = value a line; a text ends with the mark that began it"),
    ),
    "Illegal character '\\n'": (
        say("the text is not closed"),
        say('a text of several lines stands between """ and """'),
    ),
    "Illegal character": (
        say("a control character stands here"),
        say("write it as \\u and four digits, such as \\u001b"),
    ),
    "Invalid initial character for a key part": (say("no name starts like this"), _NAMES),
    "Invalid statement": (say("no name starts like this"), say("a line reads name = value; {names}", names=_NAMES)),
    "Invalid value": (
        say("this is no value"),
        say('a text stands in quotation marks ("it"); a number has a digit before the point (0.5)'),
    ),
    "Unclosed array": (say("a comma or a ] is missing here"), say("a list reads [1, 2, 3]")),
    "Unclosed inline table": (say("a comma or a }} is missing here"), say("a table in braces stands on one line")),
    "Unescaped '\\'": (
        say("a lone backslash stands here"),
        say("write \\\\, or put the text between single quotation marks"),
    ),
    "Unterminated string": (say("the text is not closed"), say("a text ends with the mark that began it")),
}
"""How tomllib's messages begin → what is wrong, what would be right; the first that fits counts."""

_JSON_WORDS = {
    "Expecting ',' delimiter": (say("a comma is missing here"), say("a comma stands between any two entries")),
    "Expecting ':' delimiter": (say("a colon is missing here"), say('an entry reads "name": value')),
    "Expecting property name": (
        say("a name in double quotation marks is missing here"),
        say("after the last entry there is no comma"),
    ),
    "Expecting value": (
        say("a value is missing here"),
        say("that is a number, a text in double quotation marks, true, false, null, […] or {{…}}"),
    ),
    "Extra data": (say("the file ought to end here"), say("it is one {{…}}")),
    "Illegal trailing comma": (say("the comma is one too many"), say("after the last entry there is no comma")),
    "Invalid \\escape": (say("a lone backslash stands here"), say("write \\\\ for a backslash")),
    "Invalid control character": (say("a control character stands here"), say("a line break in a text is written \\n")),
    "Unterminated string": (say("the text is not closed"), say("a text ends with double quotation marks")),
}
"""The same for json's messages."""


def in_our_words(place: str, language: str, message: str, words: Mapping[str, tuple[str, str]]) -> Problem:
    """The problem at `place`, from a parser's `message`; one that is not in `words` is repeated as it is."""
    for start, (problem, expected) in words.items():
        if message.startswith(start):
            return Problem(place, say("is not {language}: {problem}", language=language, problem=problem), expected)
    problem = clean_line(message[:1].lower() + message[1:])
    return Problem(place, say("is not {language}: {problem}", language=language, problem=problem))


def json_problem(error: JSONDecodeError) -> Problem:
    """What a JSON parser has met, with line and column."""
    message, position = error.msg, error.pos
    before = error.doc[:position].rstrip()
    if before.endswith(",") and error.doc.startswith(("]", "}"), position):
        # Until Python 3.13 json looks behind the comma, and misses what ought to come next.
        message, position = "Illegal trailing comma", len(before) - 1
    return in_our_words(place_in(error.doc, position), "JSON", message, _JSON_WORDS)


def place_in(text: str, position: int) -> Phrase:
    """Line and column, counted from 1."""
    before = text[:position]
    line, column = before.count("\n") + 1, position - before.rfind("\n")
    return say("line {line}, column {column}", line=line, column=column)
