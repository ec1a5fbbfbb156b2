"""Reading the file of a lesson again, on `r` or whenever it has changed."""

from __future__ import annotations

from asyncio import wait
from functools import partial
from typing import TYPE_CHECKING

from ..errors import QkvtuiError
from ..files.read import load
from ..trace.trace import Trace
from .background import PATIENCE, in_background
from .watch import SECONDS, FileWatch

if TYPE_CHECKING:
    from .lesson import LessonScreen


class Reloader:
    """Reads in the background: the file may have become large, or something else than a file."""

    def __init__(self, screen: LessonScreen, *, watch: bool) -> None:
        self._screen = screen
        self._watched = FileWatch(screen.asked) if watch else None
        self._reading = False

    def follow(self) -> None:
        """Look at the file from now on, where that is asked for."""
        if self._watched is not None:
            self._screen.set_interval(SECONDS, self.look)

    def look(self) -> None:
        """Read the file again where it has changed."""
        if self._watched is not None and not self._reading and self._watched.changed():
            self._screen.action_reload()

    def start(self) -> None:
        """Read the file again, unless that is being done."""
        if not self._reading:
            self._reading = True
            self._screen.run_worker(self._read())

    async def _read(self) -> None:
        screen = self._screen
        try:
            reading = in_background(partial(_computed, screen.asked))
            await wait([reading], timeout=PATIENCE)
            if not reading.done():
                screen.say("reading", file=screen.trace.example.file)
            trace = await reading
        except QkvtuiError as error:
            screen.app.show_problems(str(error))
        else:
            screen.reloaded(trace)
        finally:
            self._reading = False


def _computed(example: str) -> Trace:
    """The example, with what tells whether it can be computed. Raises QkvtuiError."""
    trace = Trace(load(example, again=True))
    trace.row("weights", 0)
    return trace
