"""Noticing that an example's file has changed on disk."""

from __future__ import annotations

import os

from ..errors import QkvtuiError
from ..files.find import locate

SECONDS = 0.5
"""How often one looks."""


class FileWatch:
    """Remembers how a file was when one last looked. Standard input never changes."""

    def __init__(self, example: str) -> None:
        try:
            self._path = locate(example).path
        except QkvtuiError:
            self._path = None
        self._seen = self._state()

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
