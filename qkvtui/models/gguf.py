"""A GGUF file, from who knows where: what it says of its model, and its tensors, read a part at a time.

The format (github.com/ggml-org/ggml, docs/gguf.md): a head with counts; settings, each a name and a value of a named
type; a directory of tensors; then the numbers. Every length is held to the length of the file before it is believed.
"""

from __future__ import annotations

import struct
from math import prod

import numpy as np
from numpy.typing import NDArray

from ..engine.arrays import FloatArray
from ..errors import UsageError
from ..files.clean import clean_line
from ..files.source import note_read, why_unreadable
from ..files.tensors import TensorClaim, let_go, mapped
from ..said import say
from .quantised import OTHER_STORINGS, STORINGS

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_LONGEST_NAME = 1 << 16
_MOST_AXES = 4
_ALIGNMENT = 32
_TEXT, _LIST = 8, 9
_PLAIN = {0: "<u1", 1: "<i1", 2: "<u2", 3: "<i2", 4: "<u4", 5: "<i4", 6: "<f4", 7: "?", 10: "<u8", 11: "<i8", 12: "<f8"}
"""The types of settings that are numbers."""

Setting = str | int | float | bool | list[str] | NDArray[np.generic]


class UnsoundGgufError(Exception):
    """The bytes contradict themselves, or the file is cut short."""


