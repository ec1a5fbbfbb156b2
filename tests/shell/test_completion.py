"""What may stand at the cursor of a command line that is being typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qkvtui.files.find import bundled_names
from qkvtui.parsers import PARSERS
from qkvtui.shell.completion import COMPLETERS
from tests.cli.program import REPOSITORY, environment, run
from tests.written import as_file, as_toml

WITHOUT_COMPLETION = {"N", "N|all", "T", "R", "WORDS", "SENTENCE", "TEXT", "PORT", "NAME"}
"""Numbers and words that nobody but the user knows."""


OWN_FILES = "\tfiles"
"""Tells the shell to offer its own files too."""


def offered(line: str, *behind: str, **environ: str) -> list[str]:
    """What is offered at the end of a command line, with `behind` after the cursor."""
    words = line.split(" ")[1:]
    ended = run("--complete", str(len(words) - 1), *words, *behind, environ=environ)
    assert (ended.status, ended.messages) == (0, "")
    return [one.partition("\t")[0] for one in ended.output.splitlines() if one != OWN_FILES]


@pytest.mark.sampled(10)
@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("qkvtui pri", ["print"]),
        ("qkvtui print --sto", ["--stops"]),
        ("qkvtui print animal --format j", ["json"]),
        ("qkvtui print animal --format=j", ["--format=json"]),
        ("qkvtui --lang zh pri", ["print"]),
        ("qkvtui --lang zh print --que", ["--query", "--questions"]),
        ("qkvtui print anim", ["animal-sentence", "animal-learn", "animal"]),
        ("qkvtui print animal --step wei", ["weights"]),
        ("qkvtui print animal --step scores,s", ["scores,scaled", "scores,summary", "scores,source"]),
        ("qkvtui print two-heads --step hea", ["heads"]),
        ("qkvtui print animal --step hea", []),
        ("qkvtui print animal --query t", ["tired"]),
        ("qkvtui print xiaohong --query 小", ["小明", "小红"]),
        ("qkvtui print animal --head ", ["0", "all"]),
        ("qkvtui animal --head ", ["0"]),
        ("qkvtui print animal --blank a", ["alternate", "all"]),
        ("qkvtui print animal --scale n", ["none"]),
        ("qkvtui why animal wei", ["weights["]),
        ("qkvtui why animal weights[i", ["weights[it,"]),
        ("qkvtui why animal weights[it,a", ["weights[it,animal]"]),
        ("qkvtui print animal#sco", ["animal#scores["]),
        ("qkvtui print animal --set W_Q[0,", ["W_Q[0,0]=", "W_Q[0,1]="]),
        ("qkvtui learn it-learn --optimizer m", ["momentum"]),
        ("qkvtui --print-completion ", ["bash", "zsh", "fish"]),
        ("qkvtui print animal --width ", []),
    ],
)
def test_what_fits_is_offered(line: str, wanted: list[str]) -> None:
    """A step, a token or an option would have had to be looked up, and typed letter by letter."""
    assert offered(line) == wanted


def test_commands_and_examples_are_offered_first() -> None:
    """Whoever presses Tab first would have been shown nothing of what there is."""
    found = offered("qkvtui ")
    assert found == [*(name for name in PARSERS if name), *bundled_names()]
    assert run("--complete", "0", "").output.endswith(f"\n{OWN_FILES}\n")


@pytest.mark.sampled(4)
@pytest.mark.parametrize("command", PARSERS)
def test_every_option_of_every_command_is_offered(command: str) -> None:
    """A new option would have had to be written into a second list."""
    options = {name for name in PARSERS[command]().options if name.startswith("--")}
    assert set(offered(f"qkvtui {command} --".replace("  ", " "))) == options


def test_whatever_stands_in_the_help_for_a_value_is_known_or_said_not_to_be() -> None:
    """A new kind of value would have been offered nothing, and nobody would have noticed."""
    there = {
        str(action.metavar)
        for make in PARSERS.values()
        for action in make()._actions
        if action.metavar is not None and action.choices is None
    }
    assert there <= set(COMPLETERS) | WITHOUT_COMPLETION


def test_the_example_may_stand_behind_the_cursor() -> None:
    """`print --query ⇥ animal` would have offered the words of another lesson, or none."""
    assert offered("qkvtui print --query a", "animal") == ["animal", "all"]


def test_what_is_offered_is_explained_in_the_readers_language() -> None:
    """A beginner with a Chinese locale would have chosen among English sentences."""
    chinese = run("--complete", "0", "pri", environ={"LC_ALL": "zh_CN.UTF-8"}).output
    assert chinese.splitlines()[0] == "print\t把讲解输出为文本，可用于脚本、讲义和管道"


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    """Only the bundled lessons would have been completed."""
    path = as_file("three_heads").save(tmp_path)
    assert offered(f"qkvtui print {path} --head ") == ["0", "1", "2", "all"]
    assert "heads" in offered(f"qkvtui print {path} --step ")


def test_what_could_steer_a_terminal_is_not_offered(tmp_path: Path) -> None:
    """A file from the web would have cleared the screen at a Tab; two equal tokens could not have been told apart."""
    path = tmp_path / "it.toml"
    tokens = ["the", "\x1b[2J", "the", "a\tb"]
    path.write_text(as_toml(as_file("plain").tables() | {"tokens": tokens}), encoding="utf-8")
    ended = run("--complete", "3", "print", path, "--query", "")
    assert "\x1b" not in ended.output
    assert [line.partition("\t")[0] for line in ended.output.splitlines()] == ["#0", "#1", "#2", "#3", "all"]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("x",),
        ("7", "print"),
        ("-3", "print"),
        ("3", "print", "no-such-file.toml", "--step", ""),
        ("3", "print", ".", "--query", ""),
        ("3", "print", "-", "--step", ""),
        ("2", "why", "animal", "soup["),
        ("2", "why", "README.md", "wei"),
        ("1", "print", "\udcff"),
    ],
    ids=str,
)
def test_nothing_is_said_that_would_stand_in_the_command_line(arguments: tuple[str, ...]) -> None:
    """A traceback, or a message, would have been written into what is being typed."""
    ended = run("--complete", *arguments)
    assert (ended.status, ended.messages) == (0, "")
    assert "Traceback" not in ended.output


@pytest.mark.sampled(2)
@pytest.mark.parametrize("line", ["0 pri", "1 print anim", "2 print animal --st", "3 print animal --query t"])
def test_no_numbers_are_loaded_where_none_are_needed(line: str) -> None:
    """Each Tab would have taken as long as a page."""
    code = "import sys; from qkvtui.__main__ import main; main(); print(*sys.modules, file=sys.stderr)"
    words = [sys.executable, "-c", code, "--complete", *line.split()]
    ended = subprocess.run(words, capture_output=True, encoding="utf-8", env=environment(), cwd=REPOSITORY, check=True)
    assert ended.stdout
    assert not {"numpy", "rich", "textual"} & set(ended.stderr.split())
