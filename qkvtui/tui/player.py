"""The clock of a lesson that walks by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.screen import Screen
from textual.timer import Timer


class Player:
    """Ticks at a tempo. Does nothing, and sends nothing, while there is none."""

    def __init__(self, screen: Screen[Any], tick: Callable[[], None]) -> None:
        self._screen = screen
        self._tick = tick
        self._tempo: float | None = None
        self._timer: Timer | None = None

    def follow(self, tempo: float | None) -> None:
        """Tick every so many seconds from now on; not at all for None."""
        if tempo == self._tempo:
            return
        if self._timer is not None:
            self._timer.stop()
        self._tempo = tempo
        self._timer = None if tempo is None else self._screen.set_interval(tempo, self._tick)