class GgufFile:
    """The settings and tensors of a GGUF file. Raises UsageError where it cannot be used."""

    def __init__(self, path: str) -> None:
        self.shown = clean_line(path)
        try:
            note_read(path)
            self._data = mapped(path)
        except (OSError, ValueError) as error:
            raise self.refusal(why_unreadable(error)[0]) from None
        head = _Head(self._data)
        try:
            self._check_version(head)
            tensors, settings = head.count(), head.count()
            self.settings = dict(_setting(head) for _ in range(settings))
            entries = dict(_entry(head) for _ in range(tensors))
            if len(self.settings) != settings or len(entries) != tensors:
                raise UnsoundGgufError
            self.tensors = self._placed(entries, head.at)
        except UnsoundGgufError:
            raise UsageError(say("{file}: is not a sound GGUF file", file=self.shown)) from None

    def rows(self, name: str, start: int = 0, stop: int | None = None) -> FloatArray:
        """The numbers of a tensor that can be read, from entry `start` to `stop` of its first axis."""
        claim = self.tensors[name]
        storing = _BY_NAME[claim.kind]
        data = self._data[claim.start : claim.end].reshape(-1, storing.size)
        if len(claim.shape) < 2:
            whole = storing.numbers(data).reshape(claim.shape)
            return whole[start:stop] if claim.shape else whole
        start, stop, _ = slice(start, stop).indices(claim.shape[0])
        blocks = prod(claim.shape[1:]) // storing.block
        return storing.numbers(data[start * blocks : stop * blocks]).reshape(stop - start, *claim.shape[1:])

    def refusal(self, problem: str) -> UsageError:
        """The error that says what is wrong with it."""
        return UsageError(say("{file}: {problem}", file=self.shown, problem=problem))

    def let_go(self) -> None:
        """Give back the memory of what was looked at; it is read again when it is looked at again."""
        let_go(self._data)

    def _check_version(self, head: _Head) -> None:
        if head.bytes(4) != _MAGIC:
            raise UnsoundGgufError
        version = head.number("<u4")
        if version in _VERSIONS:
            return
        problem = say("is GGUF of version {version}; capture reads {known}", version=version, known="2, 3")
        if int.from_bytes(int(version).to_bytes(4, "little"), "big") in _VERSIONS:
            problem = say(
                "is GGUF of a machine that counts bytes the other way round (big-endian); capture reads little-endian"
            )
        raise self.refusal(problem)

    def _placed(self, entries: dict[str, tuple[int, tuple[int, ...], int]], end: int) -> dict[str, TensorClaim]:
        alignment = self.settings.get("general.alignment", _ALIGNMENT)
        if type(alignment) is not int or alignment < 1:
            raise UnsoundGgufError
        first = -(-end // alignment) * alignment
        return {name: self._claim(first, *entry) for name, entry in entries.items()}

    def _claim(self, first: int, kind: int, shape: tuple[int, ...], offset: int) -> TensorClaim:
        """Of a kind that cannot be read it is not known where it ends."""
        start = first + offset
        storing = STORINGS.get(kind)
        if storing is None:
            return TensorClaim(OTHER_STORINGS.get(kind, str(kind)), shape, start, start)
        row = shape[-1] if shape else 1
        end = start + prod(shape) // storing.block * storing.size
        if row % storing.block or end > len(self._data):
            raise UnsoundGgufError
        return TensorClaim(storing.name, shape, start, end)


_BY_NAME = {storing.name: storing for storing in STORINGS.values()}
READABLE_STORINGS = tuple(_BY_NAME)
"""The kinds of numbers whose rows can be read."""


class _Head:
    """The bytes from the beginning on, taken one thing after the other."""

    def __init__(self, data: NDArray[np.uint8]) -> None:
        self._data = data.data
        self.at = 0

    def bytes(self, count: int) -> bytes:
        end = self.at + count
        if end > len(self._data):
            raise UnsoundGgufError
        taken = self._data[self.at : end].tobytes()
        self.at = end
        return taken

    def number(self, kind: str) -> int | float | bool:
        dtype = np.dtype(kind)
        found: int | float | bool = np.frombuffer(self.bytes(dtype.itemsize), dtype)[0].item()
        return found

    def count(self) -> int:
        """How many of something follow, each of at least one byte."""
        found = int.from_bytes(self.bytes(8), "little")
        if found > len(self._data) - self.at:
            raise UnsoundGgufError
        return found

    def text(self) -> str:
        return self.bytes(self.count()).decode("utf-8", errors="replace")

    def texts(self, count: int) -> list[str]:
        """As many texts; a vocabulary has a hundred thousand."""
        data, at, found = self._data, self.at, []
        length = struct.Struct("<Q").unpack_from
        try:
            for _ in range(count):
                end = at + 8 + length(data, at)[0]
                found.append(str(data[at + 8 : end], "utf-8", "replace"))
                at = end
        except (struct.error, OverflowError, IndexError):
            raise UnsoundGgufError from None
        if at > len(data):
            raise UnsoundGgufError
        self.at = at
        return found

    def numbers(self, count: int, kind: str) -> NDArray[np.generic]:
        return np.frombuffer(self.bytes(count * np.dtype(kind).itemsize), kind)


def _setting(head: _Head) -> tuple[str, Setting]:
    name = _name(head)
    kind = head.number("<u4")
    if kind == _TEXT:
        return name, head.text()
    if kind != _LIST:
        return name, head.number(_dtype(kind))
    inner, count = head.number("<u4"), head.count()
    return name, head.texts(count) if inner == _TEXT else head.numbers(count, _dtype(inner))


def _dtype(kind: float) -> str:
    if kind not in _PLAIN:
        raise UnsoundGgufError
    return _PLAIN[int(kind)]


def _entry(head: _Head) -> tuple[str, tuple[int, tuple[int, ...], int]]:
    """A tensor's name, the number of its kind, its shape, and how far behind the head it begins.

    The file has the axes the other way round than NumPy: first the one along which numbers lie side by side.
    """
    name = _name(head)
    axes = head.number("<u4")
    if axes > _MOST_AXES:
        raise UnsoundGgufError
    shape = tuple(int(head.number("<u8")) for _ in range(int(axes)))[::-1]
    return name, (int(head.number("<u4")), shape, int(head.number("<u8")))


def _name(head: _Head) -> str:
    length = head.count()
    if length > _LONGEST_NAME:
        raise UnsoundGgufError
    return head.bytes(length).decode("utf-8", errors="replace")
