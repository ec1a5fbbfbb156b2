"""Learning by itself: at a pace to watch or as fast as it goes, in slices that leave room for the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Protocol

from ..records import record
from ..trace.study import Study

SLICE = 0.015
"""Seconds for which it learns before the keyboard has its turn."""
_BETWEEN_SLICES = 0.02
_BETWEEN_FRAMES = 0.1
"""Seconds between frames while one watches."""
_BETWEEN_REPORTS = 0.25
"""Seconds between frames while one waits."""
_SURE_AFTER = 0.5
"""Seconds until the time that is left can be told."""
_PACES = (1, 2, 5, 10, 20, 50, 100, 200, 500)
"""Updates a second."""


class Ticking(Protocol):
    """Something that is called again and again."""

    def stop(self) -> None:
        """No more."""


@record(frozen=True)
class Progress:
    """How far a run is on its way to where it was sent."""

    share: float
    seconds_left: float | None
    """None while it is too early to tell."""


class Trainer:
    """Goes on by itself while it plays or runs. Does nothing, and sends nothing, while it stands still."""

    def __init__(
        self,
        study: Study,
        every: Callable[[float, Callable[[], None]], Ticking],
        show: Callable[[], None],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`every` so many seconds something is to be done; `show` is called whenever there is something new to see."""
        self.study = study
        """The run."""
        self._every = every
        self.show = show
        """What it calls whenever there is something new to see."""
        self._clock = clock
        self._timer: Ticking | None = None
        self._at_pace = _PACES.index(5)
        self._goal: int | None = None
        """Where a run is going to; None: it plays, or stands still."""
        self._from = 0
        self._since = self._painted = 0.0

    @property
    def moves(self) -> bool:
        """Whether it plays or runs."""
        return self._timer is not None

    @property
    def pace(self) -> int | None:
        """Updates a second while it plays, else None."""
        return _PACES[self._at_pace] if self.moves and self._goal is None else None

    @property
    def progress(self) -> Progress | None:
        """How far it is while it runs, else None."""
        if self._goal is None or not self.moves:
            return None
        made, wanted = self.study.at - self._from, self._goal - self._from
        seconds = self._clock() - self._since
        left = seconds / made * (wanted - made) if made and seconds > _SURE_AFTER else None
        return Progress(made / wanted, left)

    def toggle(self) -> None:
        """Play, from the start where the run is at its end; or stand still."""
        if self.moves:
            self.stop()
            return
        study = self.study
        if study.at_end or study.at >= study.learn.steps:
            study.go_to(0)
        self._play()

    def change_pace(self, by: int) -> None:
        """Faster or slower from now on."""
        self._at_pace = max(0, min(self._at_pace + by, len(_PACES) - 1))
        if self.pace is not None:
            self.stop()
            self._play()

    def run_to(self, number: int) -> None:
        """On to a moment as fast as it goes, or back to it at once."""
        self.stop()
        study = self.study
        study.go_to(number)
        if study.at >= number or study.at_end:
            self.show()
            return
        self._goal, self._from = min(number, max(study.run.limit, study.at)), study.at
        self._since = self._painted = self._clock()
        self._timer = self._every(_BETWEEN_SLICES, self._slice)
        self._slice()

    def stop(self) -> None:
        """Stand still."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._goal = None

    def _play(self) -> None:
        pace = _PACES[self._at_pace]
        self._timer = self._every(max(_BETWEEN_FRAMES, 1 / pace), self._frame)
        self.show()

    def _frame(self) -> None:
        """The updates of one frame; fewer where they take too long."""
        study, pace = self.study, _PACES[self._at_pace]
        self._learn(study.at + max(1, round(pace * _BETWEEN_FRAMES)))
        if study.at_end or study.at >= study.learn.steps:
            self.stop()
        self.show()

    def _slice(self) -> None:
        """As many updates as a slice has time for; a frame only now and then."""
        if self._goal is None:
            return
        study = self.study
        self._learn(self._goal)
        if study.at >= self._goal or study.at_end:
            self.stop()
        elif self._clock() - self._painted < _BETWEEN_REPORTS:
            return
        self._painted = self._clock()
        self.show()

    def _learn(self, to: int) -> None:
        until = self._clock() + SLICE
        self.study.forward(to, lambda: self._clock() >= until)
