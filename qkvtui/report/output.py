"""The one place that writes: results to standard output, or to a file that stays whole; remarks to standard error."""

from __future__ import annotations

import os
import sys

from ..environment import terminal_width
from ..errors import UsageError
from ..files.atomic import replace_file, why_unwritable
from ..files.clean import clean_line

_ERRORS = "backslashreplace"
"""What a locale has no characters for, in a token or a path, is written as \\u….."""


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
        return terminal_width() if self.is_terminal else None

    def can_show(self, signs: str) -> bool:
        """Whether these characters can be written at all."""
        try:
            signs.encode("utf-8" if self._path else sys.stdout.encoding or "ascii")
        except UnicodeEncodeError:
            return False
        return True

    def write(self, text: str) -> None:
        """Write the whole result.

        Raises UsageError for a file, OSError for standard output; a file that was there before is then as it was.
        """
        if self._path is None:
            encoding = sys.stdout.encoding or "utf-8"
            sys.stdout.write(text.encode(encoding, _ERRORS).decode(encoding))
            sys.stdout.flush()
            return
        try:
            _write_file(self._path, text)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise UsageError(f"-o {clean_line(self._path)}: {why_unwritable(error, self._path)}") from None


def remark(message: str) -> None:
    """Write what a user has to know beside a result, behind the program's name."""
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(f"qkvtui: {clean_line(message)}\n".encode(encoding, _ERRORS).decode(encoding))


def _write_file(path: str, text: str) -> None:
    if os.path.exists(path) and not os.path.isfile(path):  # a device, a pipe: there is nothing to keep whole
        with open(path, "w", encoding="utf-8", errors=_ERRORS) as device:
            device.write(text)
    else:
        replace_file(os.path.realpath(path), text.encode("utf-8", _ERRORS))
