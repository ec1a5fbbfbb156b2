"""What a report of a bug should say: versions, the terminal, the locale, and where the program's files are.

In English for whoever reads the report, in lines that can be searched; without the names of home folders.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator

from .. import __version__
from ..command_line import LessonOptions
from ..environment import MEANT_BY_VARIABLE, terminal_width
from ..files.clean import clean_line
from ..files.find import bundled_folder, bundled_names
from ..memory.folders import config_path, is_there, state_path

_PACKAGES = ("numpy", "rich", "textual")
_EXTRAS = ("safetensors", "tokenizers")
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LC_CTYPE", "LANG", "PYTHONUTF8", "PYTHONIOENCODING")
_TERMINAL = ("TERM", "COLORTERM", "TERM_PROGRAM", "COLORFGBG", "TMUX", "STY", "SSH_CONNECTION", "COLUMNS", "LINES")
_SAID_TO_BE_SET = ("TMUX", "STY", "SSH_CONNECTION")
"""What their values are is nobody's business."""


def bug_report(options: LessonOptions) -> str:
    """The report, in lines."""
    return "".join(f"{clean_line(line)}\n" for line in _lines(options))


def _lines(options: LessonOptions) -> Iterator[str]:
    yield f"qkvtui {__version__} ({_shown(os.path.dirname(bundled_folder()))}; {len(bundled_names())} examples)"
    implementation = platform.python_implementation()
    yield f"Python {platform.python_version()} ({implementation}; {_shown(sys.executable)})"
    for name in (*_PACKAGES, *_EXTRAS):
        yield f"{name} {_version(name)}"
    yield f"platform {platform.platform()}"
    yield f"terminal {_terminal()}"
    yield f"variables {_variables((*_TERMINAL, *MEANT_BY_VARIABLE))}"
    yield f"locale {_variables(_LOCALE)}; output {sys.stdout.encoding}; language {options.lang}"
    for what, path in (("config", config_path(os.environ)), ("state", state_path(os.environ))):
        there = "there" if is_there(path) else "not there"
        yield f"{what} {_shown(path)} ({there})" if path else f"{what} nowhere"


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _terminal() -> str:
    if not sys.stdout.isatty():
        return "none"
    lines = os.get_terminal_size(sys.stdout.fileno()).lines
    return f"{terminal_width()} x {lines}"


def _variables(names: tuple[str, ...]) -> str:
    there = [name for name in names if name in os.environ]
    shown = (f"{name}=..." if name in _SAID_TO_BE_SET else f"{name}={os.environ[name]}" for name in there)
    return " ".join(shown) or "none"


def _shown(path: str) -> str:
    """The path with ~ for the home folder: a report goes to strangers."""
    home = os.path.expanduser("~")
    is_inside = len(home) > 1 and (path == home or path.startswith(home + os.sep))
    return "~" + path[len(home) :] if is_inside else path
