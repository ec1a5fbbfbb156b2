"""Lines that stand below what they belong to, as a command says them in text."""

from __future__ import annotations

from collections.abc import Iterator

from ..narration.sentences import Sentence
from ..pages.lines import wrap
from ..records import record
from ..views.look import Look

SHIFT = "  "
_LEAST_ROOM = 20


@record(frozen=True)
class Indented:
    """A sentence, or a number with what should stand in its place."""

    said: Sentence
    depth: int = 0
    """How far it is indented."""
    wraps: bool = True
    """Whether it may be broken where the page ends."""


def indented_lines(part: Indented, look: Look) -> Iterator[str]:
    """The sentence in lines that fit."""
    line, shift = look.spoken(part.said), SHIFT * part.depth
    lines = wrap(line, max(_LEAST_ROOM, look.width - len(shift))) if part.wraps else [line]
    yield from (shift + one.text for one in lines)
