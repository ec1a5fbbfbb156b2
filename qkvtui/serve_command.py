"""What `qkvtui serve` does, once its options are read."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Sequence

from .command_line import IN_BROWSER, LessonOptions, ServeOptions
from .errors import UsageError
from .files.clean import clean_line
from .files.find import STANDARD_INPUT, bundled_folder, locate, split_address, words_of
from .files.restricted import require_inside, restrict
from .files.teacher import read_place
from .lesson_asked import open_lesson
from .read_only import only_read
from .report.output import Output
from .said import in_language, in_lines, say
from .web.listening import Listening, listen
from .web.parts import terminal_parts

_TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONUTF8": "1"}
"""What the page's terminal can do."""
_LIGHT = "\x1b]10;#000000\x07\x1b]11;#ffffff\x07"
"""Black on white, said to the page's terminal, which is black otherwise."""


def run_serve(options: ServeOptions) -> int:
    """`qkvtui serve`, until it is ended. Raises UsageError where nobody could be served."""
    if sys.platform == "win32":
        raise UsageError(say("serve does not run on Windows itself; in WSL it does: wsl --install"))
    parts = terminal_parts()
    from .web.server import Served, Site, serve

    restrict(())  # not to the current folder, as any other session that only reads
    folder = _folder(options)
    only_read(folder)
    _check(options)
    listening = listen(options.host, options.port)
    served = Served(
        command=_command(options, folder),
        environment=_environment(),
        parts=parts,
        most=options.visitors,
        most_each=options.visitors_per_address,
        names=_names(options, listening),
        language=options.lang if "lang" in options.given else None,
        first=_LIGHT if options.theme == "light" else "",
    )
    Output().write(_told(options, listening, folder))
    asyncio.run(serve(Site(served), listening))
    return 0


def _folder(options: ServeOptions) -> str:
    """Where visitors may open files: where it is said, where what they walk through lies, or among the bundled ones."""
    if options.folder is not None:
        return options.folder
    if options.example == STANDARD_INPUT:
        raise UsageError(say("serve: standard input can be read once only, and not for each visitor; name a file"))
    path = options.follow if options.example is None else locate(split_address(options.example)[0]).path
    if path is None:
        return bundled_folder()
    return os.path.abspath(path if os.path.isdir(path) else os.path.dirname(path) or os.curdir)


def _check(options: ServeOptions) -> None:
    """What would be wrong for each visitor is said before the first one comes. Raises UsageError or ExampleError."""
    if options.follow is not None:
        require_inside(options.follow)
        if options.example is None:
            read_place(options.follow)
    if options.example is not None:
        open_lesson(options.example, LessonOptions())


def _names(options: ServeOptions, listening: Listening) -> frozenset[str]:
    named = frozenset() if options.name is None else frozenset({options.name.lower()})
    return listening.names | named if listening.is_private else named


def _command(options: ServeOptions, folder: str) -> Callable[[str], Sequence[str]]:
    """A language → what is started for a visitor."""
    looks = [
        word
        for name in ("digits", "tokens_as", "notation", "color", "theme")
        if name in options.given
        for word in ("--" + name.replace("_", "-"), str(getattr(options, name)))
    ]
    if "ascii" in options.given:
        looks.append("--ascii" if options.ascii else "--no-ascii")
    followed = [] if options.follow is None else ["--follow", options.follow]
    example = [] if options.example is None else ["--", *words_of(options.example)]
    program = (sys.executable, "-P", "-m", "qkvtui", IN_BROWSER, "--read-only", "--folder", folder)

    def command(language: str) -> Sequence[str]:
        return (*program, "--lang", language, *looks, *followed, *example)

    return command


def _environment() -> dict[str, str]:
    """Of a session: nothing about this terminal, which is not the one it is drawn on."""
    of_terminal = ("TEXTUAL", "SSH_", "COLORFGBG", "TERM_PROGRAM")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(of_terminal)}
    return {**kept, **_TERMINAL}


def _told(options: ServeOptions, listening: Listening, folder: str) -> str:
    """Where to go, and who can."""
    where = say("{url} (visitors at once: {count}; Ctrl+C ends it)", url=listening.url, count=options.visitors)
    if listening.is_private:
        return in_language(where, options.lang) + "\n"
    warning = say(
        "Whoever gets to this computer by the network can open it: there is no password, and nothing is encrypted. "
        "Visitors only read, the bundled examples and what is in {folder}.",
        folder=clean_line(folder),
    )
    return in_language(in_lines([where, warning]), options.lang) + "\n"
