"""What outlives a session: whatever the file is, and whoever else writes it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies

from qkvtui.files.find import bundled_names
from qkvtui.memory.remembered import KeptPlace, Recollection, read_remembered, written_remembered
from qkvtui.memory.state import NO_STATE, Memory, memory_of
from tests.cli.program import REPOSITORY, environment

PLACE = KeptPlace("scores", query=3, key=1, feature=2, head=0)
FIRST, SECOND, THIRD, *_ = bundled_names()
GOOD = {"format": 1, "seen": [FIRST], "places": {SECOND: {"step": "scores", "query": 3}}, "last": SECOND}


def state_file(tmp_path: Path, said: Any = None) -> Path:
    """Where it is; with this in it, if that is something."""
    path = tmp_path / "state" / "qkvtui" / "state.json"
    if said is not None:
        path.parent.mkdir(parents=True)
        path.write_bytes(said if isinstance(said, bytes) else json.dumps(said).encode())
    return path


def memory_at(path: Path) -> Memory:
    """As a session of the application begins."""
    return memory_of({"XDG_STATE_HOME": str(path.parents[1])})


def used(memory: Memory) -> None:
    """As a session goes: one lesson seen to its end, one left halfway, a language and colours chosen."""
    memory.finished(SECOND)
    memory.walked(THIRD, PLACE)
    memory.choose("language", "zh")
    memory.choose("theme", "light")
    memory.save()


def test_what_one_session_saw_the_next_one_knows(tmp_path: Path) -> None:
    """The next evening would have begun at the first lesson again."""
    path = state_file(tmp_path)
    used(memory_at(path))
    known = memory_at(path).known
    assert known == Recollection(frozenset({SECOND}), {THIRD: PLACE}, THIRD, {"language": "zh", "theme": "light"})
    for folder in path.parents[:2]:
        assert folder.stat().st_mode & 0o77 == 0, "others could read who has learned what"
    assert os.listdir(path.parent) == ["state.json"]


def test_a_lesson_that_was_seen_is_not_left_halfway(tmp_path: Path) -> None:
    """A lesson with a ✓ would have offered to go on in its middle."""
    memory = memory_at(state_file(tmp_path))
    memory.walked(FIRST, PLACE)
    memory.finished(FIRST)
    memory.walked(FIRST, PLACE)
    assert memory.known == Recollection(frozenset({FIRST}), {}, FIRST)


def test_one_goes_on_with_the_last_lesson_and_then_with_the_first_that_is_not_seen(tmp_path: Path) -> None:
    """The list would have begun anywhere but where one wants to go on."""
    memory = memory_at(state_file(tmp_path))
    assert memory.next_lesson == FIRST
    memory.walked(THIRD, PLACE)
    assert memory.next_lesson == THIRD
    memory.finished(FIRST)
    memory.finished(THIRD)
    assert memory.next_lesson == SECOND
    for name in bundled_names():
        memory.finished(name)
    assert memory.next_lesson is None


@pytest.mark.parametrize(("name", "settled", "other"), [("language", "en", "zh"), ("theme", "dark", "light")])
def test_what_the_settings_say_need_not_be_remembered(name: str, settled: str, other: str, tmp_path: Path) -> None:
    """Who has pressed z twice would have had a language set for good."""
    path = state_file(tmp_path)
    memory = memory_of({"XDG_STATE_HOME": str(path.parents[1])}, settled={name: settled})
    memory.choose(name, other)
    memory.save()
    assert memory_at(path).known.choices == {name: other}
    memory.choose(name, settled)
    assert memory.known.choices == {}
    memory.save()
    assert memory_at(path).known.choices == {}


@pytest.mark.parametrize(
    "how", [{"no_state": True}, {"environ": {NO_STATE: "1"}}, {"environ": {"HOME": "/nonexistent"}}]
)
def test_nothing_is_written_or_recalled_where_that_is_not_wanted(how: dict[str, Any], tmp_path: Path) -> None:
    """A teacher's demonstration would have left its marks."""
    path = state_file(tmp_path, GOOD)
    before = path.read_bytes()
    environ = {"XDG_STATE_HOME": str(path.parents[1])} if how.get("environ", {}).get("HOME") is None else {}
    memory = memory_of(environ | how.get("environ", {}), no_state=how.get("no_state", False))
    assert memory.known == Recollection()
    used(memory)
    assert path.read_bytes() == before
    assert memory.known.seen == {SECOND}, "within the session, what was seen is seen"


