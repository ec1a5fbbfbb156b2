"""Ctrl+Z and `fg`, with a shell that has job control, and where none waits."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest

from qkvtui.trace.walk import to_step
from qkvtui.tui.state import lesson_of
from tests.tui.printed import lesson_screen

from .driver import END, PRISTINE, QKVTUI, RIGHT, SUSPEND, Terminal, clean_environment, qkvtui

PROMPT = b"ready> "
NOTHING = "Ctrl+Z does nothing here"
WHERE = {
    "lesson": ((), "step 1 of"),
    "help": (("?",), "The keyboard"),
    "picker": (("o",), "letters or / filter"),
    "typing": (("g", "scores"), "scores"),
    "learning": (("L",), "update 0 of"),
    "asked": (("e", "7\r", "q"), "not written: 1"),
}
"""Where one may be → the keys that lead there from a lesson, and what is seen there."""


@contextmanager
def shell(**variables: str) -> Iterator[Terminal]:
    """A shell with job control, at its prompt."""
    environment = clean_environment(PS1="ready> ", ENV="", HISTFILE="", **variables)
    with Terminal(("sh", "-i", "-m"), environment=environment) as terminal:
        terminal.wait_for_output(PROMPT)
        yield terminal


def at_the_prompt(terminal: Terminal, line: str, *, since: int) -> None:
    """A line for the shell, once it has asked for one; what comes before would be thrown away."""
    terminal.wait_for_output(PROMPT, since=since)
    terminal.press(line, "\r")


def suspended(terminal: Terminal, *, while_it_paints: bool = False) -> int:
    """Press Ctrl+Z; where in the output the shell has the terminal again."""
    if not while_it_paints:
        terminal.wait_until_quiet()
    mark = len(terminal.output)
    terminal.press(SUSPEND)
    terminal.wait_for_output(PROMPT, since=mark)
    assert terminal.modes == PRISTINE
    return len(terminal.output)


def resumed(terminal: Terminal, page: list[str]) -> None:
    """`fg`; the page has to come again."""
    terminal.press("fg\r")
    terminal.wait(lambda terminal: terminal.lines[:-1] == page, or_else=lambda: page)


def go_there(terminal: Terminal, where: str) -> None:
    """From the start to one of those places."""
    keys, sign = WHERE[where]
    terminal.wait("step 1 of")
    terminal.press(*keys)
    terminal.wait(sign)


@pytest.mark.slow
def test_ctrl_z_and_fg() -> None:
    """The shell comes back on its own screen, and `fg` shows the very page again, not a blank one."""
    lesson = lesson_of("animal")
    pages = [lesson_screen(lesson.trace, to_step(lesson.trace, lesson.place, index)) for index in range(3)]
    with shell() as terminal:
        terminal.press(" ".join((*QKVTUI, "animal")), "\r")
        terminal.wait("step 1 of")
        for number in (2, 3):
            terminal.press(RIGHT)
            terminal.wait(f"step {number} of")
            mark = suspended(terminal)
            terminal.press("echo here I am\r")
            terminal.wait_for_output(b"\nhere I am", since=mark)
            terminal.wait_for_output(PROMPT, since=mark)
            resumed(terminal, pages[number - 1])
        mark = len(terminal.output)
        terminal.press("q")
        at_the_prompt(terminal, "echo status $?", since=mark)
        terminal.wait_for_output(b"status 0")


@pytest.mark.slow
@pytest.mark.parametrize("where", ["help", "picker", "typing", "learning", "asked"])
def test_ctrl_z_and_fg_wherever_one_is(where: str) -> None:
    """On the help page, in the picker, while typing and where a letter was to answer, Ctrl+Z did nothing."""
    with shell() as terminal:
        terminal.press(" ".join((*QKVTUI, "animal-learn")), "\r")
        go_there(terminal, where)
        terminal.wait_until_quiet()
        page = terminal.lines[:-1]
        suspended(terminal)
        resumed(terminal, page)


@pytest.mark.slow
def test_ctrl_z_stops_a_script_that_runs_it_too() -> None:
    """The script would have gone on waiting for the program, and the shell for the script: nobody could type `fg`."""
    with shell() as terminal:
        terminal.press(f"sh -c '{' '.join((*QKVTUI, 'animal'))}; echo status $?'\r")
        terminal.wait("step 1 of")
        terminal.wait_until_quiet()
        page = terminal.lines[:-1]
        suspended(terminal)
        resumed(terminal, page)
        terminal.press("q")
        terminal.wait_for_output(b"status 0")


@pytest.mark.slow
def test_a_job_in_the_background_waits_for_the_terminal() -> None:
    """`qkvtui animal &`, or `bg` after Ctrl+Z, would have drawn over what is typed, or have come back blank."""
    with shell() as terminal:
        mark = len(terminal.output)
        terminal.press(" ".join((*QKVTUI, "animal", "&")), "\r")
        terminal.wait_for_output(PROMPT, since=mark)
        wait_until_stopped(_child(terminal.pid))
        terminal.press("fg\r")
        terminal.wait("step 1 of")
        terminal.wait_until_quiet()
        page = terminal.lines[:-1]
        mark = suspended(terminal)
        terminal.press("bg\r")
        terminal.wait_for_output(PROMPT, since=mark)
        wait_until_stopped(_child(terminal.pid))
        assert terminal.modes == PRISTINE
        resumed(terminal, page)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["fg", "bg", "not at all"])
def test_kill_after_ctrl_z(how: str) -> None:
    """A suspended or resumed program would have outlived `kill`, or have left its modes on in the shell's terminal."""
    with shell() as terminal:
        terminal.press(" ".join((*QKVTUI, "sentence-learn")), "\r")
        terminal.wait("step 1 of")
        terminal.press("L", "s", "100000\r")
        terminal.wait("of 100000")
        terminal.press(END)
        terminal.wait("Esc stop")
        mark = suspended(terminal, while_it_paints=True)
        if how == "fg":
            terminal.press("fg\r")
            terminal.wait_for_output(b"\x1b[?1049h", since=mark)
            os.kill(_child(terminal.pid), signal.SIGTERM)
        else:
            if how == "bg":
                terminal.press("bg\r")
                terminal.wait_for_output(PROMPT, since=mark)
                mark = len(terminal.output)
            terminal.press("kill %1; fg\r")
        at_the_prompt(terminal, "echo status $?", since=mark)
        terminal.wait_for_output(b"status 143")
        assert terminal.modes == PRISTINE
        assert b"Traceback" not in terminal.output


