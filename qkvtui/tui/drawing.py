"""A widget that draws a view and, when the view changes, repaints only the cells that differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import StringIO
from itertools import islice, repeat, takewhile

from rich.console import Console, RenderableType
from rich.segment import Segment
from rich.style import Style
from textual.events import Resize
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from ..pages.graphemes import graphemes

Draw = Callable[[int, int], RenderableType]
"""(width, height) → what to draw there."""

_PLAIN = Style()
_CONSOLE = Console(file=StringIO(), markup=False, emoji=False, highlight=False, _environ={})
"""Only measures and lays out; Textual writes."""


class DrawnWidget(Widget):
    """Draws what `draw` returns for its size.

    Textual does not compare frames: whatever is refreshed is sent again. Over SSH that is slow, so the new lines are
    compared with the ones on the screen and only the differing parts are refreshed.
    """

    ALLOW_SELECT = False

    def __init__(self, draw: Draw, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._view = draw
        self._strips: list[Strip] = []
        self._drawn = Size(0, 0)
        """The size that the strips were drawn for."""

    def redraw(self) -> None:
        """Draw again, and repaint what differs."""
        if not self.size:
            self._drawn = Size(0, 0)  # out of sight: when it is shown again, it is drawn again
            return
        old, before = self._strips, self._drawn
        self._draw()
        if before != self._drawn:
            self.refresh()
            return
        changed = [
            Region(start, y, stop - start, 1)
            for y, (was, now) in enumerate(zip(old, self._strips, strict=True))
            for start, stop in changed_spans(was, now)
        ]
        if changed:
            self.refresh(*changed)

    def render_line(self, y: int) -> Strip:
        """One line as it was drawn; the first paint may come before the news of the size."""
        if self._drawn != self.size:
            self._draw()
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, _PLAIN)

    def on_resize(self, event: Resize) -> None:
        """Draw for the new size, where the first paint has not."""
        if self._drawn != self.size:
            self.redraw()

    def _draw(self) -> None:
        self._drawn = self.size
        self._strips = self._rendered(*self.size)

    def _rendered(self, width: int, height: int) -> list[Strip]:
        options = _CONSOLE.options.update(width=width, height=None, no_wrap=True)
        lines = Segment.split_lines(_CONSOLE.render(self._view(width, height), options))
        strips = [_strip(line, width) for line in islice(lines, height)]
        return strips + [Strip.blank(width, _PLAIN)] * (height - len(strips))


def _strip(line: list[Segment], width: int) -> Strip:
    """A line in exactly that width."""
    padded = Segment.adjust_line_length(line, width, _PLAIN)
    return Strip(merged((text, style or _PLAIN) for text, style, _ in padded), width)


def merged(pieces: Iterable[tuple[str, Style | None]]) -> list[Segment]:
    """Text and styles; neighbours that look the same are one segment."""
    found: list[Segment] = []
    for text, style in pieces:
        if found and found[-1].style == style:
            found[-1] = Segment(found[-1].text + text, style)
        elif text:
            found.append(Segment(text, style))
    return found


def changed_spans(before: Strip, after: Strip) -> list[tuple[int, int]]:
    """The columns (start, stop) in which two lines of the same width differ; what lies close together is one span."""
    old, new = list(before), list(after)
    if old == new:
        return []
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    same = max(0, same - 1)  # a mark may belong to the character before it, and so may several
    while same and not old[same].cell_length:
        same -= 1
    first = sum(segment.cell_length for segment in old[:same])
    was, now = _cells(old[same:]), _cells(new[same:])
    columns = [first + index for index, (one, other) in enumerate(zip(was, now, strict=True)) if one != other]
    spans: list[tuple[int, int]] = []
    for column in columns:
        index = column - first
        start, stop = column - (now[index][0] == _SECOND_HALF), column + 1
        if index + 1 < len(now) and now[index + 1][0] == _SECOND_HALF:
            stop += 1
        if spans and start - spans[-1][1] <= _CLOSE:
            start = spans.pop()[0]
        spans.append((start, stop))
    return spans


_CLOSE = 8
"""To move the cursor costs as many bytes."""
_SECOND_HALF = ""


def character_start(strip: Strip, column: int) -> int:
    """The column, or the one before it where the column is the second half of a wide character."""
    if column == 0 or strip.text.isascii():
        return column
    cells = _cells(strip)
    return column - (column < len(cells) and cells[column][0] == _SECOND_HALF)


def _cells(strip: Iterable[Segment]) -> list[tuple[str, Style | None]]:
    """One (grapheme, style) for each terminal cell; the second half of a wide one is empty."""
    cells: list[tuple[str, Style | None]] = []
    for text, style, _ in strip:
        if text.isascii():
            cells.extend(zip(text, repeat(style)))
            continue
        for grapheme, width in graphemes(text):
            if width:
                cells.extend([(grapheme, style), (_SECOND_HALF, style)][:width])
            elif cells:
                at = -2 if cells[-1][0] == _SECOND_HALF else -1
                cells[at] = (cells[at][0] + grapheme, style)
    return cells
