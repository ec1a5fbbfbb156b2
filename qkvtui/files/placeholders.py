"""Numbers in a lesson's texts: `{weights[it,animal]}`, `{weights[it,animal] %}`, `{queries[it]}`, `{… then}`."""

from __future__ import annotations

import re

from ..errors import PartError
from ..localized import Localized
from ..records import record
from ..said import say
from .phrases import quoted

_PART = re.compile(r"\{\{|\}\}|\{(?P<inside>[^{}]*)\}|[{}]")
_INSIDE = re.compile(r"\s*(?P<address>.*?)(?P<ways>(?:\s*%|\s+then)*)\s*", re.DOTALL)


class PlaceholderError(PartError):
    """Braces of a text that are not as they should be."""


@record(frozen=True)
class Placeholder:
    """A computed number that stands in a text."""

    address: str
    """As it stands in the file: of a number, or of a row, `queries[it]`. Whether it exists is seen in a trace."""
    percent: bool = False
    """Whether it is written as a percentage."""
    then: bool = False
    """Whether it is the number after the change that the text is about."""


def text_parts(text: str) -> tuple[str | Placeholder, ...]:
    """What is written, and the numbers between it; `{{` and `}}` are braces. Raises PlaceholderError."""
    parts: list[str | Placeholder] = []
    end = 0
    for found in _PART.finditer(text):
        parts.append(text[end : found.start()])
        end = found.end()
        if found["inside"] is not None:
            parts.append(_placeholder(found["inside"]))
        elif len(found[0]) == 2:
            parts.append(found[0][0])
        else:
            raise PlaceholderError(
                say("has a {brace} that belongs to no other brace", brace=found[0]),
                say("a number is written as in {{scores[it,animal]}}, a brace itself as {{{{ or }}}}"),
            )
    return tuple(part for part in (*parts, text[end:]) if part)


def _placeholder(inside: str) -> Placeholder:
    found = _INSIDE.fullmatch(inside)
    assert found is not None  # whatever is between braces: each part of the pattern may be empty
    ways = found["ways"].replace("%", " % ").split()
    if not found["address"]:
        raise PlaceholderError(
            say("has {text}, which names no number", text=quoted(f"{{{inside}}}")), say("write {{scores[it,animal]}}")
        )
    return Placeholder(found["address"], "%" in ways, "then" in ways)


def numbers_in(text: Localized) -> tuple[str, ...]:
    """The addresses that a text names, in any of its languages."""
    return tuple(
        part.address for words in text.texts.values() for part in text_parts(words) if isinstance(part, Placeholder)
    )
