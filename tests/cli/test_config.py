"""`qkvtui config`: what holds and why, where the files are, what is remembered; and who writes what."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qkvtui.memory.unwritten import KeptChanges, UnwrittenChanges
from tests.cli.program import run, spawn


def home(tmp_path: Path, **files: str) -> dict[str, str]:
    """A home folder with these files in it."""
    folders = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_STATE_HOME": str(tmp_path / "state")}
    for name, text in files.items():
        path = tmp_path / name / "qkvtui" / {"config": "config.toml", "state": "state.json"}[name]
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return folders


def tree(folder: Path) -> dict[str, bytes | None]:
    """Everything in a folder, with what it holds."""
    return {str(path): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def test_each_setting_is_shown_with_what_it_comes_from(tmp_path: Path) -> None:
    """Nobody could have told why the page looks as it does."""
    environ = home(tmp_path, config='# mine\nlanguage = "zh"\nascii = true\n')
    ended = run("config", "--digits", "4", environ=environ | {"NO_COLOR": "1", "LC_ALL": "en_US.UTF-8"})
    assert ended.messages == ""
    assert ended.output.splitlines()[:6] == [
        "language   en            the variable LC_ALL",
        "color      never         the variable NO_COLOR",
        "theme      auto          by default",
        "digits     4             on the command line: --digits",
        "ascii      true          the file below, line 3",
        "tokens_as  rows          by default",
    ]


def test_it_is_said_in_the_readers_language(tmp_path: Path) -> None:
    """A Chinese reader would have been told in English how to have Chinese."""
    environ = home(tmp_path, config='language = "zh"\n', state='{"format": 1, "seen": ["animal"], "last": "journey"}')
    of_file, of_flag = run("config", environ=environ), run("config", "--lang", "zh", environ=environ)
    assert of_file.output.splitlines()[0] == "language   zh            来自下面的配置文件，第 1 行"
    assert of_flag.output.splitlines()[1:] == of_file.output.splitlines()[1:]
    assert "课里已学完 1 课；上次打开的是 journey" in of_file.output


@pytest.mark.parametrize(
    ("files", "environ", "said"),
    [
        ({}, {}, ["is not there", "is not there"]),
        ({"config": ""}, {}, ["is there", "is not there"]),
        ({"state": '{"format": 1, "seen": ["animal", "ties"]}'}, {}, ["is not there", "2 of "]),
        ({"state": "{"}, {}, ["is not there", "broken, or of a later version; qkvtui config --forget deletes it"]),
        ({"state": "{}"}, {"QKVTUI_NO_STATE": "1"}, ["is not there", "because QKVTUI_NO_STATE is set"]),
    ],
)
def test_the_files_are_named_with_what_there_is_to_say_of_them(
    files: dict[str, str], environ: dict[str, str], said: list[str], tmp_path: Path
) -> None:
    """One would have written the file somewhere else, or wondered why nothing is remembered."""
    shown = run("config", environ=home(tmp_path, **files) | environ).output
    paths = (tmp_path / "config" / "qkvtui" / "config.toml", tmp_path / "state" / "qkvtui" / "state.json")
    for name, what in zip(paths, said, strict=True):
        assert what in shown.partition(f"  {name}\n  ")[2].splitlines()[0]


def test_without_a_home_there_are_no_files() -> None:
    """A service without a home folder would have been a traceback."""
    ended = run("config", environ={"HOME": "", "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": ""})
    assert "no file of settings" in ended.output
    assert "nothing is remembered" in ended.output
    assert run("config", "--forget", environ={"HOME": "", "XDG_STATE_HOME": ""}).status == 0


def test_what_the_keys_z_and_t_chose_is_shown_as_the_applications(tmp_path: Path) -> None:
    """The application would have spoken another language than `config` says, and nobody could have told why."""
    environ = home(tmp_path, state='{"format": 1, "language": "zh", "theme": "light"}')
    lines = run("config", environ=environ).output.splitlines()
    assert lines[:2] == [
        "language   en            the variable LANG",
        "           zh            in the application, where z has chosen it",
    ]
    at = next(index for index, line in enumerate(lines) if line.startswith("theme "))
    assert lines[at + 1] == "           light         in the application, where T has chosen it"
    of_flags = run("config", "--lang", "en", "--theme", "dark", environ=environ).output
    assert "in the application" not in of_flags


@pytest.mark.parametrize("state", ['{"format": 1, "seen": ["animal"]}', "{", '{"format": 2}'])
def test_what_is_remembered_can_be_forgotten(state: str, tmp_path: Path) -> None:
    """A broken file would have been in the way for ever."""
    environ = home(tmp_path, state=state)
    path = tmp_path / "state" / "qkvtui" / "state.json"
    assert run("config", "--forget", environ=environ).output == f"forgotten: {path}\n"
    assert not path.exists()
    assert run("config", "--forget", environ=environ).output == f"nothing was remembered: there is no {path}\n"


def test_changes_that_were_not_written_are_counted_and_can_be_forgotten(tmp_path: Path) -> None:
    """Nobody would have known that they are there, and `--forget` would have left them."""
    environ = home(tmp_path, state='{"format": 1}')
    kept = UnwrittenChanges(str(tmp_path / "state" / "qkvtui" / "unwritten"))
    kept.keep(KeptChanges("/a.toml", "", 1.0, 1, []))
    kept.keep(KeptChanges("/b.toml", "", 1.0, 1, []))
    assert "changes that were not written: of 2 sessions" in run("config", environ=environ).output
    assert "没有保存的改动：2 次" in run("config", "--lang", "zh", environ=environ).output
    assert run("config", "--forget", environ=environ).status == 0
    assert kept.count == 0
    assert "not written" not in run("config", environ=environ).output


def test_what_cannot_be_forgotten_is_told(tmp_path: Path) -> None:
    """Somebody would have believed that it is gone."""
    (tmp_path / "state" / "qkvtui" / "state.json").mkdir(parents=True)
    ended = run("config", "--forget", environ=home(tmp_path))
    assert ended.status == 2
    assert "cannot be deleted (is a directory)" in ended.messages


COMMANDS = [
    ("--help",),
    ("--version",),
    ("list",),
    ("config",),
    ("print", "animal"),
    ("print", "animal", "--blank", "all", "--format", "csv"),
    ("why", "animal", "scores[it,animal]"),
    ("check", "animal", "journey"),
    ("learn", "animal-learn", "--steps", "2"),
    ("animal",),
]
"""The last one has no terminal to draw on."""


@pytest.mark.sampled(1)
@pytest.mark.parametrize("arguments", COMMANDS)
@pytest.mark.parametrize("state", [None, '{"format": 1, "seen": ["animal"], "language": "zh"}', "{"])
def test_no_command_writes_anything_or_speaks_otherwise_for_what_is_remembered(
    arguments: tuple[str, ...], state: str | None, tmp_path: Path
) -> None:
    """A script would have left files in the home folder, or printed something else after a lesson than before."""
    environ = home(tmp_path, **({} if state is None else {"state": state}))
    before = tree(tmp_path)
    found = run(*arguments, environ=environ | {"HOME": str(tmp_path)})
    assert tree(tmp_path) == before
    if arguments != ("config",):
        assert found == run(*arguments)


@pytest.mark.slow
def test_a_process_of_its_own_writes_nothing_either(tmp_path: Path) -> None:
    """What is written at the very end of the program would have been overlooked."""
    environ = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": ""}
    assert spawn("print", "animal", environ=environ).returncode == 0
    assert os.listdir(tmp_path) == []
