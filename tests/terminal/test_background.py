"""A terminal that says that it is light gets colours for it, whenever it says so; one that says nothing is as ever."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .driver import ENTER, ESCAPE, PRISTINE, QKVTUI, RIGHT, Terminal, clean_environment, qkvtui

QUESTION = b"\x1b]11;?\x1b\\"
LIGHT, DARK = b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\", b"\x1b]11;rgb:0000/0000/0000\x1b\\"
ON_LIGHT, ON_DARK = b"38;5;94m", b"33m"
"""How the token that asks is written."""


def leave(terminal: Terminal) -> None:
    """End the application; the terminal is as it was."""
    terminal.press("q")
    assert terminal.wait_for_end() == 0
    assert terminal.modes == PRISTINE


@pytest.mark.slow
def test_a_terminal_that_answers_gets_its_colours() -> None:
    """Yellow on white would have stayed until somebody found T."""
    with qkvtui("animal") as terminal:
        terminal.wait_for_output(QUESTION)
        terminal.send(LIGHT)
        terminal.wait_for_output(ON_LIGHT)
        terminal.wait_until_quiet()
        assert "step 1 of" in terminal.text, "a part of the answer was a key"
        terminal.press(RIGHT)
        terminal.wait("step 2 of")
        assert terminal.output.count(QUESTION) == 1
        leave(terminal)


@pytest.mark.slow
def test_a_dark_terminal_is_not_painted_again() -> None:
    """All would have flickered once, and been sent twice."""
    with qkvtui("animal") as terminal:
        terminal.wait("step 1 of")
        terminal.wait_until_quiet(1.0)
        terminal.send(DARK)
        assert terminal.sends_nothing_for(1.0)
        terminal.press(RIGHT)
        terminal.wait("step 2 of")
        leave(terminal)


@pytest.mark.slow
def test_a_terminal_that_never_answers_is_not_waited_for() -> None:
    """The first step, or Esc, would have come late or never."""
    with qkvtui("animal") as terminal:
        terminal.wait("step 1 of")
        terminal.press("g")
        terminal.wait("Esc")
        terminal.press("W_Q")
        terminal.wait("W_Q")
        terminal.press(ESCAPE)
        terminal.wait(lambda there: "step 1 of" in there.text and "W_Q" not in there.lines[-1])
        terminal.press(RIGHT)
        terminal.wait("step 2 of")
        assert ON_DARK in terminal.output
        assert ON_LIGHT not in terminal.output
        leave(terminal)


@pytest.mark.slow
@pytest.mark.parametrize("parts", [(LIGHT,), (LIGHT[:1], LIGHT[1:]), (LIGHT[:7], LIGHT[7:20], LIGHT[20:])])
def test_an_answer_in_the_middle_of_typing_is_not_typed(parts: tuple[bytes, ...]) -> None:
    """The address would have had `]11;rgb:…` in it, or the line been left by an Esc that nobody pressed."""
    with qkvtui("animal", SSH_CONNECTION="10.0.0.1 1 10.0.0.2 22") as terminal:
        terminal.wait("step 1 of")
        terminal.press("g", "weights[it")
        terminal.wait("weights[it")
        before = len(terminal.output)
        for part in parts:
            terminal.send(part)
            terminal.wait_until_quiet(0.15)  # as long as the line is slow
        terminal.wait_for_output(b"38;5;241m", since=before)
        terminal.wait("weights[it")
        assert "11;" not in terminal.text
        assert "rgb" not in terminal.text
        terminal.press(",animal]", ENTER)
        terminal.wait("[0.26]")
        assert ON_LIGHT in terminal.output[before:]
        leave(terminal)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "variables"),
    [
        (("--theme", "dark"), {}),
        ((), {"COLORFGBG": "15;0"}),
        ((), {"NO_COLOR": "1"}),
        ((), {"TERM": "linux"}),
        ((), {"XDG_STATE_HOME": "remembered"}),
    ],
)
def test_who_has_said_it_is_not_asked(options: tuple[str, ...], variables: dict[str, str], tmp_path: Path) -> None:
    """What somebody has chosen would have been overruled by what the terminal says."""
    if "XDG_STATE_HOME" in variables:
        (tmp_path / "qkvtui").mkdir()
        (tmp_path / "qkvtui" / "state.json").write_text(json.dumps({"format": 1, "theme": "ansi"}), encoding="utf-8")
        variables = {"XDG_STATE_HOME": str(tmp_path)}
    with Terminal((*QKVTUI, "animal", *options), environment=clean_environment(**variables)) as terminal:
        terminal.wait("step 1 of")
        terminal.wait_until_quiet()
        assert QUESTION not in terminal.output
        leave(terminal)
