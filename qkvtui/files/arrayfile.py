"""The file of arrays beside an example: which file it may be, and its arrays by name.

Few examples have one: what reads it, `zipfile` or `safetensors` and all that they load, is imported when there is one
to read.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Protocol

from ..said import say
from .draft import Draft, Table
from .npy import SAVED, AnyArray, UnfitError
from .phrases import did_you_mean, is_kind, quoted
from .source import MAX_BYTES, MIB, SMALLER, TOO_LARGE, note_read, why_unreadable

if TYPE_CHECKING:
    from typing import BinaryIO

_TENSORS = ".safetensors"
_TOGETHER = say("the arrays are together larger than {size} MiB", size=MAX_BYTES // MIB)
_BESIDE = say("the arrays lie in the example's folder, or in a folder inside it")


class Stored(Protocol):
    """The arrays in a file of one format or the other."""

    names: tuple[str, ...]

    def read(self, name: str) -> AnyArray:
        """One of them. Raises UnfitError where it cannot be used, OSError where it cannot be read."""


class ArrayFile:
    """A file whose arrays can be named where a matrix is expected."""

    def __init__(self, stored: Stored, name: str, draft: Draft) -> None:
        self._stored = stored
        self._name = name
        self._draft = draft
        self._bytes = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The arrays that there are."""
        return self._stored.names

    def array(self, name: str, place: str) -> AnyArray | None:
        """The array called `name`, or None after reporting at `place` why there is none."""
        if name not in self._stored.names:
            holds_none = say("{file} holds no array {name}", file=self._name, name=quoted(name))
            self._draft.report(place, holds_none, did_you_mean(name, self._stored.names))
            return None
        try:
            read = self._stored.read(name)
            self._bytes += read.nbytes
            if self._bytes > MAX_BYTES:
                self._draft.report(place, _TOGETHER, SMALLER)
                return None
            return read
        except UnfitError as error:
            self._draft.report(
                place, say("the array {name} {problem}", name=quoted(name), problem=error.problem), error.expected
            )
        except OSError as error:
            self._draft.report(place, say("{file} {problem}", file=self._name, problem=why_unreadable(error)[0]))
        return None


def open_arrays(top: Table, folder: str | None, unwritten: BinaryIO | None = None) -> ArrayFile | None:
    """The file that `arrays` names, or None where there is none to be had (which is reported).

    `unwritten` is that file before it is written.
    """
    if "arrays" not in top:
        return None
    name = top.values["arrays"]
    if not isinstance(name, str):
        top.report(
            "arrays",
            is_kind(name),
            say("it is the name of an .npz or .safetensors file beside this one"),
        )
        return None
    if unwritten is not None:
        return ArrayFile(_zipped(unwritten), name, top.draft)
    path = _path_beside(name, folder, top)
    if path is None:
        return None
    try:
        return _open(path, name, top)
    except (OSError, ValueError) as error:
        problem, expected = why_unreadable(error)
        top.report(
            "arrays",
            say("{file}: {problem}", file=quoted(name), problem=problem),
            expected or say("the example's folder is where it is looked for"),
        )
    except UnfitError as error:
        top.report("arrays", say("{file} {problem}", file=quoted(name), problem=error.problem), error.expected)
    return None


def _path_beside(name: str, folder: str | None, top: Table) -> str | None:
    """The path of `name`, which may not leave `folder`, not even through a link."""
    if not name.lower().endswith((".npz", _TENSORS)):
        top.report("arrays", say("{name} is not the name of an .npz or .safetensors file", name=quoted(name)), SAVED)
    elif folder is None:
        top.report("arrays", say("is given by a text that lies in no folder"), _BESIDE)
    elif "\0" in name:
        top.report("arrays", say("{name} is not a path", name=quoted(name)), say("a path has no NUL character"))
    elif not stays_in(folder, name):
        top.report("arrays", say("{name} leaves the example's folder", name=quoted(name)), _BESIDE)
    else:
        return os.path.join(folder, name)
    return None


def stays_in(folder: str, name: str) -> bool:
    """Whether a name that stands in a file of this folder leads nowhere else, links followed."""
    inside, outside = os.path.realpath(os.path.join(folder, name)), os.path.realpath(folder)
    return not os.path.isabs(name) and os.path.commonpath([inside, outside]) == outside


def _open(path: str, name: str, top: Table) -> ArrayFile | None:
    found = os.stat(path)
    if stat.S_ISREG(found.st_mode) and found.st_size > MAX_BYTES:
        top.report("arrays", say("{file} {problem}", file=quoted(name), problem=TOO_LARGE), SMALLER)
        return None
    if stat.S_ISDIR(found.st_mode) or not stat.S_ISREG(found.st_mode):
        top.report("arrays", say("{name} is not a file", name=quoted(name)))
        return None
    note_read(path)
    return ArrayFile(_tensors(path) if name.lower().endswith(_TENSORS) else _zipped(path), name, top.draft)


def _zipped(source: str | BinaryIO) -> Stored:
    from .zipped import ZippedArrays

    return ZippedArrays(source)


def _tensors(path: str) -> Stored:
    from .tensors import TensorFile

    return TensorFile(path)
