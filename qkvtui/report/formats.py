"""The formats that results are written in: a line a format, and the one that a command line asks for.

Read before the help of a command is shown, so it loads nothing.
"""

from __future__ import annotations

import os

from ..command_line import PageOptions
from ..errors import UsageError
from ..said import say


class ReportFormat:
    """A format: what it is called, who writes it, and what it can do."""

    __slots__ = ("colours", "commands", "module", "shows", "suffixes")

    def __init__(
        self,
        module: str = "",
        suffixes: tuple[str, ...] = (),
        commands: tuple[str, ...] = ("print",),
        *,
        shows: tuple[str, ...] = (),
        colours: bool = False,
    ) -> None:
        self.module = module
        """The module of this folder whose `lessons(printed, request)` writes it; loaded when asked for."""
        self.suffixes = suffixes
        """How a file's name ends that is written so."""
        self.commands = commands
        """The commands that have it."""
        self.shows = shows
        """What it can show in place of the steps."""
        self.colours = colours
        """Whether escape codes may stand in it."""


SCHEMA = "schema"
"""What the JSON of a command looks like, whatever it is of."""
_ALL = ("print", "why", "check", "grade", "learn", "patch", "capture")
_DOCUMENTS = ("print", "check", "learn", "patch")
"""The commands whose result is something to read from top to bottom."""

FORMATS = {
    "text": ReportFormat("as_text", (".txt",), _ALL, shows=("questions", "stops", "picture"), colours=True),
    "transcript": ReportFormat("as_transcript", (), _DOCUMENTS, shows=("questions", "stops")),
    "markdown": ReportFormat("as_markdown", (".md", ".markdown"), _DOCUMENTS, shows=("questions", "stops", "picture")),
    "html": ReportFormat("as_html", (".html", ".htm"), _DOCUMENTS, shows=("questions", "stops", "picture")),
    "svg": ReportFormat("as_svg", (".svg",), _DOCUMENTS, shows=("picture",)),
    "latex": ReportFormat("as_latex", (".tex",), _DOCUMENTS, shows=("questions", "stops")),
    "json": ReportFormat("as_json", (".json",), _ALL),
    "csv": ReportFormat("as_csv", (".csv",), ("print", "check", "grade", "learn", "patch")),
    SCHEMA: ReportFormat(commands=("print", "why", "check", "learn")),
    "python": ReportFormat("as_python", (".py",)),
    "github": ReportFormat(commands=("check",)),
}
"""Each format by its name. One more is a module and a line here."""


def formats_of(command: str) -> dict[str, ReportFormat]:
    """The formats that a command writes, `text` first."""
    return {name: one for name, one in FORMATS.items() if command in one.commands}


def suffixes_of(command: str) -> tuple[str, ...]:
    """How a file's name may end behind the `-o` of a command."""
    return tuple(suffix for one in formats_of(command).values() for suffix in one.suffixes)


def format_asked(command: str, options: PageOptions, *, otherwise: str = "text", also: tuple[str, ...] = ()) -> str:
    """What `--format` says, else what the name of the file ends in, else `otherwise`.

    Raises UsageError for an ending that the command cannot write; `also` are those that it writes in other ways.
    """
    suffix = os.path.splitext(options.output or "")[1].lower()
    if options.format or not suffix:
        return options.format or otherwise
    for name, one in formats_of(command).items():
        if suffix in one.suffixes:
            return name
    from ..files.clean import clean_line  # only here: nearly all names are right
    from ..files.phrases import with_commas

    raise UsageError(
        say(
            "-o {file}: {command} writes no {suffix}; the name ends in {names}, or --format says what to write",
            file=clean_line(options.output or ""),
            command=command,
            suffix=clean_line(suffix),
            names=with_commas([*suffixes_of(command), *also]),
        )
    )


def that_show(what: str) -> tuple[str, ...]:
    """The formats that can show this in place of the steps."""
    return tuple(name for name, one in FORMATS.items() if what in one.shows)
