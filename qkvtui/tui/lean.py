"""Fewer bytes on the wire: of a changed line only the changed columns are sent.

Textual sends a partly changed line from its widget's left edge on (textual#5625), and a style anew for every
neighbour that differs only in what a click on it means. Over SSH that is most of what a move of the cell costs.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.control import Control
from rich.segment import Segment
from textual._compositor import ChopsUpdate
from textual.strip import Strip

from .drawing import character_start


def lean(update: RenderableType | None) -> RenderableType | None:
    """The same update in fewer bytes, where it is one of parts of the screen."""
    if not isinstance(update, ChopsUpdate):
        return update
    return LeanUpdate(update.chops, update.spans, update.chop_ends)


class LeanUpdate(ChopsUpdate):
    """Changed parts of lines, each without what stands to its left."""

    def render_segments(self, console: Console) -> str:
        """What to write to the terminal."""
        return "".join(self._written(console))

    def _written(self, console: Console) -> Iterator[str]:
        for y, start, stop in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or x >= stop or end <= start:
                    continue
                left = character_start(strip, max(0, start - x))
                yield Control.move_to(x + left, y).segment.text
                yield _looks(strip.crop(left, min(end, stop) - x)).render(console)


def _looks(strip: Strip) -> Strip:
    """The strip as it looks, neighbours that look the same in one."""
    plain = [Segment(text, style and style.clear_meta_and_links()) for text, style, _ in strip]
    return Strip(plain, strip.cell_length).simplify()
