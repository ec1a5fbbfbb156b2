"""Starting and ending the application cleanly: settings before Textual is imported, the terminal, signals."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from ..command_line import LessonOptions
from ..environment import terminal_width, without_colors
from ..errors import UsageError, reason_of
from ..files.find import as_typed
from ..files.restricted import is_restricted
from ..memory.state import Memory
from ..said import say
from ..trace.lesson import Lesson
from ..views.look import Look
from .behind import can_be_asked

if TYPE_CHECKING:
    from textual.driver import Driver

    from .app import QkvtuiApp

_SETTINGS = {"TEXTUAL_ANIMATIONS": "none", "TEXTUAL_FPS": "20", "TEXTUAL_SMOOTH_SCROLL": "0"}
_SETTINGS_OVER_SSH = {"TEXTUAL_DISABLE_KITTY_KEY": "1", "ESCDELAY": "300"}
"""What suits a slow line; what the user has set stays."""
_USUAL_TERM = "" if os.name == "posix" else "windows"
"""Where nothing says which terminal it is: elsewhere it is one that can do nothing."""


def require_terminal(example: str | None) -> None:
    """UsageError where there is no terminal to draw on, with what to do instead."""
    name = as_typed(example or "animal")
    for stream, what in (
        (sys.stdin, say("standard input")),
        (sys.stdout, say("standard output")),
        (sys.stderr, say("standard error")),
    ):
        if stream is sys.stdin and example is not None and example.partition("#")[0] == "-":
            continue
        if stream is None or not stream.isatty():
            raise UsageError(
                say(
                    "{what} is not a terminal, so there is nothing to draw on; 'qkvtui print {name}' gives text",
                    what=what,
                    name=name,
                )
            )
    if os.environ.get("TERM", _USUAL_TERM) in ("", "dumb", "unknown"):
        raise UsageError(
            say("TERM says that this terminal cannot be drawn on; 'qkvtui print {name}' gives text", name=name)
        )


def run(lesson: Lesson | None, look: Look, memory: Memory, options: LessonOptions) -> int:
    """Run the application until it is left; the exit status. Raises UsageError where nobody can be led."""
    leading = None
    if options.lead is not None:
        from .leading import Leading

        leading = Leading(options.lead)
    if not options.in_browser:
        _keyboard_on_standard_input()
    _settings(options.color)
    application = _application()
    app = application(
        lesson,
        look,
        watch=options.watch,
        memory=memory,
        leading=leading,
        follow=options.follow,
        driver=_driver(options),
        ask_background=_is_background_wanted(options, memory),
    )
    from .leaving import Leaving

    leaving = Leaving(app)
    try:
        app.run()
    finally:
        leaving.done()
        memory.save()
        if leading is not None:
            leading.ended()
    return leaving.status or app.return_code or 0


def _application() -> type[QkvtuiApp]:
    """The application, imported. What the imports made stays for good: searching it for garbage would cost 20 ms."""
    gc.disable()
    from .app import QkvtuiApp

    gc.freeze()
    gc.enable()
    gc.set_threshold(10_000, 20, 20)
    return QkvtuiApp


def _driver(options: LessonOptions) -> type[Driver] | None:
    """What draws the application and hears the keyboard; None for Textual's own, as on Windows."""
    if options.in_browser:
        from .browser import Browser

        return Browser
    try:
        from .terminal import Terminal
    except ImportError:  # a system whose terminals are no POSIX ones
        return None
    return Terminal


def _is_background_wanted(options: LessonOptions, memory: Memory) -> bool:
    """Whether the colours depend on the terminal's background, and it can be asked which one it has."""
    is_remembered = "theme" in memory.known.choices and "theme" not in options.given
    is_open = options.theme == "auto" and not is_remembered and "NO_COLOR" not in os.environ
    return is_open and can_be_asked(os.environ)


def _keyboard_on_standard_input() -> None:
    """An example that was piped in has been read: the keyboard takes its place."""
    if not sys.stdin.isatty():
        try:
            terminal = os.open("/dev/tty", os.O_RDONLY)
        except OSError as error:
            raise UsageError(
                say("there is no keyboard: /dev/tty cannot be opened ({reason})", reason=reason_of(error))
            ) from error
        os.dup2(terminal, 0)
        os.close(terminal)


def _settings(color: str) -> None:
    """The environment as Textual is to find it: with NO_COLOR where `color` is `never`, without where it is `always`.

    Of Textual's own variables only the settings count: others write files, import code, or end in a traceback. In a
    session that is read-only none does.
    """
    allowed = set() if is_restricted() else {*_SETTINGS, *_SETTINGS_OVER_SSH}
    if is_restricted():
        os.environ.pop("ESCDELAY", None)
    for name in [name for name in os.environ if name.startswith("TEXTUAL") and name not in allowed]:
        del os.environ[name]
    for name, value in (_SETTINGS | (_SETTINGS_OVER_SSH if os.environ.get("SSH_CONNECTION") else {})).items():
        os.environ.setdefault(name, value)
    if color == "never" or without_colors(color, os.environ):
        os.environ["NO_COLOR"] = "1"
    else:
        os.environ.pop("NO_COLOR", None)  # empty means unset (no-color.org), Textual looks only whether it is there
    if terminal_width() is not None:  # it knows its size, and tells when that changes
        for name in ("COLUMNS", "LINES"):
            os.environ.pop(name, None)
