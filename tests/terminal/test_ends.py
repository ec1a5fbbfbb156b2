"""However the program ends, the terminal is as it was."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from itertools import product
from pathlib import Path

import pytest

from tests.samples import each

from .driver import END, INTERRUPT, PRISTINE, RIGHT, Terminal, python, qkvtui

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
TERM = (signal.SIGTERM,)
"""The one that the quick run tries where all three go the same way."""
PAIRS = each(
    product(SIGNALS, SIGNALS, (False, True)),
    (
        (signal.SIGHUP, signal.SIGTERM, False),
        (signal.SIGHUP, signal.SIGTERM, True),
        (signal.SIGINT, signal.SIGINT, True),
    ),
)
"""(first, second, whether the terminal is being given back before the second comes)."""
TAKEN, GIVING_BACK = b"\x1b[?1049h", b"\x1b[?2004l"
"""The first bytes that the application sends, and the first when it leaves."""
LONG = """format = 1
title = "long"
tokens = ["it", "animal", "street"]
[inputs]
X = [[0.1, 0.9], [0.5, 0.4], [0.3, 0.2]]
[parameters]
W_Q = [[1, 0], [0, 1]]
W_K = [[1, 0], [0, 1]]
W_V = [[1, 0], [0, 1]]
[learn]
objective = "attention"
target = { it = [0.1, 0.8, 0.1] }
rate = 0.01
steps = 200000
"""
DEAF = """
import sys
from qkvtui.tui.app import QkvtuiApp
from qkvtui.__main__ import main

path = sys.argv.pop(1)
QkvtuiApp.action_look = lambda app, name: open(path)
sys.exit(main())
"""
"""`z` waits for a file that nobody writes."""


@pytest.fixture
def long_task(tmp_path: Path) -> str:
    """An example that learns for minutes."""
    path = tmp_path / "long.toml"
    path.write_text(LONG, encoding="utf-8")
    return str(path)


def restored(terminal: Terminal) -> bool:
    """Whether everything that was switched on is off again."""
    return terminal.modes == PRISTINE and terminal.attributes == terminal.attributes_before


def ended_by(number: int, terminal: Terminal) -> None:
    """Check the ending."""
    assert terminal.wait_for_end() == 128 + number
    assert restored(terminal)
    assert b"Traceback" not in terminal.output


@pytest.mark.slow
@pytest.mark.parametrize("number", SIGNALS)
def test_signals_end_it_cleanly(number: signal.Signals) -> None:
    """A closed window or a `kill` would leave the shell in raw mode on the alternate screen."""
    with qkvtui("animal") as terminal:
        terminal.wait("step 1 of")
        assert "alternate screen" in terminal.modes.on
        terminal.signal(number)
        ended_by(number, terminal)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_a_second_signal_does_not_disturb_the_giving_back(pair: tuple[signal.Signals, signal.Signals, bool]) -> None:
    """A closed window sends HUP, and systemd TERM behind it: the shell would have been left without a cursor."""
    first, second, later = pair
    with qkvtui("animal") as terminal:
        terminal.wait("step 1 of")
        terminal.signal(first)
        if later:
            terminal.wait_for_output(GIVING_BACK)
        with suppress(ProcessLookupError):  # it may be through already
            terminal.signal(second)
        status = terminal.wait_for_end()
        assert status == 128 + first or (status == 128 + second and not later)  # at once, they come in any order
        assert restored(terminal)
        assert b"Traceback" not in terminal.output


@pytest.mark.slow
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_while_learning_runs(number: signal.Signals, long_task: str) -> None:
    """Broken off in the middle of an update, the application would have forgotten the terminal."""
    with qkvtui(long_task) as terminal:
        terminal.wait("step 1 of")
        terminal.press("L", END)
        terminal.wait("Esc stop")
        terminal.signal(number)
        ended_by(number, terminal)


@pytest.mark.slow
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_while_it_starts(number: signal.Signals) -> None:
    """The alternate screen would have been entered and never left."""
    with qkvtui("animal") as terminal:
        terminal.wait_for_output(TAKEN)
        terminal.signal(number)
        ended_by(number, terminal)


@pytest.mark.slow
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_at_any_moment_of_the_start(number: signal.Signals) -> None:
    """Now and then a window closed too early would have left its shell without a cursor."""
    with qkvtui("animal") as terminal:
        terminal.wait("step 1 of")
        terminal.wait_until_quiet()
        whole = len(terminal.output)
    for bytes_seen in range(1, whole, whole // 8):
        with qkvtui("animal") as terminal:
            terminal.wait(lambda terminal, least=bytes_seen: len(terminal.output) >= least)  # type: ignore[misc]
            terminal.signal(number)
            ended_by(number, terminal)


@pytest.mark.slow
@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="threads cannot be told apart here")
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_that_another_thread_gets(number: signal.Signals) -> None:
    """The main thread would have slept on until the next key, and the program have outlived a `kill`."""
    with qkvtui("animal") as terminal:
        terminal.wait("step 1 of")
        terminal.wait_until_quiet()
        terminal.signal_a_side_thread(number)
        ended_by(number, terminal)


@pytest.mark.slow
@pytest.mark.parametrize("number", SIGNALS)
def test_an_application_that_is_stuck_ends_all_the_same(number: signal.Signals, tmp_path: Path) -> None:
    """A file on a server that does not answer would have kept the window from ever closing."""
    os.mkfifo(tmp_path / "nobody-writes")
    with python("-c", DEAF, str(tmp_path / "nobody-writes"), "animal") as terminal:
        terminal.wait("step 1 of")
        terminal.press("z")
        terminal.wait_until_quiet()
        terminal.signal(number)
        ended_by(number, terminal)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, -15), (signal.SIGHUP, -1)])
def test_a_signal_beside_a_progress_bar(number: signal.Signals, status: int, long_task: str) -> None:
    """After a long training that was broken off, the shell would have had no cursor."""
    with qkvtui("learn", long_task) as terminal:
        terminal.wait(lambda terminal: not terminal.modes.cursor_shown)
        terminal.signal(number)
        assert terminal.wait_for_end() == status
        assert restored(terminal)
        assert b"Traceback" not in terminal.output


@pytest.mark.slow
def test_a_signal_in_the_picker_and_on_the_help_page() -> None:
    """Not only the lesson ends cleanly."""
    with qkvtui() as terminal:
        terminal.wait("animal-sentence")
        terminal.press("\r")
        terminal.wait("step 1 of")
        terminal.press("?")
        terminal.wait("The keyboard")
        terminal.signal(signal.SIGTERM)
        ended_by(signal.SIGTERM, terminal)


def test_ctrl_c_ends_with_130() -> None:
    """As every other program does, so that a script can tell."""
    with qkvtui("animal") as terminal:
        terminal.wait("step 1 of")
        terminal.press(INTERRUPT)
        assert terminal.wait_for_end() == 130
        assert restored(terminal)


@pytest.mark.slow
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


@pytest.mark.slow
def test_what_was_stopped_and_goes_on_leaves_the_terminal_as_it_was() -> None:
    """`kill -CONT` would have started everything a second time, and the shell would have been left in raw mode."""
    with qkvtui("animal") as terminal:
        terminal.wait("step 1 of")
        terminal.wait_until_quiet()
        mark = len(terminal.output)
        terminal.signal(signal.SIGCONT)
        terminal.wait_for_output(TAKEN, since=mark)
        terminal.press(RIGHT)
        terminal.wait("step 2 of")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert restored(terminal)
