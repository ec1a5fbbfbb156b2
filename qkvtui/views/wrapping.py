"""Breaking text into lines: between words and Chinese characters, but never before a closing mark."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from .graphemes import graphemes

_WIDE = "\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60"
_CLOSING = "，。；：！？、）》」』】”’…"
_OPENING = "（《「『【“‘"
# A unit holds together: a wide character or a run of others up to a space, with the marks that belong to it.
_UNIT = re.compile(
    rf"[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}{_OPENING}]+?(?=[\s{_WIDE}{_OPENING}]|$))[{_CLOSING}]*"
    rf"(?:(?<=”)[^\s{_WIDE}{_OPENING}]+[{_CLOSING}]*)?\s*|\s+|."
)


def wrap(text: Text, width: int) -> list[Text]:
    """The text in lines of at most `width` cells; a single unit that is wider is cut into pieces."""
    lines: list[Text] = []
    for paragraph in text.split("\n", allow_blank=True):
        lines.extend(_wrap_paragraph(paragraph, max(1, width)))
    return lines


def _wrap_paragraph(text: Text, width: int) -> list[Text]:
    breaks: list[int] = []
    used = 0
    for start, unit in _units(text.plain, width):
        size = cell_len(unit.rstrip())
        if used and used + size > width:
            breaks.append(start)
            used = 0
        used += cell_len(unit)
    lines = list(text.divide(breaks)) if breaks else [text]
    for line in lines:
        line.rstrip()
    return lines


def _units(plain: str, width: int) -> Iterator[tuple[int, str]]:
    for match in _UNIT.finditer(plain):
        unit, start = match.group(), match.start()
        while cell_len(unit.rstrip()) > width:
            size = _fitting(unit, width)
            yield start, unit[:size]
            unit, start = unit[size:], start + size
        yield start, unit


def _fitting(unit: str, width: int) -> int:
    """How many code points of the unit fit, no grapheme cut; those of one grapheme at least."""
    used = size = 0
    for grapheme, cells in graphemes(unit):
        used += cells
        if used > width and size:
            break
        size += len(grapheme)
    return size
