"""Noticing that a file has changed on disk."""

from __future__ import annotations

import os

SECONDS = 0.5
"""How often one looks."""


class FileWatch:
    """Remembers how a file was when one last looked. None is no file, and never changes."""

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._seen = self._state()

    @property
    def is_there(self) -> bool:
        """Whether there is a file now."""
        return self._state() is not None

    def changed(self) -> bool:
        """Whether the file is another than at the last look; a file that is gone for a moment is not."""
        state = self._state()
        if state is None or state == self._seen:
            return False
        self._seen = state
        return True

    def _state(self) -> tuple[int, int, int] | None:
        if self._path is None:
            return None
        try:
            found = os.stat(self._path)
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
