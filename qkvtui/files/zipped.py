"""An .npz file, from who knows where: its arrays by name, read one at a time."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from ..said import say
from .npy import SAVED, AnyArray, UnfitError, read_member

if TYPE_CHECKING:
    from typing import BinaryIO


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
