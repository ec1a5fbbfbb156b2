"""The READMEs say what the program does, in every language the same."""

from __future__ import annotations

import os
import shlex
from contextlib import chdir
from itertools import takewhile
from pathlib import Path

import html5lib
import pytest

from qkvtui.arguments import sentences_joined
from qkvtui.parsers import PARSERS
from qkvtui.tui.actions import ACTIONS
from qkvtui.tui.learning_actions import LEARNING_ACTIONS
from tests.cli.program import run
from tests.house.modules import imports, room_of
from tests.package.readmes import FIRST, OTHERS, ROOT, Readme, quoted, read

KEYS, LEARNING_KEYS, OPTIONS, VARIABLES = range(4)
"""The tables in their order."""


@pytest.fixture(params=[FIRST, *OTHERS])
def readme(request: pytest.FixtureRequest) -> Readme:
    """Each of them."""
    return read(request.param)


def options_of(command: str) -> set[str]:
    """The options of a command."""
    return set(PARSERS[command]().options) - {"-h"}


def calls(readme: Readme) -> list[list[str]]:
    """The arguments of every `qkvtui` in the shell blocks."""
    found = []
    for line in readme.shell:
        words = shlex.split(line)
        for start, word in enumerate(words):
            if word.rpartition("/")[2] == "qkvtui":
                found.append(list(takewhile(lambda word: word not in (">", "&&"), words[start + 1 :])))
    return found


def leads_to(link: str, language: str) -> str:
    """The file that a link leads to, as it is called in every language."""
    return link.partition("#")[0].replace(f".{language}.", ".")


def applies_to(commands: str) -> set[str]:
    """The commands that a row of the table of options is about; "" is the application."""
    if commands in ("all", "全部"):
        return set(PARSERS)
    return {"" for word in ("application", "应用界面") if word in commands} | set(quoted(commands))


@pytest.mark.parametrize("language", OTHERS)
def test_all_have_the_same_sections_and_commands(language: str) -> None:
    """Readers of one language would have been told less, or something old."""
    first, other = read(FIRST), read(language)
    assert other.headings == first.headings
    assert other.shell == first.shell
    assert other.folders == first.folders
    assert other.layers == first.layers
    assert [leads_to(link, language) for link in other.links[len(OTHERS) :]] == [
        leads_to(link, FIRST) for link in first.links[len(OTHERS) :]
    ]


@pytest.mark.parametrize("language", OTHERS)
def test_all_have_the_same_tables(language: str) -> None:
    """A key, an option or a variable would have been known to readers of one language only."""
    first, other = read(FIRST).tables, read(language).tables
    assert [[quoted(row[0]) for row in table] for table in other] == [
        [quoted(row[0]) for row in table] for table in first
    ]
    assert [quoted(row[1]) for row in other[OPTIONS]] == [quoted(row[1]) for row in first[OPTIONS]]


def test_every_command_line_is_understood(readme: Readme) -> None:
    """A command that a newcomer copies would have been refused."""
    for arguments in calls(readme):
        name = arguments[0] if arguments and arguments[0] in PARSERS else ""
        parser = PARSERS[name]()
        rest = arguments[1:] if name else arguments
        reads = name in ("", "print", "why", "check", "patch", "serve")
        parser.parse_args(sentences_joined(rest, parser.options, least=1 + (name == "why")) if reads else rest)


def test_every_command_is_shown(readme: Readme) -> None:
    """A command would have been left for its readers to find out."""
    shown = {arguments[0] if arguments and arguments[0] in PARSERS else "" for arguments in calls(readme)}
    assert shown == set(PARSERS)


def test_the_options_are_those_of_the_commands(readme: Readme) -> None:
    """A reader would have tried an option that a command does not have, or never learned of one."""
    told: dict[str, set[str]] = {command: set() for command in PARSERS}
    for option, commands, _ in readme.tables[OPTIONS]:
        names = {name.split()[0] for name in quoted(option)}
        for command in applies_to(commands):
            told[command] |= names
    assert told == {command: options_of(command) for command in PARSERS}


