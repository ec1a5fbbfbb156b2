"""However the program ends, the terminal is as it was."""

from __future__ import annotations

import signal

import pytest

from .driver import INTERRUPT, PRISTINE, Terminal, qkvtui


def restored(terminal: Terminal) -> bool:
    """Whether everything that was switched on is off again."""
    return terminal.modes == PRISTINE and terminal.attributes == terminal.attributes_before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals_end_it_cleanly(number: signal.Signals) -> None:
    """A closed window or a `kill` would leave the shell in raw mode on the alternate screen."""
    with qkvtui("animal") as terminal:
        terminal.wait("step 1 of")
        assert "alternate screen" in terminal.modes.on
        terminal.signal(number)
        assert terminal.wait_for_end() == 128 + number
        assert restored(terminal)
        assert b"Traceback" not in terminal.output


def test_a_signal_in_the_picker_and_on_the_help_page() -> None:
    """Not only the lesson ends cleanly."""
    with qkvtui() as terminal:
        terminal.wait("animal-sentence")
        terminal.press("\r")
        terminal.wait("step 1 of")
        terminal.press("?")
        terminal.wait("The keyboard")
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_for_end() == 128 + signal.SIGTERM
        assert restored(terminal)


def test_ctrl_c_ends_with_130() -> None:
    """As every other program does, so that a script can tell."""
    with qkvtui("animal") as terminal:
        terminal.wait("step 1 of")
        terminal.press(INTERRUPT)
        assert terminal.wait_for_end() == 130
        assert restored(terminal)


def test_ctrl_c_while_an_address_is_typed() -> None:
    """The line to type into does not swallow it."""
    with qkvtui("animal") as terminal:
        terminal.wait("step 1 of")
        terminal.press("g", "scores")
        terminal.wait(lambda terminal: terminal.lines[-1].startswith("scores"))
        terminal.press(INTERRUPT)
        assert terminal.wait_for_end() == 130
        assert restored(terminal)


def test_a_lost_connection_ends_it() -> None:
    """A program that outlives its terminal would burn a core on the server for ever."""
    with qkvtui("animal") as terminal:
        terminal.wait("step 1 of")
        terminal.hang_up()
        assert terminal.wait_for_end(10.0) != 0
