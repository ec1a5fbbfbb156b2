"""Other terminals, no terminal, no colours, an example from a pipe, a hostile file."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.samples import each

from .driver import COLOURS, ESCAPE, PRISTINE, QKVTUI, RIGHT, ROOT, Terminal, clean_environment, qkvtui

HOSTILE = """format = 1
title = "\\u001b[2J\\u001b]0;owned\\u0007 [/red] [@click=app.quit]x[/]"
tokens = ["\\u001b[31mred", "\\u009b5n", "[/]", "a\\tb\\nc", "\\u202eabc", "漢字"]
[inputs]
Q = [[1, 2], [3, 4], [5, 6], [7, 8], [9, 1], [2, 2]]
K = [[1, 0], [0, 1], [1, 1], [2, 0], [0, 2], [1, 2]]
V = [[5, 6], [8, 9], [1, 1], [2, 2], [3, 3], [4, 4]]
"""


@pytest.mark.slow
def test_no_color() -> None:
    """NO_COLOR=1 keeps bold and reverse, and all the numbers, without a single colour."""
    with qkvtui("animal", NO_COLOR="1") as terminal:
        terminal.wait("step 1 of")
        terminal.press("7")
        terminal.wait("step 7 of")
        terminal.press("?")
        terminal.wait("The keyboard")
        terminal.wait_until_quiet()
        assert COLOURS.findall(terminal.output) == []
        assert b"\x1b[1" in terminal.output


@pytest.mark.slow
def test_colours_without_no_color() -> None:
    """The search of the test above does find colours where there are some; an empty NO_COLOR counts as unset."""
    with qkvtui("animal", NO_COLOR="") as terminal:
        terminal.wait("step 1 of")
        terminal.wait_until_quiet()
        assert COLOURS.findall(terminal.output)


@pytest.mark.parametrize("term", each(["dumb", "unknown", ""], ("dumb",)))
def test_a_terminal_that_cannot_be_drawn_on(term: str) -> None:
    """An editor's shell shows a sentence and what to do instead, not a page of escape codes."""
    with qkvtui("animal", TERM=term) as terminal:
        assert terminal.wait_for_end() == 2
        assert "qkvtui print animal" in terminal.text.replace("\n", " ")
        assert b"\x1b" not in terminal.output


