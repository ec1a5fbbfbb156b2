"""Ctrl+Z and `fg`, with a shell that has job control."""

from __future__ import annotations

from qkvtui.trace.walk import to_step
from qkvtui.tui.lesson import lesson_of
from tests.tui.printed import lesson_screen

from .driver import QKVTUI, RIGHT, SUSPEND, Terminal, clean_environment


def typed_at_the_prompt(terminal: Terminal, line: str) -> None:
    """A line for the shell; what is typed before it has its terminal back would be thrown away."""
    terminal.wait_until_quiet(0.5)
    terminal.press(line, "\r")


def test_ctrl_z_and_fg() -> None:
    """The shell comes back on its own screen, and `fg` shows the very page again, not a blank one."""
    lesson = lesson_of("animal")
    pages = [lesson_screen(lesson.trace, to_step(lesson.trace, lesson.place, index)) for index in range(3)]
    with Terminal(("sh", "-i", "-m"), environment=clean_environment(PS1="ready> ", ENV="", HISTFILE="")) as terminal:
        terminal.wait("ready>")
        terminal.press(" ".join((*QKVTUI, "animal")), "\r")
        terminal.wait("step 1 of")
        for number in (2, 3):
            terminal.press(RIGHT)
            terminal.wait(f"step {number} of")
            terminal.press(SUSPEND)
            terminal.wait(lambda terminal: "alternate screen" not in terminal.modes.on)
            terminal.wait("ready>")
            assert "mouse" not in terminal.modes.on
            assert terminal.modes.cursor_shown
            typed_at_the_prompt(terminal, "echo here I am")
            terminal.wait("here I am")
            typed_at_the_prompt(terminal, "fg")
            page = pages[number - 1]
            terminal.wait(lambda terminal, page=page: terminal.lines[:-1] == page, or_else=lambda page=page: page)  # type: ignore[misc]
        terminal.press("q")
        terminal.wait(lambda terminal: "alternate screen" not in terminal.modes.on)
        typed_at_the_prompt(terminal, "echo status $?")
        terminal.wait("status 0")
