"""How a signal ends the application."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from types import FrameType

from ..signals import ENDING, status_of
from .terminal_app import TerminalApp

_PATIENCE = 4.0
"""Seconds that the application has to leave by itself, and that a slow terminal has, again and again."""
_TIMES = 5


class Leaving:
    """The first signal asks the application to leave, as `q` does; what comes later cannot disturb it.

    Raising from a signal's handler would break off whatever the event loop is just doing, the giving back of the
    terminal included.
    """

    def __init__(self, app: TerminalApp) -> None:
        self._app = app
        self.status = 0
        """The exit status that a signal has asked for, whatever else asks meanwhile; 0 where none has come."""
        self._waited = 0
        """How many times a stuck application was waited for."""
        for number in ENDING:
            signal.signal(number, self._asked)

    def done(self) -> None:
        """The application has left."""
        if self._app.terminal is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            self._given_back()

    def _given_back(self) -> bool:
        return self._app.terminal is None or self._app.terminal.give_back()

    def _asked(self, number: int, frame: FrameType | None) -> None:
        self.status = status_of(number)
        for other in ENDING:
            signal.signal(other, signal.SIG_IGN)
        with suppress(Exception):  # whatever is wrong with the changes, the terminal has to be given back
            self._app.keep_changes()
        terminal = self._app.terminal
        if terminal is None or not terminal.taken:
            os._exit(self.status)  # it has not begun, or the shell has the terminal: there is nothing to give back
        signal.signal(signal.SIGALRM, self._at_last)
        signal.setitimer(signal.ITIMER_REAL, _PATIENCE, _PATIENCE)
        terminal.ask(self._app.exit, None, self.status)

    def _at_last(self, number: int, frame: FrameType | None) -> None:
        """It does not listen, because it waits for a file or is stuck; or the terminal is slow, and gets more time."""
        self._waited += 1
        if self._given_back() or self._waited == _TIMES:
            os._exit(self.status)