def test_no_terminal_at_all() -> None:
    """In a pipe or a cron job it says so at once instead of running for ever."""
    run = subprocess.run(
        (*QKVTUI, "animal"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=20,
        check=False,
        cwd=ROOT,
        env=clean_environment(),
    )
    assert run.returncode == 2
    assert run.stdout == b""
    assert b"not a terminal" in run.stderr


def test_a_piped_standard_input_without_a_dash() -> None:
    """`echo | qkvtui animal` would take the pipe's bytes for keyboard keys."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    with qkvtui("animal", standard_input=nothing) as terminal:
        os.close(nothing)
        assert terminal.wait_for_end() == 2
        assert "standard input is not a terminal" in terminal.text.replace("\n", " ")


def test_a_piped_standard_output() -> None:
    """`qkvtui animal | less` says what to print with instead of drawing into the pipe."""
    with Terminal(("sh", "-c", f"{QKVTUI[0]} -m qkvtui animal | cat; exit 0")) as terminal:
        assert terminal.wait_for_end() == 0
        assert "standard output is not a terminal" in terminal.text.replace("\n", " ")


@pytest.mark.slow
def test_an_example_from_a_pipe() -> None:
    """`cat FILE | qkvtui -` reads the file from the pipe and the keyboard from the terminal."""
    with (ROOT / "examples" / "animal.toml").open("rb") as file, qkvtui("-", standard_input=file.fileno()) as terminal:
        terminal.wait("step 1 of")
        terminal.press(RIGHT)
        terminal.wait("step 2 of")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert terminal.attributes == terminal.attributes_before


@pytest.mark.slow
def test_over_ssh_keys_come_as_every_terminal_sends_them_and_slowly() -> None:
    """A keyboard protocol that gets lost on the way left keys dead, and a slow arrow was taken for Esc."""
    kept = {}
    for connection in ("", "192.0.2.1 50000 192.0.2.2 22"):
        with qkvtui("animal", SSH_CONNECTION=connection) as terminal:
            terminal.wait("step 1 of")
            terminal.press("?")
            terminal.wait("The keyboard")
            terminal.wait_until_quiet()
            kept[bool(connection)] = (terminal.modes.keyboards, terminal.time_to_paint(ESCAPE))
            terminal.wait("step 1 of")
            terminal.press("q")
            assert terminal.wait_for_end() == 0
    assert [keyboards for keyboards, _ in kept.values()] == [1, 0]
    assert kept[True][1] >= 0.3  # as long as an arrow, which begins with Esc, may take to come


@pytest.mark.slow
def test_a_hostile_file(tmp_path: Path) -> None:
    """A token with escape sequences would retitle the window, clear the screen or answer questions by itself."""
    path = tmp_path / "hostile.toml"
    path.write_text(HOSTILE, encoding="utf-8")
    with qkvtui(str(path)) as terminal:
        terminal.wait("step 1 of")
        for number in range(2, 8):
            terminal.press(RIGHT)
            terminal.wait_until_quiet(0.1)
            if f"step {number} of" not in terminal.text:
                break
        terminal.press("r")
        terminal.wait("read again")
        written = bytes(terminal.output)
        for threat in (b"\x1b[2J", b"owned\x07", b"\x1b[31mred", "\u009b".encode(), "\u202e".encode(), b"a\tb"):
            assert threat not in written, threat
        terminal.wait("[/red] [@click=app.quit]x[/]")
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def test_a_keyboard_that_is_closed_is_told() -> None:
    """`qkvtui animal <&-`, as some launchers start programs, ended in an AttributeError."""
    with Terminal(("sh", "-c", f"{' '.join((*QKVTUI, 'animal'))} <&-; echo status $?")) as terminal:
        terminal.wait("status 2")
        assert "standard input is not a terminal" in terminal.text.replace("\n", " ")
        assert "Traceback" not in terminal.text


@pytest.mark.slow
def test_variables_of_textual_do_nothing_unforeseen(tmp_path: Path) -> None:
    """On a shared machine they would have run code, written files, or ended every session in a traceback."""
    variables = {
        "TEXTUAL": "debug,devtools",
        "TEXTUAL_COLOR_SYSTEM": "nonsense",
        "TEXTUAL_DEBUG": "1",
        "TEXTUAL_DRIVER": "nowhere:Driver",
        "TEXTUAL_LOG": str(tmp_path / "log"),
        "TEXTUAL_PRESS": "q",
        "TEXTUAL_SCREENSHOT": "0",
        "TEXTUAL_SCREENSHOT_LOCATION": str(tmp_path),
        "TEXTUAL_SHOW_RETURN": "1",
        "TEXTUAL_THEME": "nonsense",
    }
    with Terminal((*QKVTUI, "animal"), environment=clean_environment(**variables)) as terminal:
        terminal.wait("step 1 of")
        terminal.press(RIGHT)
        terminal.wait("step 2 of")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert b"Traceback" not in terminal.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("size", ["100000", "30"])
def test_the_terminal_knows_its_size_better_than_the_environment(size: str) -> None:
    """COLUMNS=100000 LINES=100000 made it deaf; and any COLUMNS would have kept it from following the window."""
    with qkvtui("animal", COLUMNS=size, LINES=size) as terminal:
        terminal.wait(lambda terminal: terminal.lines[0].endswith("step 1 of 11 · embeddings"))
        assert len(terminal.lines[0]) == 80
        terminal.press("q")
        assert terminal.wait_for_end() == 0


@pytest.mark.slow
def test_a_keyboard_protocol_that_was_not_switched_on_is_not_switched_off() -> None:
    """Over SSH, fish would have lost its own after each session."""
    with qkvtui("animal", SSH_CONNECTION="10.0.0.1 50000 10.0.0.2 22") as terminal:
        terminal.wait("step 1 of")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert terminal.modes == PRISTINE


def test_a_bad_file_is_told_before_anything_is_drawn(tmp_path: Path) -> None:
    """The mistakes stand in the shell, where they can be read beside the editor."""
    path = tmp_path / "bad.toml"
    path.write_text("format = 2\n", encoding="utf-8")
    with qkvtui(str(path)) as terminal:
        assert terminal.wait_for_end() == 2
        assert "bad.toml" in terminal.text.replace("\n", "")  # a long path may end a line within the name
        assert b"\x1b" not in terminal.output


@pytest.mark.slow
def test_a_locale_that_is_not_there() -> None:
    """Over SSH the locale of the other machine is often unknown; UTF-8 cannot be taken for granted."""
    with qkvtui("animal", LANG="C", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0") as terminal:
        terminal.wait("step 1 of")
        terminal.press(RIGHT)
        terminal.wait("step 2 of")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert b"Traceback" not in terminal.output
