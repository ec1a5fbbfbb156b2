"""Where the program's own two files are, as the XDG base directories say; and reading them, whatever they are."""

from __future__ import annotations

import os
import stat

from ..said import say

TYPE_CHECKING = False  # for a type checker it is true; `import typing` takes a tenth of the time of `qkvtui list`
if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST = 1 << 20
"""Bytes; what is larger was not written by this program, nor for it."""


def config_path(environ: Mapping[str, str]) -> str | None:
    """Where the file is that the user may write; None where there is no home folder."""
    return _path(environ, "XDG_CONFIG_HOME", ".config", "config.toml")


def state_path(environ: Mapping[str, str]) -> str | None:
    """Where the file is that the application writes; None where there is no home folder."""
    return _path(environ, "XDG_STATE_HOME", os.path.join(".local", "state"), "state.json")


def _path(environ: Mapping[str, str], variable: str, usual: str, name: str) -> str | None:
    base = environ.get(variable, "")
    if not os.path.isabs(base):  # the standard wants one that is not absolute to be ignored
        home = environ.get("HOME", "")
        if not os.path.isabs(home) or not os.path.isdir(home):
            return None
        base = os.path.join(home, usual)
    return os.path.join(base, "qkvtui", name)


def make_private(folder: str) -> None:
    """Make a folder that only its owner can read, as the XDG standard wants it, and those above it. Raises OSError."""
    if not os.path.isdir(folder):
        make_private(os.path.dirname(folder))
        try:
            os.mkdir(folder, 0o700)
        except FileExistsError:
            return  # another session was quicker


def is_there(path: str | None) -> bool:
    """Whether there is anything at all under this name, be it a link to nowhere."""
    return path is not None and os.path.lexists(path)


def is_plain(path: str) -> bool:
    """Whether it is a file, or a link to one: nothing else is read or replaced."""
    return os.path.isfile(path)


def read_bytes(path: str) -> bytes:
    """What the file holds; nothing where it is not there, or is a folder, a device or a pipe, which nobody waits for.

    Raises OSError where it cannot be read, ValueError where it is too large.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # Windows has no such pipes
    except (FileNotFoundError, NotADirectoryError):
        return b""
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return b""
    with open(descriptor, "rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(say("is larger than {size} MiB", size=LARGEST >> 20))
    return data
