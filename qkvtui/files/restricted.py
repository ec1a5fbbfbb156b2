"""A session that may only read: nothing is written, and files are opened in some folders only.

It holds for the whole process, so that no way of opening or writing a file has to be told of it.
"""

from __future__ import annotations

import os

from ..errors import UsageError
from ..said import say
from .clean import clean_line

TYPE_CHECKING = False  # for a type checker it is true; every command imports this module
if TYPE_CHECKING:
    from collections.abc import Iterable

_folders: list[str] = []
"""Where files may be opened, without links on the way; empty: everywhere, and files may be written."""


def restrict(folders: Iterable[str]) -> None:
    """From now on, write nothing and open files in these folders only; without any, everything is free again."""
    _folders[:] = [os.path.realpath(folder) for folder in folders]


def is_restricted() -> bool:
    """Whether the session may only read."""
    return bool(_folders)


def require_writing(what: str) -> None:
    """Raises UsageError, about `what`, where nothing may be written."""
    if _folders:
        raise UsageError(say("{what}: this session is read-only, and nothing is written", what=clean_line(what)))


def require_inside(path: str) -> None:
    """Raises UsageError for a file that lies, or leads by a link, beyond the folders. Says not whether it is there."""
    if not _folders:
        return
    try:
        real = os.path.realpath(path)
    except (OSError, ValueError):  # a path with a NUL: opening it says so
        return
    if not any(_is_in(folder, real) for folder in _folders):
        raise UsageError(
            say(
                "{file}: this session is read-only, and opens only what is in {folder}",
                file=clean_line(path),
                folder=clean_line(_folders[0]),
            )
        )


def _is_in(folder: str, path: str) -> bool:
    try:
        return os.path.commonpath((folder, path)) == folder
    except ValueError:  # on another drive of Windows
        return False
