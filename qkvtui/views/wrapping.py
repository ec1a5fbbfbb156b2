"""Breaking rich text into lines, where the lines of a page break."""

from __future__ import annotations

from rich.text import Text

from ..pages.lines import breaks


def wrap(text: Text, width: int) -> list[Text]:
    """The text in lines of at most `width` cells; a single unit that is wider is cut into pieces."""
    lines: list[Text] = []
    for paragraph in text.split("\n", allow_blank=True):
        found = breaks(paragraph.plain, width)
        lines.extend(paragraph.divide(found) if found else [paragraph])
    for line in lines:
        line.rstrip()
    return lines
