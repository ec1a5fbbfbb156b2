"""A widget that draws a view and, when the view changes, repaints only the cells that differ."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.segment import Segment
from rich.style import Style
from textual.events import Resize
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

Draw = Callable[[int, int], RenderableType]
"""(width, height) → what to draw there."""

_PLAIN = Style()
_CONSOLE = Console(file=StringIO(), markup=False, emoji=False, highlight=False, _environ={})
"""Only measures and lays out; Textual writes."""


class Drawing(Widget):
    """Draws what `draw` returns for its size.

    Textual does not compare frames: whatever is refreshed is sent again. Over SSH that is slow, so the new lines are
    compared with the ones on the screen and only the differing parts are refreshed.
    """

    DEFAULT_CSS = "Drawing { height: auto; }"
    ALLOW_SELECT = False

    def __init__(self, draw: Draw, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._view = draw
        self._strips: list[Strip] = []

    def redraw(self) -> None:
        """Draw again, and repaint what differs."""
        width, height = self.size
        if width == 0 or height == 0:
            return
        new = self._rendered(width, height)
        old, self._strips = self._strips, new
        if len(old) != len(new) or (old and old[0].cell_length != width):
            self.refresh()
            return
        for y, (before, after) in enumerate(zip(old, new, strict=True)):
            span = changed_span(before, after)
            if span is not None:
                self.refresh(Region(span[0], y, span[1] - span[0], 1))

    def render_line(self, y: int) -> Strip:
        """One line as it was drawn."""
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, _PLAIN)

    def on_resize(self, event: Resize) -> None:
        """Draw for the new size."""
        self.redraw()

    def _rendered(self, width: int, height: int) -> list[Strip]:
        options = _CONSOLE.options.update(width=width, height=None, no_wrap=True)
        lines = _CONSOLE.render_lines(self._view(width, height), options, pad=False)[:height]
        strips = [
            Strip(Segment(segment.text, segment.style or _PLAIN) for segment in line)
            .adjust_cell_length(width, _PLAIN)
            .simplify()
            for line in lines
        ]
        return strips + [Strip.blank(width, _PLAIN)] * (height - len(strips))


def changed_span(before: Strip, after: Strip) -> tuple[int, int] | None:
    """The columns (start, end) between which two lines of the same width differ, or None."""
    if before == after:
        return None
    old, new = _cells(before), _cells(after)
    differing = [column for column, (was, now) in enumerate(zip(old, new, strict=True)) if was != now]
    if not differing:
        return None
    start, end = differing[0], differing[-1] + 1
    if new[start][0] == _SECOND_HALF:
        start -= 1
    if end < len(new) and new[end][0] == _SECOND_HALF:
        end += 1
    return start, end


_SECOND_HALF = ""


def _cells(strip: Strip) -> list[tuple[str, Style | None]]:
    """One (character, style) for each terminal cell; the second half of a wide character is empty."""
    cells: list[tuple[str, Style | None]] = []
    for text, style, _ in strip:
        for character in text:
            width = cell_len(character)
            if width == 0 and cells:
                cells[-1] = (cells[-1][0] + character, style)
            cells.extend([(character, style), (_SECOND_HALF, style)][:width])
    return cells
