"""From a path or standard input to text: at most 64 MiB of UTF-8."""

from __future__ import annotations

import os
import sys
from typing import BinaryIO

from ..errors import ExampleError, Problem
from .clean import clean_line

MIB = 1 << 20
MAX_BYTES = 64 * MIB
TOO_LARGE = f"is larger than {MAX_BYTES // MIB} MiB"
SMALLER = "example files are small: a few tokens, a few columns"


def read_file(path: str, display: str) -> str:
    """The text of the file at `path`. Raises ExampleError where there is none."""
    try:
        with open(path, "rb") as file:
            if os.fstat(file.fileno()).st_size > MAX_BYTES:
                raise _refusal(display, TOO_LARGE, SMALLER)
            return decode(_read_limited(file, display), display)
    except (OSError, ValueError) as error:
        raise _refusal(display, *why_unreadable(error)) from None


def read_standard_input(display: str) -> str:
    """The text on standard input."""
    stream: BinaryIO | None = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise _refusal(display, "is closed", "give a file, or send one: qkvtui print - < FILE")
    try:
        return decode(_read_limited(stream, display), display)
    except (OSError, ValueError) as error:
        raise _refusal(display, *why_unreadable(error)) from None


def why_unreadable(error: OSError | ValueError) -> tuple[str, str]:
    """What is wrong and what would be right, for a file that cannot be opened or read."""
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return "there is no such file", ""
        case IsADirectoryError():
            return "is a folder", "name one of the files in it"
        case PermissionError():
            return "may not be read", "its permissions do not allow it"
        case OSError():
            return f"cannot be read ({(error.strerror or 'unknown reason').lower()})", ""
    return "is not a path", "a path has no NUL character"


def decode(data: bytes, display: str) -> str:
    """`data` as text; it may start with a byte-order mark. Raises ExampleError with a line."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = error.object[error.start]
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = Problem(f"line {line}", f"byte 0x{wrong:02X} is not UTF-8", "save the file as UTF-8")
        raise ExampleError(clean_line(display), [problem]) from None


def _read_limited(stream: BinaryIO, display: str) -> bytes:
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _refusal(display, TOO_LARGE, SMALLER)
    return data


def _refusal(display: str, problem: str, expected: str = "") -> ExampleError:
    return ExampleError(clean_line(display), [Problem("", problem, expected)])
