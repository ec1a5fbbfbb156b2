"""One .npy member of a zip, from who knows where: its claims are looked at before memory is taken."""

from __future__ import annotations

import math
import warnings
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..errors import PartError
from ..said import say
from .source import MAX_BYTES, MIB, SMALLER

if TYPE_CHECKING:
    import zipfile

AnyArray = np.ndarray[tuple[Any, ...], np.dtype[Any]]

SAVED = say("numpy.savez writes such files")
READABLE = say("save it as float32, float64, integers or truth values")
_HEADER_ROOM = 1 << 16


class UnfitError(PartError):
    """An array that cannot be used."""


class Claim(NamedTuple):
    """What a header says about the array behind it."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def size(self) -> int:
        """The bytes that the array takes in the file; exact, however large the claim."""
        return self.dtype.itemsize * self.numbers

    @property
    def numbers(self) -> int:
        """How many numbers there are."""
        return math.prod(self.shape)

    @property
    def becomes(self) -> int:
        """The bytes that it takes where it is worked with."""
        return np.dtype(usable(self.dtype)).itemsize * self.numbers


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> AnyArray:
    """The array in `member`: float32, float64 or bool. Raises UnfitError; never unpickles."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return _read(archive, member)
    except UnfitError:
        raise
    except Exception as error:  # zipfile, zlib, lzma, ast and tokenize have a dozen types for it
        raise UnfitError(say("is damaged ({error})", error=type(error).__name__), SAVED) from None


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> AnyArray:
    if member.file_size > MAX_BYTES + _HEADER_ROOM:
        raise too_large()
    with archive.open(member) as stream:
        claim = _claim(stream)
        _check(claim, member.file_size - stream.tell())
    with archive.open(member) as stream:
        loaded: AnyArray = np.lib.format.read_array(stream, allow_pickle=False)
    return loaded.astype(usable(loaded.dtype), order="C")


def _claim(stream: IO[bytes]) -> Claim:
    version = np.lib.format.read_magic(stream)
    if version == (1, 0):
        shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
    elif version == (2, 0):
        shape, _, dtype = np.lib.format.read_array_header_2_0(stream)
    else:  # version 3.0 is for named columns only
        raise UnfitError(say("has named columns"), READABLE)
    return Claim(shape, dtype)


def _check(claim: Claim, size: int) -> None:
    if not _is_plain(claim.dtype):
        raise UnfitError(say("holds {what}", what=_content(claim.dtype)), READABLE)
    if max(claim.size, claim.becomes) > MAX_BYTES:
        raise too_large()
    if claim.size != size or any(length < 0 for length in claim.shape):
        raise UnfitError(
            say("says it is {shape}, but {size} bytes of numbers follow", shape=shape_of(claim.shape), size=size), SAVED
        )


def _is_plain(dtype: np.dtype[Any]) -> bool:
    return dtype.kind in "biu" or (dtype.kind == "f" and dtype.itemsize in (4, 8))


def usable(dtype: np.dtype[Any]) -> type[np.generic]:
    """The type that an example's arrays have for this one: float32 and bool stay, everything else is float64."""
    if dtype.kind == "b":
        return np.bool_
    return np.float32 if dtype.kind == "f" and dtype.itemsize == 4 else np.float64


def _content(dtype: np.dtype[Any]) -> str:
    match dtype.kind:
        case "O":
            return say("Python objects")
        case "U" | "S":
            return "text"
        case "V":
            return say("named columns") if dtype.names else say("raw bytes")
        case "c":
            return say("complex numbers")
        case "M" | "m":
            return say("dates or times")
    return say("{name} numbers", name=dtype.name)


def too_large() -> UnfitError:
    """What is said of an array that would take too much memory."""
    return UnfitError(say("is larger than {size} MiB", size=MAX_BYTES // MIB), SMALLER)


def shape_of(shape: tuple[int, ...]) -> str:
    """A shape in words: `5 × 2`, `a list of 5`, `a single number`."""
    match shape:
        case ():
            return say("a single number")
        case (length,):
            return say("a list of {length}", length=length)
    return " × ".join(map(str, shape))
