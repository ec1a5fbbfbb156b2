"""An .npz file, from who knows where: its arrays by name, read one at a time."""

from __future__ import annotations

import zipfile
from typing import IO, TYPE_CHECKING

import numpy as np

from ..said import say
from .npy import SAVED, AnyArray, UnfitError, read_member

if TYPE_CHECKING:
    from typing import BinaryIO

_LONGEST_TEXT = 1 << 20
"""Bytes of a list of texts that are read."""


class ZippedArrays:
    """The arrays of an .npz file. Raises UnfitError where it is none, OSError where it cannot be read."""

    def __init__(self, source: str | BinaryIO) -> None:
        self._source = source
        try:
            with zipfile.ZipFile(source) as archive:
                self._members = {
                    member.filename.removesuffix(".npy"): member
                    for member in archive.infolist()
                    if member.filename.endswith(".npy")
                }
        except (zipfile.BadZipFile, NotImplementedError):
            raise UnfitError(say("is not a sound .npz file"), SAVED) from None
        self.names = tuple(self._members)

    def read(self, name: str) -> AnyArray:
        """The array called `name`. Raises UnfitError where it cannot be used."""
        with zipfile.ZipFile(self._source) as archive:
            return read_member(archive, self._members[name])

    def read_any(self, name: str) -> AnyArray:
        """The same, also where it holds texts."""
        with zipfile.ZipFile(self._source) as archive:
            try:
                with archive.open(self._members[name]) as stream:
                    return texts_of(stream)
            except Exception:  # zipfile, zlib and NumPy have a dozen types for what is no text either
                return read_member(archive, self._members[name])


def texts_of(stream: IO[bytes]) -> AnyArray:
    """An .npy array of texts, however much its header claims. Raises ValueError for any other array."""
    version = np.lib.format.read_magic(stream)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(stream)
    if dtype.kind != "U":
        raise ValueError(dtype.name)
    return np.frombuffer(stream.read(_LONGEST_TEXT), dtype).reshape(shape)
