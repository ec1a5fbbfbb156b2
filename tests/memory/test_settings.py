"""What holds: flag, variable, file, what is usual; and what is said of a file that makes no sense."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from qkvtui.arguments import parse
from qkvtui.help_page import HelpLook
from qkvtui.memory.folders import config_path, state_path
from qkvtui.memory.settings import SETTINGS, held, user_config
from tests.cli.program import NO_HOME, run

FLAG, VARIABLE, FILE, BELOW, USUAL = "flag", "variable", "file", "below", "usual"
VALUES: dict[str, dict[str, Any]] = {
    "language": {
        FLAG: (["--lang", "zh"], "zh"),
        VARIABLE: ({"LC_ALL": "zh_CN.UTF-8"}, "zh"),
        FILE: ('"zh"', "zh"),
        BELOW: ({"LANG": "zh_TW.UTF-8"}, "zh"),
        USUAL: "en",
    },
    "color": {
        FLAG: (["--color", "never"], "never"),
        VARIABLE: ({"NO_COLOR": "1"}, "auto"),
        FILE: ('"always"', "always"),
        USUAL: "auto",
    },
    "theme": {
        FLAG: (["--theme", "light"], "light"),
        FILE: ('"high-contrast"', "high-contrast"),
        BELOW: ({"COLORFGBG": "0;15"}, "auto"),
        USUAL: "auto",
    },
    "digits": {FLAG: (["--digits", "3"], 3), FILE: ("4", 4), USUAL: 2},
    "ascii": {FLAG: (["--ascii"], True), FILE: ("true", True), USUAL: False},
    "tokens_as": {FLAG: (["--tokens-as", "columns"], "columns"), FILE: ('"columns"', "columns"), USUAL: "rows"},
    "notation": {FLAG: (["--notation", "lee"], "lee"), FILE: ('"lee"', "lee"), USUAL: "paper"},
}
"""Setting → how each source says it, and what then holds."""
CONTRARY: dict[tuple[str, str], Any] = {
    ("language", FLAG): ["--lang", "en"],
    ("language", VARIABLE): {"LC_MESSAGES": "en_US.UTF-8"},
    ("language", FILE): '"en"',
    ("language", BELOW): {"LANG": "en_US.UTF-8"},
    ("color", FLAG): ["--color", "auto"],
    ("color", VARIABLE): {"FORCE_COLOR": "1"},
    ("color", FILE): '"never"',
    ("theme", FLAG): ["--theme", "auto"],
    ("theme", FILE): '"dark"',
    ("theme", BELOW): {"COLORFGBG": "15;0"},
    ("digits", FLAG): ["--digits", "2"],
    ("digits", FILE): "7",
    ("ascii", FLAG): ["--no-ascii"],
    ("ascii", FILE): "false",
    ("tokens_as", FLAG): ["--tokens-as", "rows"],
    ("tokens_as", FILE): '"rows"',
    ("notation", FLAG): ["--notation", "paper"],
    ("notation", FILE): '"paper"',
}
"""How a weaker source says something else, and how a stronger one overrules it."""
PAIRS = [
    (name, strong, weak)
    for name, said in VALUES.items()
    for place, strong in enumerate(said)
    for weak in list(said)[place + 1 :]
    if strong != USUAL
]


def holds(name: str, *said: object, folder: Path) -> tuple[object, str]:
    """The value and its source for these arguments (a list), variables (a dictionary), and a line of the file."""
    arguments = [word for one in said if isinstance(one, list) for word in one]
    environ = {"XDG_CONFIG_HOME": str(folder)}
    for one in said:
        environ |= one if isinstance(one, dict) else {}
        if isinstance(one, str):
            written(folder, f"{name} = {one}\n")
    _, options = parse(["config", *arguments], HelpLook("en", 80))
    setting = next(one for one in SETTINGS if one.name == name)
    found = held(setting, options, environ, user_config(environ))
    return found.value, found.source


def written(folder: Path, text: str | bytes) -> Path:
    """The user's file with this text."""
    path = folder / "qkvtui" / "config.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.sampled(10)
@pytest.mark.parametrize(("name", "strong", "weak"), PAIRS)
def test_a_flag_beats_a_variable_beats_the_file_beats_what_is_usual(
    name: str, strong: str, weak: str, tmp_path: Path
) -> None:
    """Somebody would have set something, and something else would have held."""
    said, value = VALUES[name][strong]
    others = [CONTRARY[name, weak]] if weak != USUAL else []
    source = {FLAG: "flag", VARIABLE: "variable", FILE: "file", BELOW: "variable"}[strong]
    assert holds(name, said, *others, folder=tmp_path) == (value, source)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("name", "strong"), [one for one in CONTRARY if one[1] in (FLAG, VARIABLE)])