def test_nothing_is_written_where_nothing_is_new(tmp_path: Path) -> None:
    """A look at the list would have made a folder."""
    path = state_file(tmp_path)
    memory_at(path).save()
    assert not path.parent.exists()


BROKEN = [
    b"{",
    b"\xff\xfe",
    b"null",
    b"[]",
    b"7",
    b'{"format": 1, "seen": [' + b"[" * 100_000,
    b'{"format": ' + b"9" * 10_000 + b"}",
    {},
    {"format": 2, "seen": [FIRST]},
    {"format": True},
    {"format": "1"},
    GOOD | {"seen": FIRST},
    GOOD | {"seen": [3]},
    GOOD | {"seen": [[FIRST]]},
    GOOD | {"places": [FIRST]},
    GOOD | {"places": {FIRST: "scores"}},
    GOOD | {"places": {FIRST: {}}},
    GOOD | {"places": {FIRST: {"step": 3}}},
    GOOD | {"places": {FIRST: {"step": "scores", "query": -1}}},
    GOOD | {"places": {FIRST: {"step": "scores", "query": 10**30}}},
    GOOD | {"places": {FIRST: {"step": "scores", "query": 1.5}}},
    GOOD | {"places": {FIRST: {"step": "scores", "query": True}}},
    GOOD | {"places": {FIRST: {"step": "scores", "other": 1}}},
    GOOD | {"last": 3},
    GOOD | {"language": None},
    GOOD | {"theme": 1},
    b" " * (1 << 20) + b"{}",
]


@pytest.mark.sampled(9)
@pytest.mark.parametrize("said", BROKEN)
def test_a_file_that_is_not_understood_stays_as_it_is(said: Any, tmp_path: Path) -> None:
    """A traceback would have come in place of the lesson; or what a later version remembers would have been lost."""
    path = state_file(tmp_path, said)
    before = path.read_bytes()
    memory = memory_at(path)
    assert memory.is_foreign
    assert memory.known == Recollection()
    used(memory)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == ["state.json"]


def test_a_file_that_a_later_version_has_written_meanwhile_stays_as_it_is(tmp_path: Path) -> None:
    """The session that ends last would have thrown away what it cannot read."""
    path = state_file(tmp_path, GOOD)
    memory = memory_at(path)
    path.write_text('{"format": 2}', encoding="utf-8")
    used(memory)
    assert path.read_text(encoding="utf-8") == '{"format": 2}'


@pytest.mark.parametrize("said", [b"", b" \n"])
def test_an_emptied_file_is_begun_anew(said: bytes, tmp_path: Path) -> None:
    """Who empties the file would never have had anything remembered again."""
    path = state_file(tmp_path, said)
    used(memory_at(path))
    assert memory_at(path).known.seen == {SECOND}


def test_what_names_no_lesson_no_language_and_no_theme_is_left_out(tmp_path: Path) -> None:
    """Whatever somebody wrote into the file would have been on the screen."""
    odd: dict[str, Any] = {"seen": ["\x1b[2J", FIRST], "places": {"../x": {"step": "\x1b"}}, "last": "[/red]"}
    odd |= {"language": "xx", "theme": "auto", "x": 1}
    assert read_remembered(json.dumps(GOOD | odd).encode()) == Recollection(frozenset({FIRST}))


ANYTHING = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.floats() | strategies.text(),
    lambda inner: strategies.lists(inner, max_size=3) | strategies.dictionaries(strategies.text(), inner, max_size=3),
    max_leaves=6,
)


@given(strategies.sampled_from(("format", "seen", "places", "last", "language", "theme")), ANYTHING)
def test_any_file_is_read_or_refused(name: str, value: Any) -> None:
    """Some file would have been a traceback."""
    known = read_remembered(json.dumps(GOOD | {name: value}).encode())
    if known is not None:
        assert read_remembered(written_remembered(known)) == known


