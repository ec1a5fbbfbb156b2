"""Walking by itself, at a tempo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.timer import Timer

if TYPE_CHECKING:
    from .lesson import LessonScreen

_FASTEST, _SLOWEST = 0.5, 32.0


class Player:
    """Makes a step every few seconds until the last one. Does nothing, and sends nothing, while it stands still."""

    def __init__(self, screen: LessonScreen) -> None:
        self._screen = screen
        self._timer: Timer | None = None
        self._seconds = 4.0

    @property
    def tempo(self) -> float | None:
        """Seconds a step while it plays, else None."""
        return self._seconds if self._timer is not None else None

    def toggle(self) -> None:
        """Start, from the first step where the walk is at its end; or stop."""
        if self._timer is not None:
            self.stop()
            return
        if self._screen.place.step == len(self._screen.trace.steps) - 1:
            self._screen.action_move("first_step")
        self._start()

    def stop(self) -> None:
        """Stand still."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._screen.watch_notice()

    def change_tempo(self, factor: float) -> None:
        """Wait `factor` times as long between steps from now on."""
        self._seconds = max(_FASTEST, min(_SLOWEST, self._seconds * factor))
        if self._timer is not None:
            self._timer.stop()
            self._start()

    def _start(self) -> None:
        self._timer = self._screen.set_interval(self._seconds, self._step)
        self._screen.watch_notice()

    def _step(self) -> None:
        self._screen.action_move("next_step")
        if self._screen.place.step == len(self._screen.trace.steps) - 1:
            self.stop()
