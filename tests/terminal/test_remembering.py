"""What one session in a real terminal leaves for the next."""

from __future__ import annotations

import json
import os
import re
import signal
from pathlib import Path

import pytest

from .driver import COLOURS, END, ENTER, INTERRUPT, QKVTUI, RIGHT, Terminal, clean_environment


def session(home: Path, *arguments: str, **variables: str) -> Terminal:
    """The application in this home folder."""
    environment = clean_environment(HOME=str(home), XDG_CONFIG_HOME="", XDG_STATE_HOME="", **variables)
    return Terminal((*QKVTUI, *arguments), environment=environment)


def at_last_step(terminal: Terminal) -> bool:
    """Whether the lesson is at its end."""
    return re.search(r"step (\d+) of \1 ", terminal.text) is not None


def remembered(home: Path) -> dict[str, object]:
    """What is in the file."""
    found = json.loads((home / ".local" / "state" / "qkvtui" / "state.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.mark.slow
def test_the_next_session_goes_on_where_this_one_has_ended(tmp_path: Path) -> None:
    """Every evening would have begun at the first lesson's first step, in the language of the machine."""
    with session(tmp_path, "similar") as terminal:
        terminal.wait("step 1 of")
        terminal.press(END)
        terminal.wait(at_last_step)
        terminal.press("z")
        terminal.wait("步 · ")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert remembered(tmp_path)["seen"] == ["similar"]
    with session(tmp_path, "journey") as terminal:
        terminal.wait("第 1/")
        terminal.press(RIGHT, RIGHT)
        terminal.wait("第 3/")
        terminal.press(INTERRUPT)
        assert terminal.wait_for_end() == 130
    with session(tmp_path) as terminal:
        terminal.wait("✓ similar ")
        terminal.press(ENTER)
        terminal.wait("上次停在第 3/")
        terminal.press("g", ENTER)
        terminal.wait(" 第 3/")


@pytest.mark.slow
def test_colours_are_chosen_once_and_a_flag_overrules_them(tmp_path: Path) -> None:
    """On a light terminal that does not say so one would have pressed T every evening, yellow on white before it."""
    query, light, dark = "animal#weights[it,animal]", b"38;5;94m", b"33m"
    with session(tmp_path, query) as terminal:
        terminal.wait("[0.26]")
        terminal.press("T")
        terminal.wait("colours: light")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert remembered(tmp_path)["theme"] == "light"
    for options, shown, other in (((), light, dark), (("--theme", "dark"), dark, light)):
        with session(tmp_path, query, *options) as terminal:
            terminal.wait("[0.26]")
            terminal.wait_until_quiet()
            assert shown in terminal.output
            assert other not in terminal.output


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_place_outlives_a_session_that_is_ended_by_others(number: int, tmp_path: Path) -> None:
    """After a lost connection one would have had to look for the place."""
    with session(tmp_path, "animal") as terminal:
        terminal.wait("step 1 of")
        terminal.press(RIGHT, RIGHT)
        terminal.wait("step 3 of")
        terminal.signal(number)
        terminal.wait_for_end()
    assert remembered(tmp_path)["places"]["animal"]["step"] == "keys"  # type: ignore[index]


@pytest.mark.slow
@pytest.mark.parametrize("how", ["option", "variable", "unwritable"])
def test_a_session_that_is_to_leave_nothing_leaves_nothing(how: str, tmp_path: Path) -> None:
    """A demonstration would have left its marks; a read-only home would have been a traceback over the terminal."""
    options = ("animal", "--no-state") if how == "option" else ("animal",)
    variables = {"QKVTUI_NO_STATE": "1"} if how == "variable" else {}
    if how == "unwritable":
        (tmp_path / ".local").write_text("", encoding="utf-8")
    with session(tmp_path, *options, **variables) as terminal:
        terminal.wait("step 1 of")
        terminal.press(END)
        terminal.wait(at_last_step)
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert "Error" not in terminal.text
    assert os.listdir(tmp_path) == ([".local"] if how == "unwritable" else [])


@pytest.mark.slow
def test_colours_can_be_switched_off_in_the_file(tmp_path: Path) -> None:
    """The file's `color` would have held for print mode only; or NO_COLOR could not have been overruled by a flag."""
    path = tmp_path / ".config" / "qkvtui" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('color = "never"\n', encoding="utf-8")
    for options, coloured in ((("animal",), False), (("animal", "--color", "always"), True)):
        with session(tmp_path, *options) as terminal:
            terminal.wait("step 1 of")
            terminal.wait_until_quiet()
            assert bool(COLOURS.findall(terminal.output)) is coloured


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("flags", "mark"), [({}, "✓"), ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "v")]
)
def test_the_list_on_a_terminal_marks_what_was_seen(flags: dict[str, str], mark: str, tmp_path: Path) -> None:
    """One would have had to open the application to know what is left."""
    path = tmp_path / ".local" / "state" / "qkvtui" / "state.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"format": 1, "seen": ["scaling"]}', encoding="utf-8")
    with session(tmp_path, "list", **flags) as terminal:
        assert terminal.wait_for_end() == 0
        marked = [
            line.split()[:2] for line in terminal.output.decode().splitlines() if line.lstrip().startswith(mark + " ")
        ]
    assert marked == [[mark, "scaling"]]
    with session(tmp_path, "list", QKVTUI_NO_STATE="1") as terminal:
        assert terminal.wait_for_end() == 0
        assert "✓" not in terminal.output.decode()
