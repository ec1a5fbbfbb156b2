"""Where the terminal's own cursor stands: a braille display and a screen reader follow it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, Protocol, runtime_checkable

from rich.cells import cell_len
from rich.console import Console, RenderableType
from textual.geometry import Offset
from textual.screen import Screen
from textual.widgets import Input, OptionList

from ..views.palette import is_current
from .drawing import DrawnWidget

HEADING = "heading"
"""The drawing that has the current step, which counts where no number is current."""
_HIDDEN, _SHOWN = "\x1b[?25l", "\x1b[?25h"


@runtime_checkable
class _Update(Protocol):
    """What Textual's updates of the screen have. It is no public part of it: another Textual may differ."""

    render_segments: Callable[[Console], str]
    """What to write to the terminal, before the cursor is put where it belongs."""


def still(update: RenderableType | None) -> RenderableType | None:
    """The same update; the cursor is out of sight while it is written, and in sight after it."""
    if isinstance(update, _Update):
        written = update.render_segments
        update.render_segments = lambda console: f"{_HIDDEN}{written(console)}{_SHOWN}"
    return update


def cursor_of(screen: Screen[Any]) -> Offset:
    """Where one types; else the current number, the highlighted line, the step; else the top of a page of text."""
    if isinstance(screen.focused, Input):
        return _in_line(screen.focused)
    return next(chain(_of_lists(screen), _of_drawings(screen)), Offset(0, 0))


def _in_line(line: Input) -> Offset:
    """Behind what was typed; Textual's own answer is one column further at the end."""
    before = cell_len(line.value[: line.cursor_position])
    return line.content_region.offset + Offset(before - round(line.scroll_offset.x), 0)


def _of_lists(screen: Screen[Any]) -> Iterator[Offset]:
    for options in screen.walk_children(OptionList):
        if options.highlighted is not None:
            yield options.content_region.offset + Offset(0, options.highlighted - options.scroll_offset.y)


def _of_drawings(screen: Screen[Any]) -> Iterator[Offset]:
    """The current number: the digit behind its bracket. Below the address of an opened one, the chosen term."""
    drawings = [one for one in screen.walk_children(DrawnWidget) if one.display and one.size]
    for drawing in sorted(drawings, key=lambda one: one.id == HEADING):
        at = drawing.content_region.offset
        pieces = list(_current_in(drawing))
        numbers = [place + Offset(1, 0) for text, place in pieces if text.startswith("[")]
        if numbers:
            is_opened = not pieces[0][0].startswith("[")
            yield at + numbers[-1 if is_opened else 0]


def _current_in(drawing: DrawnWidget) -> Iterator[tuple[str, Offset]]:
    for y in range(drawing.size.height):
        segments = list(drawing.render_line(y))
        for index, (text, style, _) in enumerate(segments):
            if style is not None and is_current(style):
                yield text, Offset(sum(one.cell_length for one in segments[:index]), y)
