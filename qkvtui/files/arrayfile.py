"""The file of arrays beside an example: which file it may be, and its arrays by name.

Few examples have one: what reads it, `zipfile` and all that it loads, is imported when there is one to read.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from .draft import Draft, Table
from .npy import SAVED, AnyArray, UnfitError, read_member
from .phrases import did_you_mean, kind_of, quoted
from .source import MAX_BYTES, SMALLER, TOO_LARGE, why_unreadable

if TYPE_CHECKING:
    from typing import BinaryIO

_BESIDE = "the arrays lie in the example's folder, or in a folder inside it"


class ArrayFile:
    """An .npz file whose arrays can be named where a matrix is expected."""

    def __init__(self, source: str | BinaryIO, name: str, draft: Draft) -> None:
        self._source = source
        self._name = name
        self._draft = draft
        import zipfile

        with zipfile.ZipFile(source) as archive:
            self._members = {
                member.filename.removesuffix(".npy"): member
                for member in archive.infolist()
                if member.filename.endswith(".npy")
            }

    def array(self, name: str, place: str) -> AnyArray | None:
        """The array called `name`, or None after reporting at `place` why there is none."""
        member = self._members.get(name)
        if member is None:
            holds_none = f"{self._name} holds no array {quoted(name)}"
            self._draft.report(place, holds_none, did_you_mean(name, self._members))
            return None
        import zipfile

        try:
            with zipfile.ZipFile(self._source) as archive:
                return read_member(archive, member)
        except UnfitError as error:
            self._draft.report(place, f"the array {quoted(name)} {error.problem}", error.expected)
        except OSError as error:
            self._draft.report(place, f"{self._name} {why_unreadable(error)[0]}")
        return None


def open_arrays(top: Table, folder: str | None, unwritten: BinaryIO | None = None) -> ArrayFile | None:
    """The file that `arrays` names, or None where there is none to be had (which is reported).

    `unwritten` is that file before it is written.
    """
    if "arrays" not in top:
        return None
    name = top.values["arrays"]
    if not isinstance(name, str):
        top.report("arrays", f"is {kind_of(name)}", "it is the name of an .npz file beside this one")
        return None
    if unwritten is not None:
        return ArrayFile(unwritten, name, top.draft)
    path = _path_beside(name, folder, top)
    if path is None:
        return None
    import zipfile

    try:
        return _open(path, name, top)
    except (OSError, ValueError) as error:
        problem, expected = why_unreadable(error)
        top.report(
            "arrays",
            f"{quoted(name)}: {problem}",
            expected or "the example's folder is where it is looked for",
        )
    except (zipfile.BadZipFile, NotImplementedError):
        top.report("arrays", f"{quoted(name)} is not a sound .npz file", SAVED)
    return None


def _path_beside(name: str, folder: str | None, top: Table) -> str | None:
    """The path of `name`, which may not leave `folder`, not even through a link."""
    if name.lower().endswith(".safetensors"):
        top.report("arrays", f"{quoted(name)} is a .safetensors file", "this version reads .npz files only")
    elif not name.lower().endswith(".npz"):
        top.report("arrays", f"{quoted(name)} is not the name of an .npz file", SAVED)
    elif folder is None:
        top.report("arrays", "is given by a text that lies in no folder", _BESIDE)
    elif "\0" in name:
        top.report("arrays", f"{quoted(name)} is not a path", "a path has no NUL character")
    elif os.path.isabs(name) or not _is_inside(os.path.join(folder, name), folder):
        top.report("arrays", f"{quoted(name)} leaves the example's folder", _BESIDE)
    else:
        return os.path.join(folder, name)
    return None


def _is_inside(path: str, folder: str) -> bool:
    inside, outside = os.path.realpath(path), os.path.realpath(folder)
    return os.path.commonpath([inside, outside]) == outside


def _open(path: str, name: str, top: Table) -> ArrayFile | None:
    found = os.stat(path)
    if stat.S_ISREG(found.st_mode) and found.st_size > MAX_BYTES:
        top.report("arrays", f"{quoted(name)} {TOO_LARGE}", SMALLER)
        return None
    if stat.S_ISDIR(found.st_mode) or not stat.S_ISREG(found.st_mode):
        top.report("arrays", f"{quoted(name)} is not a file")
        return None
    return ArrayFile(path, name, top.draft)