@given(strategies.binary(max_size=40))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Some damage of a disk would have been a traceback."""
    read_remembered(data)


def a_file_in_the_way(folder: Path) -> None:
    """The folder's name is taken."""
    folder.write_text("mine", encoding="utf-8")


def a_link_to_a_device(folder: Path) -> None:
    """As some make it who want nothing to be remembered. A pipe stands for /dev/null, which root could replace."""
    folder.mkdir()
    os.mkfifo(folder / "device")
    (folder / "state.json").symlink_to(folder / "device")


def a_broken_link(folder: Path) -> None:
    """A link to a folder that is gone."""
    folder.mkdir()
    (folder / "state.json").symlink_to(folder / "gone" / "state.json")


def a_pipe(folder: Path) -> None:
    """Nobody will ever write into it."""
    folder.mkdir()
    os.mkfifo(folder / "state.json")


def a_folder(folder: Path) -> None:
    """In the file's place."""
    (folder / "state.json").mkdir(parents=True)


def read_only(folder: Path) -> None:
    """Nobody but root can write there."""
    folder.mkdir(mode=0o500)


def kinds(folder: Path) -> dict[str, int]:
    """What there is in and under that name, and whether it is a file, a link, a pipe …"""
    return {str(path): path.lstat().st_mode for path in (folder, *(folder.iterdir() if folder.is_dir() else ()))}


@pytest.mark.parametrize("make", [a_file_in_the_way, a_link_to_a_device, a_broken_link, a_pipe, a_folder, read_only])
def test_where_nothing_can_be_written_nothing_is_remembered_and_nothing_is_said(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    """On a read-only home the end of a lesson would have been a traceback; a pipe would have stopped everything."""
    folder = tmp_path / "state" / "qkvtui"
    folder.parent.mkdir()
    make(folder)
    before = kinds(folder)
    memory = memory_at(folder / "state.json")
    used(memory)
    assert not memory.is_foreign
    if make is not read_only or os.geteuid() != 0:
        assert kinds(folder) == before


def test_a_folder_that_not_even_root_can_write_to_is_no_error() -> None:
    """A home in a place of its own kind would have been a traceback."""
    used(memory_of({"XDG_STATE_HOME": "/proc"}))
    used(memory_of({"HOME": "/proc"}))


def test_a_full_disk_leaves_the_file_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that was seen would have been lost with the last byte of the disk."""
    path = state_file(tmp_path, GOOD)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    used(memory_at(path))
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == ["state.json"]


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    """Who keeps the file elsewhere would have had two of them from then on."""
    path = state_file(tmp_path, GOOD)
    kept = tmp_path / "kept.json"
    path.rename(kept)
    path.symlink_to(kept)
    used(memory_at(path))
    assert path.is_symlink()
    assert memory_at(kept.parent / "state" / "qkvtui" / "state.json").known.seen == {FIRST, SECOND}


def test_two_sessions_know_what_both_have_seen(tmp_path: Path) -> None:
    """The session that ends last would have forgotten for the other."""
    path = state_file(tmp_path, GOOD)
    one, other = memory_at(path), memory_at(path)
    one.finished(SECOND)
    other.finished(THIRD)
    other.walked(FIRST, PLACE)
    one.save()
    other.save()
    assert memory_at(path).known.seen == {FIRST, SECOND, THIRD}


WRITER = """
import os, sys
from qkvtui.memory.state import memory_of
for name in sys.argv[1:]:
    memory_of(os.environ).finished(name)
"""


def test_many_sessions_at_once_lose_nothing(tmp_path: Path) -> None:
    """A class on one account would have broken its file, or some would have lost what they had seen."""
    path = state_file(tmp_path)
    names = bundled_names()[:24]
    environ = environment(XDG_STATE_HOME=str(path.parents[1]))
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, *names[at::4]], env=environ, cwd=REPOSITORY) for at in range(4)
    ]
    assert [writer.wait(60) for writer in writers] == [0] * 4
    assert memory_at(path).known.seen == set(names)
    assert os.listdir(path.parent) == ["state.json"]
