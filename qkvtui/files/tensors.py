"""A .safetensors file, from who knows where: its tensors by name, read a part at a time.

Eight bytes say how long the header is; the header is JSON and says of each tensor its type, its shape, and where its
numbers begin and end. Everything it says is held to the length of the file before a number is read. The file is mapped
into memory: of a model of gigabytes only what is looked at is read.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..said import say
from .npy import READABLE, AnyArray, UnfitError, too_large, usable
from .source import MAX_BYTES, open_file

_SAVED = say("safetensors.numpy.save_file writes such files")
_NUMPY = {
    **{"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "BOOL": "?"},
    **{f"{sign}{8 * size}": f"<{sign.lower()}{size}" for sign in "IU" for size in (1, 2, 4, 8)},
}
"""The types that can be read. NumPy has no bfloat16: its 16 bits are the upper half of a float32."""
_BITS = {
    **{kind: 8 * np.dtype(name).itemsize for kind, name in _NUMPY.items()},
    **{"C64": 64, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F6_E2M3": 6, "F6_E3M2": 6, "F4": 4},
}
"""All types that the format has."""
_LONGEST_HEADER = 100_000_000
_METADATA = "__metadata__"


class TensorClaim(NamedTuple):
    """What a file says of one of its tensors."""

    kind: str
    """How its numbers are stored, such as F32."""
    shape: tuple[int, ...]
    start: int
    end: int
    """Where they stand in the file, in bytes."""


class TensorFile:
    """The tensors of a .safetensors file. Raises UnfitError where it is none, and OSError where it cannot be read."""

    def __init__(self, path: str) -> None:
        self._data = mapped(path)
        self.tensors: Mapping[str, TensorClaim] = _claims(self._data)
        self.names = tuple(self.tensors)

    def read(self, name: str) -> AnyArray:
        """The tensor called `name`: float32, float64 or bool. Raises UnfitError where it cannot be used."""
        claim = self.tensors[name]
        if claim.kind not in _NUMPY:
            raise UnfitError(say("holds {kind} numbers", kind=claim.kind), READABLE)
        kind = np.dtype(np.float32 if claim.kind in ("F16", "BF16") else usable(np.dtype(_NUMPY[claim.kind])))
        if kind.itemsize * prod(claim.shape) > MAX_BYTES:
            raise too_large()
        array = self.rows(name).astype(kind, order="C")
        self.let_go()
        return array

    def let_go(self) -> None:
        """Give back the memory of what was looked at; it is read again when it is looked at again."""
        let_go(self._data)

    def rows(self, name: str, start: int = 0, stop: int | None = None) -> AnyArray:
        """Its entries from `start` to `stop` along the first axis, of a type that can be read; nothing is copied but
        brain floats, which become float32."""
        claim = self.tensors[name]
        whole = self._data[claim.start : claim.end].view(_NUMPY[claim.kind]).reshape(claim.shape)
        part = whole[start:stop] if claim.shape else whole
        return widened(part) if claim.kind == "BF16" else part


def mapped(path: str) -> NDArray[np.uint8]:
    """The bytes of a file, each read when it is looked at. Raises OSError."""
    with open_file(path) as file:
        if not file.seek(0, 2):
            return np.empty(0, np.uint8)
        return np.memmap(file, np.uint8, "r")


def let_go(data: NDArray[np.uint8]) -> None:
    """Give back the memory of what was looked at of a file's bytes; looked at again, it is read again.

    The system would count a whole model that one has walked through as this program's.
    """
    mapping = getattr(data, "_mmap", None)
    if mapping is not None and hasattr(mmap, "MADV_DONTNEED"):
        mapping.madvise(mmap.MADV_DONTNEED)


def widened(upper: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Brain floats as the float32 whose upper halves they are."""
    return (upper.astype(np.uint32) << 16).view(np.float32)


def _claims(data: NDArray[np.uint8]) -> dict[str, TensorClaim]:
    length = int.from_bytes(data[:8].tobytes(), "little")
    first = 8 + length
    if len(data) < 8 or length > _LONGEST_HEADER or first > len(data):
        raise _unsound()
    try:
        header = json.loads(data[8:first].tobytes().decode("utf-8"), object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        raise _unsound() from None
    if not isinstance(header, dict):
        raise _unsound()
    claims = {name: _claim(given, first) for name, given in header.items() if name != _METADATA}
    at = first
    for claim in sorted(claims.values(), key=lambda one: (one.start, one.end)):
        if claim.start != at:  # they follow each other, and nothing lies between them
            raise _unsound()
        at = claim.end
    if at != len(data):
        raise _unsound()
    return claims


def _claim(given: object, first: int) -> TensorClaim:
    if not isinstance(given, dict):
        raise _unsound()
    kind, shape, offsets = given.get("dtype"), _counts(given.get("shape")), _counts(given.get("data_offsets"))
    if not isinstance(kind, str) or kind not in _BITS or len(offsets) != 2:
        raise _unsound()
    start, end = offsets
    if prod(shape) * _BITS[kind] != 8 * (end - start):
        raise _unsound()
    return TensorClaim(kind, shape, first + start, first + end)


def _counts(value: object) -> tuple[int, ...]:
    if not isinstance(value, list) or not all(type(one) is int and one >= 0 for one in value):
        raise _unsound()
    return tuple(value)


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _unsound() -> UnfitError:
    return UnfitError(say("is not a sound .safetensors file"), _SAVED)
