"""The terminal while the application has it: taken, lent to the shell, and given back however the program ends."""

from __future__ import annotations

import errno
import os
import select
import signal
import termios
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import FrameType

from textual import constants
from textual.drivers.linux_driver import LinuxDriver

from .behind import QUESTION, BackgroundAnswer
from .keyboard import TICK, Keyboard, read_keys
from .terminal_app import TerminalApp

_KEYBOARD_OFF = "\x1b[<u"
_MOUSE_PIXELS_OFF = "\x1b[?1016l"
_MODES_OFF = "\x1b[?7h" + "".join(f"\x1b[?{mode}l" for mode in (2026, 2004, 2048, 1000, 1003, 1015, 1006, 1016, 1004))
_SHELLS_SCREEN = "\x1b[?1049l\x1b[?25h"
_STOPS_WITHIN = 1.0
"""Seconds in which a process that is asked to stop does."""


class Terminal(LinuxDriver):
    """Textual's driver, which stops with its whole job, and leaves everything to the event loop when a signal comes."""

    _app: TerminalApp

    def __init__(
        self, app: TerminalApp, *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.taken = False
        """Whether there is something to give back."""
        self._lent = False
        self._is_asked = False
        self._answer: BackgroundAnswer | None = None
        if app.background_told is not None:
            told = partial(self.ask, app.call_later, app.background_told)
            self._answer = BackgroundAnswer(told, round(constants.ESCAPE_DELAY / TICK))
        app.terminal = self
        self._listen()
        signal.signal(signal.SIGCONT, self._goes_on)

    def start_application_mode(self) -> None:
        """Take the terminal, as soon as the shell leaves it to the program."""
        self._wait_for_foreground()
        self.taken = True
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._answer is not None and not self._is_asked:
            self._is_asked = True
            self.write(QUESTION)

    def run_input_thread(self) -> None:
        """Hear the keyboard until the application ends, whatever bytes come."""
        try:
            from textual._xterm_parser import XTermParser
        except ImportError:  # a Textual whose inside has moved
            super().run_input_thread()
            return
        keys_of = None if self._answer is None else self._answer.without_answer
        keyboard = Keyboard(lambda: XTermParser(self._debug), keys_of)
        read_keys(self.fileno, keyboard, self.exit_event.is_set, self.process_message)

    def stop_application_mode(self) -> None:
        """Put everything as it was; it is written when the driver is closed."""
        if self._mouse_pixels:
            self.write(_MOUSE_PIXELS_OFF)
        super().stop_application_mode()

    def close(self) -> None:
        """Write what is left to write: the terminal is given back."""
        super().close()
        self.taken = False

    def write(self, data: str) -> None:
        """Write to the terminal; a keyboard protocol that was never switched on may be the shell's, and stays."""
        if data != _KEYBOARD_OFF or not constants.DISABLE_KITTY_KEY:
            super().write(data)

    def ask(self, call: Callable[..., object], *arguments: object) -> None:
        """Have the event loop call this when it comes to it: all that a signal's handler may do."""
        with suppress(RuntimeError):  # the loop is closed: the program is leaving
            self._loop.call_soon_threadsafe(partial(call, *arguments))

    def can_lend(self) -> bool:
        """Whether a shell with job control would see the program stop; else nobody could make it go on again."""
        session = os.getsid(0)
        with suppress(OSError):  # whoever started the program has just ended
            return os.getpgrp() != session and os.getsid(os.getppid()) == session
        return False

    def lend(self) -> None:
        """Stop, and go on when the shell says so.

        The whole job stops, as with any Ctrl+Z: a script that has started the program would else go on waiting for
        it, and the shell for the script. Where nobody could make the job go on, the system does not stop it.
        """
        self.suspend_application_mode()
        self._lent = True
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(0, signal.SIGTSTP)
        until = time.monotonic() + _STOPS_WITHIN
        while self._lent and time.monotonic() < until:
            time.sleep(0.01)
        self._lent = False
        self._listen()
        self.resume_application_mode()

    def give_back(self) -> bool:
        """Put everything as it was where Textual has not: it is stuck, or has failed.

        False where the terminal takes nothing now: it is slow, or dead.
        """
        if not self.taken or self._file is None:
            return True
        output = self._file.fileno()
        keyboard = "" if constants.DISABLE_KITTY_KEY else _KEYBOARD_OFF
        with suppress(termios.error, OSError):  # it is gone
            if not select.select([], [output], [], 0)[1]:
                return False
            if self.attrs_before is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            os.write(output, f"{_MODES_OFF}{keyboard}{_SHELLS_SCREEN}".encode())
        self.taken = False
        return True

    def _listen(self) -> None:
        """Suspend when SIGTSTP comes; and have any signal wake the event loop.

        Without a handler that is the loop's own, a signal that the system hands to another thread than the sleeping
        main one would wait for the next key.
        """
        self._loop.add_signal_handler(signal.SIGTSTP, self._app.call_later, self._app.action_suspend)

    def _goes_on(self, number: int, frame: FrameType | None) -> None:
        """After a stop that was not asked for, the shell may have left the terminal in any state."""
        if self._lent:
            self._lent = False
        elif self.taken:
            self.ask(self._app.call_later, self._take_again)

    def _take_again(self) -> None:
        self.suspend_application_mode()
        self.resume_application_mode()
        self._app.screen.refresh()

    def _wait_for_foreground(self) -> None:
        """Setting up the terminal from the background stops a job until `fg`, and again after each `bg`."""
        with suppress(termios.error):
            while True:
                try:
                    termios.tcsetattr(self.fileno, termios.TCSANOW, termios.tcgetattr(self.fileno))
                except termios.error as error:
                    if error.args[0] == errno.EINTR:  # it was stopped, and goes on
                        continue
                    raise
                return
