"""Signals and a lost line on every screen: the program is gone, and where there is a terminal it is as before."""

from __future__ import annotations

import signal

import pytest

from tests.terminal.driver import END, PRISTINE, Terminal, qkvtui

STATES: dict[str, tuple[str, tuple[str, ...]]] = {
    "lesson": ("animal", ("n",)),
    "opened": ("animal", ("5", "\r")),
    "help": ("animal", ("?",)),
    "glossary": ("animal", ("?", "w")),
    "commands": ("animal", ("\x10", "mas")),
    "picker": ("animal", ("o",)),
    "typing": ("animal", ("g", "scor")),
    "searching": ("animal", ("/", "it")),
    "asked before leaving": ("animal", ("e", "\x157\r", "q")),
    "playing": ("animal", ("a", "+", "+")),
    "matrix": ("two-heads", ("5", "M")),
    "heads": ("two-heads", ("H",)),
    "patches": ("how-tired-gets-in", ("P",)),
    "questions": ("animal", ("y",)),
    "learning": ("animal-learn", ("L",)),
    "learning runs": ("animal-learn", ("L", "s", "100000\r", END)),
}
"""Where one may be → the lesson, and the keyboard keys that lead there."""
ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def there(terminal: Terminal, state: str) -> None:
    """At that place; a screen that moves is not waited for."""
    terminal.wait("step 1 of")
    for key in STATES[state][1]:
        terminal.press(key)
        terminal.wait_until_quiet(0.05) if key != END else terminal.wait("Esc stop")


@pytest.mark.slow
@pytest.mark.parametrize("number", ENDING)
@pytest.mark.parametrize("state", STATES)
def test_a_signal_ends_it_wherever_one_is(state: str, number: signal.Signals) -> None:
    """On one of the screens a `kill` left the shell in raw mode, or the program went on."""
    with qkvtui(STATES[state][0]) as terminal:
        there(terminal, state)
        terminal.signal(number)
        assert terminal.wait_for_end() == 128 + number
        assert (terminal.modes, terminal.attributes) == (PRISTINE, terminal.attributes_before)
        assert b"Traceback" not in terminal.output


@pytest.mark.slow
@pytest.mark.parametrize("state", STATES)
def test_a_lost_line_ends_it_wherever_one_is(state: str) -> None:
    """A program without a terminal ran on for good, and took all of a processor."""
    with qkvtui(STATES[state][0]) as terminal:
        there(terminal, state)
        terminal.hang_up()
        assert terminal.wait_for_end() != 0


@pytest.mark.slow
@pytest.mark.parametrize("state", STATES)
def test_a_storm_of_sizes_leaves_a_page(state: str) -> None:
    """Whoever dragged the window's corner was left with a blank screen."""
    with qkvtui(STATES[state][0]) as terminal:
        there(terminal, state)
        for step in range(60):
            terminal.resize(2 + step * 37 % 200, 1 + step * 13 % 60)
        terminal.resize(80, 24)
        terminal.wait(lambda one: sum(bool(line) for line in one.lines) > 2)
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_for_end() == 143
