"""The messages of the TOML and JSON parsers, in the words of somebody who wrote the file by hand."""

from __future__ import annotations

from ..errors import Problem
from .clean import clean_line

_NAMES = "a name with other signs than A-Z a-z 0-9 _ - stands in quotation marks"
TOML_WORDS = {
    "Cannot declare": ("this table is given a second time", "each table is given once"),
    "Cannot overwrite a value": ("this name is given a second time", "each name is given once"),
    "Cannot redefine": ("this name is given a second time", "each name is given once"),
    "Duplicate inline table key": ("this name is given a second time", "each name is given once"),
    "Escaped character is not": (
        "this escape stands for no character",
        r"an emoji is written as it is, or as \U and eight digits",
    ),
    "Expected '=' after a key": ("an = is missing after the name", "a line reads name = value"),
    "Expected ']'": ("a ] is missing after the table's name", "a table starts with a line like [inputs]"),
    "Expected newline or end of document": (
        "the line ought to end here",
        "one name = value a line; a text ends with the mark that began it",
    ),
    "Illegal character '\\n'": (
        "the text is not closed",
        'a text of several lines stands between """ and """',
    ),
    "Illegal character": (
        "a control character stands here",
        r"write it as \u and four digits, such as \u001b",
    ),
    "Invalid initial character for a key part": ("no name starts like this", _NAMES),
    "Invalid statement": ("no name starts like this", f"a line reads name = value; {_NAMES}"),
    "Invalid value": (
        "this is no value",
        'a text stands in quotation marks ("it"); a number has a digit before the point (0.5)',
    ),
    "Unclosed array": ("a comma or a ] is missing here", "a list reads [1, 2, 3]"),
    "Unclosed inline table": ("a comma or a } is missing here", "a table in braces stands on one line"),
    "Unescaped '\\'": (
        "a lone backslash stands here",
        r"write \\, or put the text between single quotation marks",
    ),
    "Unterminated string": ("the text is not closed", "a text ends with the mark that began it"),
}
"""How tomllib's messages begin → what is wrong, what would be right; the first that fits counts."""

JSON_WORDS = {
    "Expecting ',' delimiter": ("a comma is missing here", "a comma stands between any two entries"),
    "Expecting ':' delimiter": ("a colon is missing here", 'an entry reads "name": value'),
    "Expecting property name": (
        "a name in double quotation marks is missing here",
        "after the last entry there is no comma",
    ),
    "Expecting value": (
        "a value is missing here",
        "that is a number, a text in double quotation marks, true, false, null, […] or {…}",
    ),
    "Extra data": ("the file ought to end here", "it is one {…}"),
    "Illegal trailing comma": ("the comma is one too many", "after the last entry there is no comma"),
    "Invalid \\escape": ("a lone backslash stands here", r"write \\ for a backslash"),
    "Invalid control character": ("a control character stands here", r"a line break in a text is written \n"),
    "Unterminated string": ("the text is not closed", "a text ends with double quotation marks"),
}
"""The same for json's messages."""


def in_our_words(place: str, language: str, message: str, words: dict[str, tuple[str, str]]) -> Problem:
    """The problem at `place`, from a parser's `message`; one that is not in `words` is repeated as it is."""
    for start, (problem, expected) in words.items():
        if message.startswith(start):
            return Problem(place, f"is not {language}: {problem}", expected)
    return Problem(place, f"is not {language}: {clean_line(message[:1].lower() + message[1:])}")
