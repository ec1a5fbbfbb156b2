"""Changes of lessons that nobody has written: a small file for each session that ended before it could be asked."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from ..files.atomic import write_file
from ..records import record
from .folders import LARGEST, make_private, read_bytes

UNWRITTEN_FORMAT = 1
_ENDING = ".json"
_FAR = 10.0 * 365 * 86400
"""Seconds: a clock that was wrong is no reason to lose anything, one that is absurd is."""


@record(frozen=True)
class KeptChanges:
    """The changes of one lesson, as they are kept."""

    example: str
    """Where it was read from."""
    fingerprint: str
    """Of the text that was read; empty where there was none."""
    when: float
    """Seconds since 1970."""
    count: int
    """How many of the changes a file can say."""
    edits: Sequence[Mapping[str, Any]]
    """All of them, as JSON has them; what they mean is for the lesson to say."""
    file: str = ""
    """Where they are kept."""


class UnwrittenChanges:
    """What is kept of all lessons, in a folder.

    Where that cannot be read or written, nothing is kept, and that is no error: the program is being ended.
    """

    def __init__(self, folder: str | None) -> None:
        """Without a folder nothing is kept, and nothing is found."""
        self._folder = folder

    def keep(self, kept: KeptChanges) -> KeptChanges:
        """Write them, in place of what `file` names; with the file that they got."""
        folder = self._folder
        if folder is None:
            return kept
        table = {"format": UNWRITTEN_FORMAT, **{name: value for name, value in vars(kept).items() if name != "file"}}
        data = (json.dumps(table, indent=1) + "\n").encode("ascii")
        file = kept.file or os.path.join(folder, f"{_of(kept.example)}{time.time_ns()}-{os.getpid()}{_ENDING}")
        if len(data) <= LARGEST:
            with suppress(OSError):
                make_private(folder)
                write_file(file, data, overwrite=True, mode=0o600)
        return KeptChanges(kept.example, kept.fingerprint, kept.when, kept.count, kept.edits, file)

    def newest(self, example: str) -> KeptChanges | None:
        """What was kept of an example last; None where nothing is that can be read."""
        found = [self._read(file) for file in self._files(_of(example))] if self.count else []
        of_it = [kept for kept in found if kept is not None and kept.example == example]
        return max(of_it, key=lambda kept: kept.when, default=None)

    def drop(self, kept: KeptChanges) -> None:
        """Delete what was taken or declined."""
        with suppress(OSError):
            os.unlink(kept.file)

    @property
    def count(self) -> int:
        """For how many sessions something is kept."""
        return len(self._files(""))

    def forget(self) -> bool:
        """Delete all that is kept; whether there was something. Raises OSError."""
        files = self._files("")
        for file in files:
            os.unlink(file)
        return bool(files)

    def _files(self, beginning: str) -> list[str]:
        if self._folder is None:
            return []
        try:
            names = os.listdir(self._folder)
        except OSError:
            return []
        return [
            os.path.join(self._folder, name)
            for name in sorted(names)
            if name.startswith(beginning) and name.endswith(_ENDING)
        ]

    def _read(self, file: str) -> KeptChanges | None:
        try:
            return _kept(json.loads(read_bytes(file)), file)
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None


def _of(example: str) -> str:
    """How the names of an example's files begin: what it is called is in the file, for its owner only."""
    from hashlib import sha256  # only here: most sessions have nothing kept

    return sha256(os.fsencode(example)).hexdigest()[:24] + "-"


def _kept(table: Any, file: str) -> KeptChanges:
    """Raises ValueError, TypeError or KeyError where the table is not as it was written."""
    kept = KeptChanges(table["example"], table["fingerprint"], table["when"], table["count"], table["edits"], file)
    is_ours = (
        table["format"] == UNWRITTEN_FORMAT
        and isinstance(kept.example, str)
        and isinstance(kept.fingerprint, str)
        and type(kept.when) is float
        and 0 <= kept.when < time.time() + _FAR
        and type(kept.count) is int
        and isinstance(kept.edits, list)
        and all(isinstance(edit, dict) for edit in kept.edits)
    )
    if not is_ours:
        raise ValueError("not what was written")
    return kept
