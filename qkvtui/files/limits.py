"""How much a file of text may hold: what is larger would keep a terminal waiting, and is refused before it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import Problem
from ..operations.file_places import entry_place, inside
from ..said import say
from .parserwords import place_in

MOST_VALUES = 200_000
"""Numbers, texts and names together: tomllib reads about as many in half a second."""
MOST_CHARACTERS = 8_000_000
MOST_LINES = 200_000
MOST_TABLES = 20_000
MOST_TOKENS = 32_768
LONGEST_TOKEN = 2_000
"""In characters."""
LONGEST_TEXT = 20_000
"""Of a title, a note and the like, in characters."""
_MOST_PARTS = 6
"""Of a dotted name: tomllib takes time and memory with the square of them."""

_PART = r"""\.[ \t]*(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*"""
_MANY_PARTS = re.compile(f"(?:{_PART}){{{_MOST_PARTS}}}")
_MORE_PARTS = re.compile(f"(?:{_PART})*")
_ARRAYS = say("larger tables stand in an .npz or .safetensors file beside it, which arrays names")


def too_much(text: str) -> Problem | None:
    """Why a text, TOML or JSON, is not even parsed; None where it may be."""
    if len(text) > MOST_CHARACTERS:
        return Problem("", say("has more than {most} characters", most=f"{MOST_CHARACTERS:,}"), _ARRAYS)
    if text.count(",") + text.count("=") > MOST_VALUES:
        return Problem("", say("holds more than {most} numbers", most=f"{MOST_VALUES:,}"), _ARRAYS)
    if text.count("\n") > MOST_LINES:
        return Problem("", say("has more than {most} lines", most=f"{MOST_LINES:,}"), _ARRAYS)
    if text.count("\n[") > MOST_TABLES:
        return Problem(
            "", say("holds more than {most} tables", most=f"{MOST_TABLES:,}"), say("an example has a few dozen")
        )
    position = _long_name(text)
    if position is None:
        return None
    return Problem(
        place_in(text, position),
        say("a name has more than {most} parts", most=_MOST_PARTS),
        say("names here have one part or two, as in attention.scale"),
    )


def _long_name(text: str) -> int | None:
    """Where a dotted name of very many parts stands; a sentence with as many full stops is none."""
    position = 0
    while found := _MANY_PARTS.search(text, position):
        end = _MORE_PARTS.match(text, found.end())
        assert end is not None
        if text[end.end() : end.end() + 1] in ("=", "]"):
            return found.start()
        position = end.end()
    return None


def long_texts(value: object, place: str = "") -> Iterator[Problem]:
    """Texts that are longer than anybody reads, wherever in the structure they stand."""
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            yield Problem(
                place,
                say("is a text of {count} characters", count=f"{len(value):,}"),
                say("a text has at most {most} characters", most=f"{LONGEST_TEXT:,}"),
            )
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from long_texts(one, inside(place, str(name)) if place else str(name))
    elif isinstance(value, list) and not all(isinstance(one, int | float) for one in value):
        for index, one in enumerate(value):
            if isinstance(one, str | dict | list):
                yield from long_texts(one, entry_place(place, index))
