"""A lesson's own texts with its computed numbers in them."""

from __future__ import annotations

from collections.abc import Iterator

from ..files.placeholders import Placeholder, text_parts
from ..trace.told import mentioned
from ..trace.trace import Trace
from .formats import cell_format
from .numbers import percent
from .sentences import Role, Sentence, Span
from .tells import SLOT

MOST_IN_ROW = 6
"""Of a longer row the end is left out."""


def own_sentence(text: str, trace: Trace, digits: int, hidden: frozenset[str] = frozenset()) -> Sentence:
    """A text of the file, its numbers written as their tables write them; a blank for one of the `hidden` steps."""
    return tuple(_spans(text, trace, digits, hidden))


def _spans(text: str, trace: Trace, digits: int, hidden: frozenset[str]) -> Iterator[Span]:
    for part in text_parts(text.strip()):
        if isinstance(part, str):
            yield Span(part)
        else:
            yield Span(_number(part, trace, digits, hidden), Role.NUMBER)


def _number(part: Placeholder, trace: Trace, digits: int, hidden: frozenset[str]) -> str:
    found = mentioned(trace, part)
    address = found.address
    if address.name in hidden or (address.name == "summary" and "weights" in hidden):
        return SLOT
    if part.percent:
        return percent(trace.value(address))
    written = cell_format(trace, address, digits)
    if not found.is_row:
        return written.text(trace.value(address))
    values = trace.row(address.name, address.row, address.head)
    shown = ", ".join(written.text(float(value)) for value in values[:MOST_IN_ROW])
    rest = f", … +{len(values) - MOST_IN_ROW}" if len(values) > MOST_IN_ROW else ""
    return f"[{shown}{rest}]"
