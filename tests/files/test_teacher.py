"""The file with a teacher's place: what is written is read again, and nothing else is believed."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from pathlib import Path
from typing import Any

import pytest

from qkvtui.errors import UsageError
from qkvtui.files.teacher import LARGEST, TeacherPlace, hold, is_left, read_place, written_place
from qkvtui.graph.proposals import WhatIf

PLACE = TeacherPlace(
    "animal",
    "scores",
    query=3,
    key=1,
    layer=2,
    moving=4,
    opened="scores[it,animal]",
    chosen=2,
    picture="matrix",
    change=WhatIf(("X[it,0]=0.9",), "none", None, True, "columns", 2),
)


def test_a_place_is_read_as_it_was_written(tmp_path: Path) -> None:
    """The class would have stood at another number than the teacher."""
    path = tmp_path / "place"
    path.write_bytes(written_place(PLACE))
    assert read_place(str(path)) == PLACE


def test_the_file_stays_small_whatever_was_changed(tmp_path: Path) -> None:
    """What is too large is followed by nobody: the numbers are left out, and that is said."""
    path = tmp_path / "place"
    long = TeacherPlace("animal", "scores", query=3, change=WhatIf(tuple(f"X[{'漢' * 40},{at}]=1" for at in range(30))))
    path.write_bytes(written_place(long))
    assert path.stat().st_size <= LARGEST
    read = read_place(str(path))
    assert (read.step, read.query, read.beyond, read.change.assignments) == ("scores", 3, True, ())


def changed(**values: Any) -> str:
    """A file that is right but for these."""
    return json.dumps(json.loads(written_place(PLACE)) | values)


@pytest.mark.sampled(9)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "[" * 3000,
        changed(format=2),
        changed(format=True),
        changed(step=None),
        changed(step=["scores"]),
        changed(query=-1),
        changed(query=1.5),
        changed(query=True),
        changed(query=10**30),
        changed(moving="1"),
        changed(picture="rm"),
        changed(softmax="diagonals"),
        changed(round_each=99),
        changed(round_each=-1),
        changed(set="X"),
        changed(set=[1]),
        changed(set=["X[0,0]=1"] * 33),
        changed(scale=2),
        changed(causal=1),
        changed(beyond=1),
        changed(another=1),
        changed(opened="x" * LARGEST),
    ],
)
def test_what_was_not_written_so_is_refused(tmp_path: Path, text: str) -> None:
    """Whoever can write the file would have ended thirty sessions in a traceback."""
    path = tmp_path / "place"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="no place of a teacher"):
        read_place(str(path))


def test_what_is_no_file_keeps_nobody_waiting(tmp_path: Path) -> None:
    """A pipe under that name would have stopped every keyboard of the class."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, tmp_path / "nowhere", Path("/dev/zero")):
        with pytest.raises(UsageError, match="no place of a teacher"):
            read_place(str(path))


def test_a_file_that_nobody_holds_any_more_is_left(tmp_path: Path) -> None:
    """The place of a teacher whose session was killed would have been followed for good."""
    path = tmp_path / "place"
    path.write_bytes(written_place(TeacherPlace("animal", "weights", held=True)))
    held = hold(str(path))
    assert held is not None
    assert not is_left(str(path))
    os.close(held)
    assert is_left(str(path))
    path.write_bytes(written_place(TeacherPlace("animal", "weights")))
    assert not is_left(str(path))
    path.unlink()
    assert not is_left(str(path))


def test_whoever_only_looks_for_a_lock_does_not_keep_it_from_the_teacher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A student's look at the wrong moment would have ended the class."""
    path = tmp_path / "place"
    path.touch()
    with open(path, "rb") as looking:
        fcntl.flock(looking, fcntl.LOCK_EX)
        monkeypatch.setattr("time.sleep", lambda seconds: fcntl.flock(looking, fcntl.LOCK_UN))
        held = hold(str(path))
    assert held is not None
    os.close(held)


def test_where_there_are_no_locks_nothing_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder of such a file system nobody could have led."""

    def refused(descriptor: int, how: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", refused)
    path = tmp_path / "place"
    path.write_bytes(written_place(TeacherPlace("animal", "weights", held=True)))
    assert hold(str(path)) is None
    assert not is_left(str(path))
