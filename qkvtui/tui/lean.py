"""Fewer bytes on the wire: of a changed line only the changed columns are sent.

Textual sends a partly changed line from its widget's left edge on (textual#5625), and a style anew for every
neighbour that differs only in what a click on it means. Over SSH that is most of what a move of the cell costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

from rich.console import Console, RenderableType
from rich.control import Control
from textual.strip import Strip

from .drawing import character_start, merged


@runtime_checkable
class _Parts(Protocol):
    """What Textual's own update of parts of the screen has. It is no public part of it: another Textual may differ."""

    chops: Sequence[Mapping[int, Strip | None]]
    """A line → the column at which each of its pieces begins, and the piece."""
    chop_ends: Sequence[Sequence[int]]
    """A line → the column before which each of its pieces ends."""
    spans: Sequence[tuple[int, int, int]]
    """What has changed: line, first column, column behind the last one."""
    render_segments: Callable[[Console], str]
    """What to write to the terminal."""


def lean(update: RenderableType | None) -> RenderableType | None:
    """The same update, which writes fewer bytes where it is one of parts of the screen."""
    if isinstance(update, _Parts):
        _make_lean(update)
    return update


def _make_lean(update: _Parts) -> None:
    ordinary = update.render_segments

    def written(console: Console) -> str:
        try:
            return "".join(_written(update, console))
        except (AttributeError, LookupError, TypeError, ValueError):  # the parts are not what they were
            return ordinary(console)

    update.render_segments = written


def _written(update: _Parts, console: Console) -> Iterator[str]:
    """Changed parts of lines, each without what stands to its left."""
    for y, start, stop in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x >= stop or end <= start:
                continue
            left = character_start(strip, max(0, start - x))
            yield Control.move_to(x + left, y).segment.text
            yield _looks(strip.crop(left, min(end, stop) - x)).render(console)


def _looks(strip: Strip) -> Strip:
    """The strip as it looks, neighbours that look the same in one."""
    return Strip(merged((text, style and style.clear_meta_and_links()) for text, style, _ in strip), strip.cell_length)
