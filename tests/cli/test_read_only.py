"""`--read-only` on a command line, and the variable that says the same."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from qkvtui.files.restricted import restrict

from .program import REPOSITORY, run

LESSON = (REPOSITORY / "examples" / "animal.toml").read_text(encoding="utf-8")
NOTHING_WRITTEN = "this session is read-only, and nothing is written\n"
WRITERS = (
    ("print", "animal", "-o", "x.txt"),
    ("print", "animal", "--format", "schema", "-o", "x.json"),
    ("why", "animal", "weights[it,animal]", "-o", "x.txt"),
    ("check", "animal", "-o", "x.txt"),
    ("learn", "animal-learn", "-o", "x.toml"),
    ("patch", "how-tired-gets-in", "-o", "x.txt"),
    ("new", "it was tired", "-o", "x.toml"),
    ("capture", "--from", "qkv.npz", "--tokens", "a b", "-o", "x.toml"),
    ("grade", "animal", "answers.csv", "--blank", "all", "-o", "x.csv"),
    ("config", "--forget"),
)
OPENERS = (
    ("print", "{}"),
    ("why", "{}", "weights[0,0]"),
    ("check", "animal", "--blank", "all", "--answers", "{}"),
    ("learn", "{}"),
    ("patch", "{}"),
    ("capture", "{}", "a b", "--list"),
    ("print", "{}#scores"),
    ("{}",),
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current folder, and afterwards a session that may do everything."""
    folder = tmp_path / "class"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "mine.toml").write_text(LESSON, encoding="utf-8")
    (tmp_path / "other.toml").write_text(LESSON, encoding="utf-8")
    yield folder
    restrict(())


@pytest.mark.sampled(7)
@pytest.mark.parametrize("words", WRITERS, ids=" ".join)
@pytest.mark.parametrize("how", ["option", "variable"])
def test_nothing_is_written(words: tuple[str, ...], how: str, folder: Path) -> None:
    """A student would have filled the disk of the teacher, or replaced the lesson."""
    option = ("--read-only",) if how == "option" else ()
    ended = run(*words, *option, environ={"QKVTUI_READ_ONLY": "1"} if how == "variable" else {})
    assert (ended.status, ended.output) == (2, "")
    assert ended.messages.endswith(NOTHING_WRITTEN)
    assert [one.name for one in folder.iterdir()] == ["mine.toml"]


@pytest.mark.parametrize("words", OPENERS, ids=" ".join)
def test_nothing_is_opened_beyond_the_folder(words: tuple[str, ...], folder: Path) -> None:
    """A student would have read files of the account, by what is said to be wrong in them."""
    other = str(folder.parent / "other.toml")
    ended = run(*(word.format(other) for word in words), "--read-only")
    assert (ended.status, ended.output) == (2, "")
    assert f"opens only what is in {os.path.realpath(folder)}" in ended.messages


def test_lessons_are_opened_as_ever(folder: Path) -> None:
    """The account for the class could have shown nothing."""
    free = run("print", "animal", "--step", "weights")
    for words in (("animal",), ("mine.toml",), (str(folder / "mine.toml"),)):
        assert run("--read-only", "print", *words, "--step", "weights").output == free.output


def test_another_folder_can_be_named(folder: Path) -> None:
    """The lessons of a class do not lie where its students come in."""
    there = folder.parent / "lessons"
    there.mkdir()
    (there / "yours.toml").write_text(LESSON, encoding="utf-8")
    for words, environ in (
        (("--read-only", "--folder", str(there)), {}),
        ((), {"QKVTUI_READ_ONLY": str(there)}),
    ):
        assert run("print", there / "yours.toml", *words, environ=environ).status == 0
        assert run("print", "mine.toml", *words, environ=environ).status == 2


def test_an_option_frees_from_no_variable(folder: Path) -> None:
    """Who may add options would have opened the whole disk with `--folder /`."""
    ended = run("print", "animal", "--folder", "/", environ={"QKVTUI_READ_ONLY": str(folder)})
    assert (ended.status, "read-only" in ended.messages) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--folder", "."), "--folder goes with --read-only"),
        (("--read-only", "--folder", "nowhere"), "--folder nowhere: there is no such folder"),
    ],
    ids=["alone", "nowhere"],
)
def test_a_folder_that_means_nothing_is_refused(words: tuple[str, ...], said: str) -> None:
    """A teacher who mistypes the line would believe the account to be shut."""
    ended = run("print", "animal", *words)
    assert (ended.status, ended.messages) == (2, f"qkvtui: {said}\n")


def test_the_next_command_line_of_a_process_is_free_again(folder: Path) -> None:
    """A program that calls it twice would have been locked out of its own files."""
    assert run("--read-only", "print", "animal").status == 0
    assert run("print", "animal", "-o", "x.txt").status == 0
