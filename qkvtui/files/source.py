"""From a path or standard input to text: at most 64 MiB of UTF-8; and which files were read."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

from ..errors import ExampleError, Problem, reason_of
from ..said import say
from .clean import clean_line
from .restricted import require_inside

MIB = 1 << 20
MAX_BYTES = 64 * MIB
TOO_LARGE = say("is larger than {size} MiB", size=MAX_BYTES // MIB)
SMALLER = say("example files are small: a few tokens, a few columns")

_files_read: set[tuple[int, int]] = set()
"""Device and number of each."""


def decode(data: bytes, display: str) -> str:
    """`data` as text; it may start with a byte-order mark. Raises ExampleError with a line."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = error.object[error.start]
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = Problem(
            say("line {line}", line=line),
            say("byte 0x{byte} is not UTF-8", byte=f"{wrong:02X}"),
            say("save the file as UTF-8"),
        )
        raise ExampleError(clean_line(display), [problem]) from None


Decoder = Callable[[bytes, str], str]
"""(bytes of a file, what messages call it) → its text. Raises ExampleError."""


class NotAFileError(OSError):
    """There is a pipe or a device in place of a file."""


def open_file(path: str) -> BinaryIO:
    """The file at `path`, for reading. Raises OSError where there is none.

    Nobody waits for a pipe that somebody may write into: only what a command line itself names may be one.
    """
    file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115  whoever asked for it closes it
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise NotAFileError(errno.EINVAL, os.strerror(errno.EINVAL), path)


def read_file(path: str, display: str, *, waits: bool = True, decoder: Decoder = decode) -> str:
    """The text of the file at `path`. Raises ExampleError where there is none.

    `waits`: as the command line names it, it may be a pipe. Where another file names it, or the application reads it
    again, waiting for somebody who writes into it would keep everything waiting.
    """
    require_inside(path)
    try:
        with open(path, "rb") if waits else open_file(path) as file:
            if os.fstat(file.fileno()).st_size > MAX_BYTES:
                raise _refusal(display, TOO_LARGE, SMALLER)
            note_read(file.fileno())
            return decoder(_read_limited(file, display), display)
    except (OSError, ValueError) as error:
        raise _refusal(display, *why_unreadable(error)) from None


def read_standard_input(display: str, *, again: bool = False, decoder: Decoder = decode) -> str:
    """The text on standard input, which there is only once: `again` raises ExampleError."""
    if again:
        raise _refusal(
            display, say("cannot be read again"), say("in a file of its own an example can be changed and read again")
        )
    stream: BinaryIO | None = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise _refusal(display, say("is closed"), say("give a file, or send one: qkvtui print - < FILE"))
    note_read(0)
    try:
        return decoder(_read_limited(stream, display), display)
    except (OSError, ValueError) as error:
        raise _refusal(display, *why_unreadable(error)) from None


def note_read(file: str | int) -> None:
    """Remember a file that a result is made from, by its path or the number under which it is open.

    Raises UsageError for a path that this session may not open.
    """
    if isinstance(file, str):
        require_inside(file)
    with suppress(OSError, ValueError):  # what cannot be looked at cannot be read either
        found = os.stat(file)
        _files_read.add((found.st_dev, found.st_ino))


def was_read(path: str) -> bool:
    """Whether the file at `path` is one of those that were read, whatever name or link it was read under."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return False
    return (found.st_dev, found.st_ino) in _files_read


def forget_read() -> None:
    """Begin anew: what was read until now belongs to another result."""
    _files_read.clear()


def why_unreadable(error: OSError | ValueError) -> tuple[str, str]:
    """What is wrong and what would be right, for a file that cannot be opened or read."""
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return say("there is no such file"), ""
        case NotAFileError():
            return say("is a pipe or a device, not a file"), ""
        case IsADirectoryError():
            return say("is a folder"), say("name one of the files in it")
        case PermissionError():
            return say("may not be read"), say("its permissions do not allow it")
        case OSError():
            return say("cannot be read ({reason})", reason=reason_of(error)), ""
    return say("is not a path"), say("a path has no NUL character")


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # Windows has no pipes among its files


def _read_limited(stream: BinaryIO, display: str) -> bytes:
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _refusal(display, TOO_LARGE, SMALLER)
    return data


def _refusal(display: str, problem: str, expected: str = "") -> ExampleError:
    return ExampleError(clean_line(display), [Problem("", problem, expected)])
