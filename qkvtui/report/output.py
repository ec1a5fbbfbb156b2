"""The one place that writes: results to standard output, or to a file that stays whole; remarks to standard error."""

from __future__ import annotations

import os
import stat
import sys

from ..environment import terminal_width
from ..errors import UsageError
from ..files.atomic import require_replaceable, why_unwritable, write_file
from ..files.clean import clean_line
from ..files.restricted import require_writing
from ..files.source import forget_read
from ..said import say

_ERRORS = "backslashreplace"
"""What a locale has no characters for, in a token or a path, is written as \\u….."""
_STANDARD_OUTPUT = 1
_MOST_LINKS = 40


class Output:
    """Where a command's result goes: made before anything is read for it, so that none of that is ever replaced."""

    def __init__(self, path: str | None = None, *, force: bool = False) -> None:
        """Raises UsageError for `force` where no file is named, and for a file where nothing may be written."""
        self._path = None if path in (None, "-") else path
        if self._path is not None:
            require_writing(f"-o {self._path}")
        self._force = force
        if force and self._path is None:
            raise UsageError(say("--force goes with -o FILE"))
        self._descriptor = _STANDARD_OUTPUT if self._path is None else _descriptor_behind(self._path)
        forget_read()

    @property
    def is_terminal(self) -> bool:
        """Whether a person sees it as it is written."""
        return self._is_standard and sys.stdout.isatty()

    @property
    def terminal_width(self) -> int | None:
        """The terminal's columns, or None where there is no terminal."""
        return terminal_width() if self.is_terminal else None

    def can_show(self, signs: str) -> bool:
        """Whether these characters can be written at all."""
        try:
            signs.encode((sys.stdout.encoding or "ascii") if self._is_standard else "utf-8")
        except UnicodeEncodeError:
            return False
        return True

    def require(self, *paths: str) -> None:
        """Refuse files that cannot be written or may not be replaced, once all that is read has been read.

        Raises UsageError.
        """
        for path in paths:
            if _descriptor_behind(path) is None and not _keeps_nothing(path):
                _require_place(path)
                require_replaceable(path, force=self._force)

    def write(self, text: str) -> None:
        """Write the whole result.

        Raises UsageError for a file, OSError for standard output; a file that was there before is then as it was.
        """
        if self._path is None or self._is_standard:
            encoding = sys.stdout.encoding or "utf-8"
            sys.stdout.write(text.encode(encoding, _ERRORS).decode(encoding))
            sys.stdout.flush()
            return
        self.require(self._path)
        try:
            if self._descriptor is not None:
                _write_into(self._descriptor, text)
            elif _keeps_nothing(self._path):
                _write_into(self._path, text)
            else:
                write_file(os.path.realpath(self._path), text.encode("utf-8", _ERRORS), overwrite=self._force)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise _refusal(error, self._path) from None

    @property
    def _is_standard(self) -> bool:
        return self._descriptor == _STANDARD_OUTPUT


def remark(message: str) -> None:
    """Write what a user has to know beside a result, behind the program's name."""
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(f"qkvtui: {clean_line(message)}\n".encode(encoding, _ERRORS).decode(encoding))


def _descriptor_behind(path: str) -> int | None:
    """The number of the open file that the path is another name of: 1 for /dev/stdout, 63 for a shell's `>(sort)`.

    Opened by that name, a file would lose what is in it, or what is written into it by those who share it.
    """
    own = f"/proc/{os.getpid()}/"
    for _ in range(_MOST_LINKS):
        folder, name = os.path.realpath(os.path.dirname(path)), os.path.basename(path)
        path = os.path.join(folder, name)
        if folder == "/dev/fd" or (folder.startswith(own) and folder.endswith("/fd")):
            return int(name) if name.isdecimal() and os.path.lexists(path) else None
        try:
            path = os.path.join(folder, os.readlink(path))
        except (OSError, ValueError):
            return None
    return None


def _keeps_nothing(path: str) -> bool:
    """Whether it is a device or a pipe: there is nothing in it that could be lost."""
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


def _require_place(path: str) -> None:
    """Refuse what is a folder, or in none, and a link to nowhere: who named it does not mean a file elsewhere."""
    if os.path.isdir(path) or not os.path.basename(path):
        raise _refusal(IsADirectoryError(), path)
    if not os.path.isdir(os.path.dirname(path) or os.curdir):
        raise _refusal(FileNotFoundError(), path)
    if os.path.islink(path) and not os.path.exists(path):
        raise UsageError(say("-o {file}: is a link that leads nowhere", file=clean_line(path)))
    if _is_of_somebody_else(path):
        raise UsageError(say("-o {file}: is somebody else's link, in a folder for all", file=clean_line(path)))


def _is_of_somebody_else(path: str) -> bool:
    """Whether it is a link that others have laid in a folder like /tmp, and that Linux does not follow either."""
    if not os.path.islink(path):
        return False
    folder, link = os.stat(os.path.dirname(path) or os.curdir), os.lstat(path)
    shared = stat.S_ISVTX | stat.S_IWOTH
    return folder.st_mode & shared == shared and link.st_uid not in (os.geteuid(), folder.st_uid)


def _refusal(error: OSError, path: str) -> UsageError:
    return UsageError(say("-o {file}: {problem}", file=clean_line(path), problem=why_unwritable(error, path)))


def _write_into(file: str | int, text: str) -> None:
    with open(file, "w", encoding="utf-8", errors=_ERRORS, closefd=isinstance(file, str)) as opened:
        opened.write(text)
