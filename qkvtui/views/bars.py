"""Shares as bars."""

from __future__ import annotations

from math import isnan

from rich.text import Text

from .blocks import left_cell
from .look import Look


def bar(share: float, room: int, look: Look) -> Text:
    """As many half columns as the share is of the room, after a blank; nothing for what is no number."""
    halves = 0 if isnan(share) else round(share * 2 * room)
    return left_cell(look.signs(" " + "█" * (halves // 2) + "▌" * (halves % 2)), look.palette.bar)
