"""What the environment asks for: language, colour, width. Pure functions of its variables, but for one."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, MutableMapping

from .localized import LANGUAGES

PIPE_WIDTH = 80
THEMES = ("auto", "dark", "light", "ansi", "high-contrast")
"""What colours may be made for; `auto` is one of the next two."""
_MOST = 10_000


def preferred_language(environ: Mapping[str, str]) -> str:
    """The language of the locale where the program speaks it (`zh` of zh_CN.UTF-8), else the first of LANGUAGES."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            asked = environ[name].lower()
            return next((language for language in LANGUAGES if asked.startswith(language)), LANGUAGES[0])
    return LANGUAGES[0]


def color_variable(environ: Mapping[str, str]) -> str:
    """The variable that says whether there are colours; empty where none does.

    NO_COLOR (no-color.org) counts for more than FORCE_COLOR and CLICOLOR_FORCE, and these for more than CLICOLOR,
    which says something only as 0 (bixense.com/clicolors).
    """
    for name in ("NO_COLOR", "FORCE_COLOR"):
        if environ.get(name):
            return name
    if environ.get("CLICOLOR_FORCE", "0") not in ("", "0"):
        return "CLICOLOR_FORCE"
    return "CLICOLOR" if environ.get("CLICOLOR") == "0" else ""


MEANT_BY_VARIABLE = {"NO_COLOR": "never", "FORCE_COLOR": "always", "CLICOLOR_FORCE": "always", "CLICOLOR": "never"}
"""What each of them wants of `auto`."""


def wants_color(choice: str, is_terminal: bool, environ: Mapping[str, str]) -> bool:
    """Whether to write escape codes at all: `always`, `never`, or what the terminal and the environment say."""
    if choice != "auto":
        return choice == "always"
    meant = MEANT_BY_VARIABLE.get(color_variable(environ))
    if meant == "always":
        return True
    return is_terminal and environ.get("TERM", "") not in ("dumb", "unknown")


def without_colors(choice: str, environ: Mapping[str, str]) -> bool:
    """Whether a terminal is asked for bold and reverse only."""
    return choice == "auto" and MEANT_BY_VARIABLE.get(color_variable(environ)) == "never"


def color_system(choice: str, environ: Mapping[str, str]) -> str:
    """rich's name for how many colours to use: 256 where they are known or forced, else the standard 16."""
    known = "256color" in environ.get("TERM", "") or bool(environ.get("COLORTERM"))
    is_forced = choice == "always" or MEANT_BY_VARIABLE.get(color_variable(environ)) == "always"
    return "256" if known or is_forced else "standard"


def page_width(asked: int | None, terminal_width: int | None, environ: Mapping[str, str]) -> int:
    """Columns: what was asked for, COLUMNS, the terminal's, or 80 in a pipe."""
    if asked is not None:
        return asked
    columns = _size(environ.get("COLUMNS", ""))
    if columns:
        return max(20, columns)
    return max(20, terminal_width) if terminal_width else PIPE_WIDTH


def drop_senseless_sizes(environ: MutableMapping[str, str]) -> None:
    """Drop a COLUMNS or LINES that no terminal could have: rich and Textual would take it at its word."""
    for name in ("COLUMNS", "LINES"):
        if not _size(environ.get(name, "")):
            environ.pop(name, None)


def _size(text: str) -> int:
    """A number of columns or lines; 0 where it is none, or beyond all sense."""
    if not (text.isdecimal() and text.isascii()) or len(text) > len(str(_MOST)):  # int() may refuse a longer one
        return 0
    return int(text) if int(text) <= _MOST else 0


def terminal_width() -> int | None:
    """The columns of the terminal that standard output is, or None where it is none."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or None
    except (OSError, ValueError, AttributeError):  # no terminal; a closed or replaced stream
        return None


def writable(text: str, encoding: str | None) -> str:
    """The text in a stream's encoding; a character that it does not have is written as \\u….."""
    encoding = encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def few_threads(environ: MutableMapping[str, str]) -> None:
    """Ask for one thread in NumPy's sums, unless the user asked for a number: starting more takes longer than a page.

    Has to be said before NumPy is imported. One thread also adds in the same order on every machine.
    """
    environ.setdefault("OPENBLAS_NUM_THREADS", "1")