@pytest.mark.slow
@pytest.mark.parametrize(
    "how", list(product(("Ctrl+Z", "kill -TSTP"), ("lesson", "help", "picker", "typing"))), ids=" in ".join
)
def test_without_a_shell_ctrl_z_does_nothing_and_says_so(how: tuple[str, str]) -> None:
    """`ssh -t host qkvtui animal` was frozen for good: nobody could type `fg`, and neither q nor Ctrl+C ended it."""
    key, where = how
    with qkvtui("animal") as terminal:
        go_there(terminal, where)
        if key == "Ctrl+Z":
            terminal.press(SUSPEND)
        else:
            terminal.signal(signal.SIGTSTP)
        terminal.wait("does nothing here")
        assert WHERE[where][1] in terminal.text
        assert "alternate screen" in terminal.modes.on
        terminal.press("\x03")
        assert terminal.wait_for_end() == 130
        assert terminal.modes == PRISTINE


@pytest.mark.slow
def test_a_shell_that_only_waits_for_the_end_cannot_bring_it_back() -> None:
    """`bash -c 'qkvtui animal; date'` as the command of a connection was frozen for good."""
    with Terminal(("sh", "-c", f"{' '.join((*QKVTUI, 'animal'))}; echo status $?")) as terminal:
        terminal.wait("step 1 of")
        terminal.press(SUSPEND)
        terminal.wait(NOTHING)
        terminal.press("q")
        terminal.wait("status 0")


def wait_until_stopped(pid: int) -> None:
    """Look until the system says so; before the shell's next prompt, the terminal tells nothing of it."""
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "T":
        assert time.monotonic() < deadline


def _child(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()[0])
