"""The one place that writes results: to standard output, or to a file that stays whole."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress


class Output:
    """Where a command's result goes."""

    def __init__(self, path: str | None = None) -> None:
        self._path = None if path in (None, "-") else path

    @property
    def is_terminal(self) -> bool:
        """Whether a person sees it as it is written."""
        return self._path is None and sys.stdout.isatty()

    @property
    def terminal_width(self) -> int | None:
        """The terminal's columns, or None where there is no terminal."""
        if not self.is_terminal:
            return None
        with suppress(OSError):
            return os.get_terminal_size(sys.stdout.fileno()).columns or None
        return None

    def can_show(self, signs: str) -> bool:
        """Whether these characters can be written at all."""
        try:
            signs.encode("utf-8" if self._path else sys.stdout.encoding or "ascii")
        except UnicodeEncodeError:
            return False
        return True

    def write(self, text: str) -> None:
        """Write the whole result. Raises OSError; a file that was there before is then as it was."""
        if self._path is None:
            encoding = sys.stdout.encoding or "utf-8"
            sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
            sys.stdout.flush()
        elif os.path.exists(self._path) and not os.path.isfile(self._path):
            with open(self._path, "w", encoding="utf-8") as device:
                device.write(text)
        else:
            _replace(os.path.realpath(self._path), text)


def _replace(path: str, text: str) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".qkvtui-", suffix=".part")
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(temporary, _mode(path))
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _mode(path: str) -> int:
    """The permissions of the file that is replaced, or those any new file gets."""
    with suppress(OSError):
        return os.stat(path).st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