def test_the_keys_are_those_of_the_application(readme: Readme) -> None:
    """A key would have done nothing, or something else, or nobody would have known of it."""
    for table, actions in ((KEYS, ACTIONS), (LEARNING_KEYS, LEARNING_ACTIONS)):
        told = [key for row in readme.tables[table] for key in quoted(row[0])]
        assert sorted(told) == sorted(key for action in actions for key in action.shown.split() if key != "…")


def test_the_map_has_every_folder_and_nothing_that_is_not_there(readme: Readme) -> None:
    """A developer would have looked for a folder in vain."""
    packages = {f"qkvtui/{file.parent.name}/" for file in (ROOT / "qkvtui").glob("*/__init__.py")}
    modules = {f"qkvtui/{file.name}" for file in (ROOT / "qkvtui").glob("*.py") if not file.name.startswith("__")}
    assert {path for path in readme.folders if path.startswith("qkvtui/")} == packages | modules
    assert [path for path in readme.folders if not (ROOT / path).exists()] == []


def test_imports_go_the_way_the_page_says(readme: Readme) -> None:
    """A developer would have trusted an order that does not hold."""
    rank = {name: place for place, layer in enumerate(readme.layers) for name in layer}
    wrong = [
        f"{module} imports {other}"
        for module, others in imports().items()
        for other in others
        if not (room_of(module).startswith("__") or room_of(other).startswith("__"))
        if room_of(module) != room_of(other) and rank[room_of(other)] >= rank[room_of(module)]
    ]
    assert wrong == []


def test_every_link_leads_somewhere(readme: Readme) -> None:
    """A reader would have met a page that is not there."""
    files = [link.partition("#")[0] for link in readme.links if not link.startswith("http")]
    assert [file for file in files if not (ROOT / file).is_file()] == []
    for link in readme.links:
        file, _, section = link.partition("#")
        if section:
            headings = (ROOT / file).read_text(encoding="utf-8").lower()
            assert f"## {section.replace('-', ' ')}\n" in headings


def test_every_module_that_is_run_is_there(readme: Readme) -> None:
    """A developer would have been told to run what does not exist."""
    modules = [line.split(" -m ")[1].split()[0] for line in readme.shell if "python -m tests." in line]
    paths = [ROOT / module.replace(".", "/") for module in modules]
    assert len(paths) >= 3
    assert [path for path in paths if not (path.with_suffix(".py").is_file() or (path / "__main__.py").is_file())] == []


def test_the_two_commands_start_from_nothing(readme: Readme) -> None:
    """A newcomer would have needed something that the page does not tell; `.ci/run` runs both."""
    for name in ("main job", "tests"):
        assert readme.marked(name).startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.mark.sampled(1)
def test_a_page_comes_of_the_numbers_with_the_commands_that_say_so(readme: Readme, tmp_path: Path) -> None:
    """An author copied the file and the four commands, and one of them failed, or made no page."""
    (file,) = (text for text in readme.blocks("toml") if text.startswith("format = 1\n"))
    assert file == (ROOT / "tests" / "golden" / "mine.toml").read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(file, encoding="utf-8")
    for line in readme.marked("page").splitlines():
        with chdir(tmp_path):
            ended = run(*shlex.split(line)[1:])
        assert (ended.status, ended.messages) == (0, ""), line
    html5lib.HTMLParser(strict=True).parse((tmp_path / "page.html").read_text(encoding="utf-8"))
    assert (tmp_path / "weights.svg").read_text(encoding="utf-8").startswith("<svg")
    assert "\\begin{document}" in (tmp_path / "mine.tex").read_text(encoding="utf-8")


@pytest.mark.sampled(1)
def test_the_lines_of_python_run(readme: Readme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader would have copied lines that do not work."""
    monkeypatch.chdir(tmp_path)
    blocks = [block for block in readme.blocks("python") if "import qkvtui\n" in block and "import torch" not in block]
    assert len(blocks) == 2
    for block in blocks:
        exec(block, {})
    assert (tmp_path / "mine.toml").exists()
