"""Starting and ending the application cleanly: settings before Textual is imported, the terminal, signals."""

from __future__ import annotations

import gc
import os
import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..trace.lesson import Lesson
from ..views.look import Look

if TYPE_CHECKING:
    from .app import QkvtuiApp

_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def require_terminal(example: str | None) -> None:
    """UsageError where there is no terminal to draw on, with what to do instead."""
    name = example or "animal"
    for stream, what in (
        (sys.stdin, "standard input"),
        (sys.stdout, "standard output"),
        (sys.stderr, "standard error"),
    ):
        if stream is sys.stdin and example is not None and example.partition("#")[0] == "-":
            continue
        if not stream.isatty():
            raise UsageError(
                f"{what} is not a terminal, so there is nothing to draw on; 'qkvtui print {name}' gives text"
            )
    if os.environ.get("TERM", "") in ("", "dumb", "unknown"):
        raise UsageError(f"TERM says that this terminal cannot be drawn on; 'qkvtui print {name}' gives text")


def run(lesson: Lesson | None, look: Look, *, watch: bool = False) -> int:
    """Run the application until it is left; the exit status."""
    _keyboard_on_standard_input()
    _settings()
    for number in _SIGNALS:
        signal.signal(number, _leave)
    app = _application()(lesson, look, watch=watch)
    app.run()
    return app.return_code or 0


def _application() -> type[QkvtuiApp]:
    """The application, imported. What the imports made stays for good: searching it for garbage would cost 20 ms."""
    gc.disable()
    from .app import QkvtuiApp

    gc.freeze()
    gc.enable()
    return QkvtuiApp


def _leave(number: int, frame: FrameType | None) -> None:
    """End as after `q`: unwinding lets Textual give the terminal back."""
    raise SystemExit(128 + number)


def _keyboard_on_standard_input() -> None:
    """An example that was piped in has been read: the keyboard takes its place."""
    if not sys.stdin.isatty():
        try:
            terminal = os.open("/dev/tty", os.O_RDONLY)
        except OSError as error:
            raise UsageError(f"there is no keyboard: /dev/tty cannot be opened ({error.strerror})") from error
        os.dup2(terminal, 0)
        os.close(terminal)


def _settings() -> None:
    """Defaults that suit SSH; what the user has set stays."""
    defaults = {"TEXTUAL_ANIMATIONS": "none", "TEXTUAL_FPS": "20", "TEXTUAL_SMOOTH_SCROLL": "0"}
    if os.environ.get("SSH_CONNECTION"):
        defaults |= {"TEXTUAL_DISABLE_KITTY_KEY": "1", "ESCDELAY": "300"}
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    if not os.environ.get("NO_COLOR"):
        os.environ.pop("NO_COLOR", None)  # empty means unset (no-color.org), Textual looks only whether it is there
