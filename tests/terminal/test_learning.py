"""A reader lets an example learn, in a real terminal."""

from __future__ import annotations

from statistics import median

import pytest

from .driver import END, ENTER, ESCAPE, LEFT, PRISTINE, RIGHT, Terminal, qkvtui

STEP = 2_500
"""Bytes that a step may cost."""


def opened(terminal: Terminal) -> None:
    """Wait for the lesson, and from there to the learning screen."""
    terminal.wait("step 1 of")
    terminal.press("L")
    terminal.wait("update 0 of")


def at(terminal: Terminal) -> int:
    """How many updates there were before what is shown."""
    return int(terminal.lines[0].rpartition("update ")[2].split()[0])


@pytest.mark.slow
def test_the_whole_way_through_the_learning_screen() -> None:
    """Open, step, play, go back, change the rate, run to the end, look into a gradient, return, and leave no trace."""
    with qkvtui("animal-learn") as terminal:
        opened(terminal)
        terminal.press(RIGHT, RIGHT)
        terminal.wait("update 2 of 100")
        terminal.press("+ ")
        terminal.wait(lambda terminal: at(terminal) > 3 and "updates a second" in terminal.text)
        terminal.press(" ")
        terminal.wait(lambda terminal: "updates a second" not in terminal.text)
        stopped = at(terminal)
        terminal.press(LEFT)
        terminal.wait(f"update {stopped - 1} of 100")
        terminal.press("r", "0.5", ENTER)
        terminal.wait("rate 0.5 ")
        assert at(terminal) == stopped - 1
        terminal.press(END)
        terminal.wait("update 100 of 100")
        terminal.wait("0.06   0.05")  # The: now, wanted
        terminal.wait("0.49   0.45")  # animal
        terminal.wait_until_quiet()
        screen = terminal.lines[:-1]
        terminal.press(ENTER)
        terminal.wait("after update 100")
        terminal.wait("d_W_Q[0,0]")
        terminal.press("\x7f")
        terminal.wait(lambda terminal: terminal.lines[:-1] == screen)
        terminal.press(ESCAPE)
        terminal.wait("step 1 of")
        terminal.wait("the file's numbers")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert terminal.modes == PRISTINE
        assert terminal.attributes == terminal.attributes_before


@pytest.mark.slow
@pytest.mark.parametrize("example", ["animal-learn", "sentence-learn", "it-learn"])
def test_an_update_costs_little_and_rest_nothing(example: str) -> None:
    """Over SSH every update would have been waited for."""
    with qkvtui(example) as terminal:
        opened(terminal)
        terminal.wait_until_quiet()
        costs = []
        for key, update in [*((RIGHT, number) for number in range(1, 9)), *((LEFT, number) for number in (7, 6, 5))]:
            before = len(terminal.output)
            terminal.press(key)
            terminal.wait(f"update {update} of")
            terminal.wait_until_quiet(0.1)
            costs.append(len(terminal.output) - before)
        assert max(costs) <= STEP
        assert median(costs) <= STEP / 3
        assert terminal.sends_nothing_for(1.0)


@pytest.mark.slow
def test_quitting_while_it_runs_is_immediate() -> None:
    """`q` would have had to wait until the run has ended."""
    with qkvtui("sentence-learn") as terminal:
        opened(terminal)
        terminal.press("s", "100000", ENTER)
        terminal.wait("of 100000")
        terminal.press(END)
        terminal.wait("Esc stop")
        terminal.press("q")
        assert terminal.wait_for_end(seconds=2.0) == 0
        assert terminal.modes == PRISTINE


@pytest.mark.slow
@pytest.mark.parametrize(("columns", "rows"), [(60, 20), (40, 12)])
def test_it_works_without_colour_in_ascii_in_a_small_terminal(columns: int, rows: int) -> None:
    """On an old terminal the curve would have been missing or have come as question marks."""
    with qkvtui("it-learn", "--ascii", columns=columns, rows=rows, NO_COLOR="1", LANG="C") as terminal:
        opened(terminal)
        terminal.press(RIGHT)
        terminal.wait("update 1 of")
        assert terminal.text.isascii()