def test_what_is_stronger_also_overrules_back_to_what_is_usual(name: str, strong: str, tmp_path: Path) -> None:
    """A file that says `ascii = true` could not have been overruled for one page."""
    of_file = VALUES[name][FILE][0]
    assert holds(name, CONTRARY[name, strong], of_file, folder=tmp_path) == (VALUES[name][USUAL], strong)


@pytest.mark.parametrize("name", VALUES)
def test_without_a_word_what_is_usual_holds(name: str, tmp_path: Path) -> None:
    """A page would have looked otherwise than the manual shows it."""
    assert holds(name, folder=tmp_path) == (VALUES[name][USUAL], "default")


def test_every_setting_is_tried() -> None:
    """A new setting would have been free to ignore its flag."""
    assert [setting.name for setting in SETTINGS] == list(VALUES)


@pytest.mark.parametrize(
    ("environ", "config", "state"),
    [
        ({"HOME": "/"}, "/.config/qkvtui/config.toml", "/.local/state/qkvtui/state.json"),
        (
            {"HOME": "/", "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s"},
            "/c/qkvtui/config.toml",
            "/s/qkvtui/state.json",
        ),
        ({"HOME": "/", "XDG_CONFIG_HOME": "c", "XDG_STATE_HOME": ""}, "/.config/qkvtui/config.toml", None),
        ({"XDG_STATE_HOME": "/s"}, None, "/s/qkvtui/state.json"),
        ({"HOME": ""}, None, None),
        ({"HOME": "relative"}, None, None),
        ({"HOME": "/nonexistent"}, None, None),
        ({"HOME": "/dev/null"}, None, None),
        ({}, None, None),
    ],
)
def test_the_files_are_where_the_xdg_folders_are(
    environ: dict[str, str], config: str | None, state: str | None
) -> None:
    """The files of one's other programs would have been elsewhere, or a folder made where nobody lives."""
    assert config_path(environ) == config
    assert state_path(environ) == (state or (None if environ.get("HOME") != "/" else "/.local/state/qkvtui/state.json"))


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour = 'never'\n", 'line 1: there is no setting "colour"; did you mean color?'),
        (
            "\n[tables]\nx = 1\n",
            'line 2: there is no setting "tables"; there are language, color, theme, digits, ascii',
        ),
        ("digits = 16\n", "line 1: digits = 16: not used; digits may be 0 … 15"),
        ("digits = true\n", "line 1: digits = true: not used; digits may be 0 … 15"),
        ('# x\ndigits = "3"\n', 'line 2: digits = "3": not used; digits may be 0 … 15'),
        ("digits = 2.0\n", "line 1: digits = 2.0: not used"),
        ("ascii = 1\n", "line 1: ascii = 1: not used; ascii may be true, false"),
        ('color = "red"\n', 'line 1: color = "red": not used; color may be "auto", "always", "never"'),
        ('color = ["never"]\n', "line 1: color"),
        ('language = "zh_CN"\n', 'line 1: language = "zh_CN": not used; language may be "en", "zh"'),
        ("digits = \n", "not used: line 1, column 10: "),
        ("digits = 3\ndigits = 4\n", "not used: line 2, column 11: "),
        ("x = " + "[" * 5000, "not used: …: is nested too deeply"),
        (b"\xff\xfe\n", "not used: line 1: byte 0xFF is not UTF-8"),
        (b"#" + b"x" * (1 << 20), "not used: is larger than 1 MiB"),
        ('"\\u001b[2J" = 1\n', 'line ?: there is no setting "␛[2J"'),
    ],
)
def test_what_makes_no_sense_in_the_file_is_told_with_its_place_and_all_else_is_done(
    text: str | bytes, said: str, tmp_path: Path
) -> None:
    """A slip in the file would have been silent, a traceback, or the end of the lesson."""
    path = written(tmp_path, text)
    ended = run("print", "animal", "--step", "scores", environ={"XDG_CONFIG_HOME": str(tmp_path)})
    assert ended.status == 0
    assert ended.messages.startswith(f"qkvtui: {path}: {said}")
    assert ended.messages.count("\n") == 1
    assert "\x1b" not in ended.messages
    assert ended.output == run("print", "animal", "--step", "scores").output


@pytest.mark.parametrize("text", ["", "  \n", "# nothing yet\n", "\ufeff"])
def test_an_empty_file_says_nothing(text: str, tmp_path: Path) -> None:
    """Somebody who has just begun the file would have been told off for it."""
    written(tmp_path, text)
    assert run("list", environ={"XDG_CONFIG_HOME": str(tmp_path)}) == run("list")


