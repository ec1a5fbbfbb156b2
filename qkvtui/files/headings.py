"""Titles of example files, for the list and the picker: quick, and never an error.

`qkvtui list` may take little longer than `import argparse`, and `import tomllib` alone takes half of that: a
bundled example is first looked at as its lines are usually written. Any other file is parsed.
"""

from __future__ import annotations

import re

from ..errors import ExampleError
from ..localized import LANGUAGES, Localized
from ..said import in_language, say
from .clean import clean_line
from .find import Located, bundled, bundled_names, kind_of_file

_TITLE = r'(?m)^title = (?:"([^"\\\n]+)"|\{ en = "([^"\\\n]+)", zh = "([^"\\\n]+)" \})$'
_TOKENS = r'(?m)^tokens = \[("[^"\\\n]+"(?:, "[^"\\\n]+")*)\]$'


class Heading:
    """One line of the list."""

    __slots__ = ("example", "title", "tokens")

    example: Located
    title: Localized
    """The file's title; for a file that cannot be used, its name and what is wrong with it."""
    tokens: int
    """How many tokens; 0 for a file that cannot be used."""

    def __init__(self, example: Located, title: Localized, tokens: int) -> None:
        self.example = example
        self.title = title
        self.tokens = tokens


def bundled_headings() -> tuple[Heading, ...]:
    """The headings of the bundled examples, in the order of the course."""
    return tuple(quick_heading(one) or heading(one) for one in map(bundled, bundled_names()))


def quick_heading(example: Located) -> Heading | None:
    """The heading of a bundled example with title and tokens on a line each; None for any other file."""
    try:
        with open(example.path or "", encoding="utf-8") as file:
            start = file.read().partition("\n[")[0]
    except (OSError, UnicodeDecodeError):
        return None
    title, tokens = re.search(_TITLE, start), re.search(_TOKENS, start)
    if title is None or tokens is None:
        return None
    texts = zip(("", "en", "zh"), title.groups(), strict=True)
    localized = Localized({language: clean_line(text) for language, text in texts if text is not None})
    return Heading(example, localized, tokens[1].count('"') // 2)


def heading(example: Located) -> Heading:
    """The heading of a file (not of standard input); nothing below the title and the tokens is looked at."""
    try:
        start = _start(example)
    except ExampleError as error:
        return _broken(example, *map(str, error.problems))
    title, tokens = _title(start.get("title")), start.get("tokens")
    if title is None:
        return _broken(example, say("has no title"))
    if not isinstance(tokens, list) or not tokens:
        return _broken(example, say("has no tokens"))
    return Heading(example, title, len(tokens))


def taught(example: Located) -> Localized:
    """What an example teaches: the first sentence of its `about` without computed numbers, or nothing."""
    try:
        about = _title(_start(example).get("about"))
    except ExampleError:
        about = None
    if about is None:
        return Localized({"": ""})
    return Localized({language: _first_sentence(about.in_language(language)) for language in LANGUAGES})


def _first_sentence(text: str) -> str:
    """The first in which no number stands that would have to be computed."""
    found = re.findall(r"(?s)(.+?(?:[.!?](?=\s|$)|[。！？]|$))\s*", text.strip())
    return " ".join(next((one for one in found if "{" not in one), "").split())


def _broken(example: Located, *problems: str) -> Heading:
    problem = problems[0]
    for other in problems[1:]:
        problem = say("{problem}; {expected}", problem=problem, expected=other)
    told = say("{file}: {problem}", file=example.name, problem=problem)
    return Heading(example, Localized({language: in_language(told, language) for language in LANGUAGES}), 0)


def _start(example: Located) -> dict[str, object]:
    """What stands before the first table; everything, where that cannot be told apart. Raises ExampleError."""
    from .source import read_file
    from .syntax import parse_structure

    path = example.path or ""
    kind, text = kind_of_file(path), read_file(path, example.display)
    before, bracket, _ = text.partition("\n[")
    if bracket and kind == "toml":
        try:
            return parse_structure(before, kind, example.display)
        except ExampleError:
            pass  # the bracket stood inside a text or a list
    return parse_structure(text, kind, example.display)


def _title(value: object) -> Localized | None:
    given = value if isinstance(value, dict) else {"": value}
    texts = {
        language: clean_line(text)
        for language, text in given.items()
        if language in ("", *LANGUAGES) and isinstance(text, str) and text.strip()
    }
    return Localized(texts) if texts else None