def test_a_file_that_is_none_is_left_alone(tmp_path: Path) -> None:
    """A pipe would have been waited for, for ever; a folder would have been a traceback."""
    path = tmp_path / "qkvtui" / "config.toml"
    path.parent.mkdir()
    for make in (os.mkfifo, os.mkdir):
        make(path)
        assert run("list", environ={"XDG_CONFIG_HOME": str(tmp_path)}) == run("list")
        os.unlink(path) if make is os.mkfifo else path.rmdir()


def test_full_width_signs_in_the_file_are_read_as_what_they_mean(tmp_path: Path) -> None:
    """Somebody with a Chinese keyboard would have had to find the one comma that is not one."""
    written(tmp_path, "digits ＝ ３\n")
    ended = run("print", "animal", "--step", "scores", environ={"XDG_CONFIG_HOME": str(tmp_path)})
    assert ended == run("print", "animal", "--step", "scores", "--digits", "3")


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("arguments", "line", "flags"),
    [
        (("print", "animal", "--step", "scores"), "digits = 4", ("--digits", "4")),
        (("print", "animal", "--step", "scores"), "ascii = true", ("--ascii",)),
        (("print", "animal", "--step", "scores"), 'tokens_as = "columns"', ("--tokens-as", "columns")),
        (("print", "animal", "--step", "scores"), 'notation = "lee"', ("--notation", "lee")),
        (("print", "animal", "--step", "scores"), 'color = "always"', ("--color", "always")),
        (("print", "animal", "--step", "scores", "--color", "always"), 'theme = "light"', ("--theme", "light")),
        (("why", "animal", "scores[it,animal]"), "digits = 4", ("--digits", "4")),
        (("check", "animal"), 'language = "zh"', ("--lang", "zh")),
        (("learn", "animal-learn", "--steps", "2"), 'language = "zh"', ("--lang", "zh")),
        (("list",), 'language = "zh"', ("--lang", "zh")),
        (("print", "animal", "--blank", "all", "--format", "csv"), "digits = 3", ("--digits", "3")),
    ],
)
def test_a_command_does_what_the_file_says_as_if_it_had_been_given_the_flag(
    arguments: tuple[str, ...], line: str, flags: tuple[str, ...], tmp_path: Path
) -> None:
    """The file would have held for some commands only."""
    written(tmp_path, line + "\n")
    found = run(*arguments, environ={"XDG_CONFIG_HOME": str(tmp_path)})
    assert found == run(*arguments, *flags)
    assert found != run(*arguments)


def test_a_sheet_is_graded_by_its_own_digits_whatever_the_grader_has_set(tmp_path: Path) -> None:
    """A class would have lost points for what their teacher likes to see."""
    sheet = tmp_path / "sheet.csv"
    answers = run("print", "animal", "--blank", "all", "--key", "--format", "csv", "--digits", "4").output
    sheet.write_text(answers.replace('"weights[it,animal]",0.2565', '"weights[it,animal]",0.1'), encoding="utf-8")
    written(tmp_path, "digits = 7\n")
    found = run("check", "--answers", sheet, environ={"XDG_CONFIG_HOME": str(tmp_path)})
    assert found == run("check", "--answers", sheet)
    assert " 0.2565" in found.output


def test_tests_have_no_home() -> None:
    """Tests would have passed or failed by what the person who runs them has set."""
    assert {name: os.environ[name] for name in NO_HOME} == NO_HOME


@pytest.mark.parametrize(
    ("variables", "value", "at"),
    [
        ({"CLICOLOR": "0"}, "never", "CLICOLOR"),
        ({"CLICOLOR": "1"}, "always", "line 1"),
        ({"CLICOLOR_FORCE": "1"}, "always", "CLICOLOR_FORCE"),
        ({"CLICOLOR_FORCE": "0"}, "always", "line 1"),
        ({"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, "never", "NO_COLOR"),
    ],
)
def test_a_variable_that_says_nothing_of_colours_leaves_the_file_its_say(
    variables: dict[str, str], value: str, at: str, tmp_path: Path
) -> None:
    """CLICOLOR=1, which many systems set, would have undone what the user had written into the file."""
    path = tmp_path / "qkvtui" / "config.toml"
    path.parent.mkdir()
    path.write_text('color = "always"\n', encoding="utf-8")
    shown = run("config", environ={"XDG_CONFIG_HOME": str(tmp_path), **variables}).output
    (line,) = [line for line in shown.splitlines() if line.startswith("color")]
    assert line.split()[1] == value
    assert at in line
