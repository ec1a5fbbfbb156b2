"""A reader walks through a lesson in a real terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qkvtui.trace.addresses import parse_address
from qkvtui.trace.shown_at import to_address
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import Place, cell_of, move_cell, to_query, to_step
from qkvtui.tui.state import lesson_of
from tests.tui.printed import lesson_screen

from .driver import DOWN, END, ENTER, ESCAPE, HOME, LEFT, PRISTINE, RIGHT, UP, Terminal, qkvtui


def shows(terminal: Terminal, trace: Trace, place: Place, language: str = "en") -> None:
    """Wait until the screen is the lesson at that place; the footer is left out."""
    expected = lesson_screen(trace, place, language=language)
    terminal.wait(lambda terminal: terminal.lines[:-1] == expected, or_else=lambda: expected)


def test_the_whole_lesson_forward_and_back() -> None:
    """Every step is on the screen as print mode gives it, on the way and on the way back, and `q` leaves no trace."""
    trace, place = _animal()
    with qkvtui("animal") as terminal:
        shows(terminal, trace, place)
        before_the_end = len(trace.walk) - 1  # where questions are asked, one after the other
        for index in range(1, before_the_end):
            terminal.press(RIGHT)
            shows(terminal, trace, to_step(trace, place, index))
        terminal.press(RIGHT)
        terminal.wait(f"step {len(trace.walk)} of {len(trace.walk)}")
        for index in reversed(range(before_the_end)):
            terminal.press(LEFT)
            shows(terminal, trace, to_step(trace, place, index))
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert terminal.modes == PRISTINE
        assert terminal.attributes == terminal.attributes_before


@pytest.mark.slow
def test_query_cell_and_language_change_where_one_stands() -> None:
    """An arrow makes another token ask, a full stop goes on to the next number, `z` says it in Chinese."""
    trace, place = _animal()
    place = to_step(trace, place, trace.step("scores").number - 1)
    with qkvtui("animal#scores[it,animal]") as terminal:
        shows(terminal, trace, place)
        terminal.press(DOWN)
        place = to_query(trace, place, place.query + 1)
        shows(terminal, trace, place)
        terminal.press(UP, UP)
        place = to_query(trace, place, place.query - 2)
        shows(terminal, trace, place)
        terminal.press("..")
        place = move_cell(trace, place, 2)
        shows(terminal, trace, place)
        terminal.press(",")
        place = move_cell(trace, place, -1)
        shows(terminal, trace, place)
        terminal.press("z")
        shows(terminal, trace, place, "zh")
        terminal.press(RIGHT)
        place = to_step(trace, place, place.step + 1)
        shows(terminal, trace, place, "zh")
        terminal.press("z")
        shows(terminal, trace, place)


@pytest.mark.slow
def test_jumps_and_addresses() -> None:
    """A digit, Home, End and an address lead straight to a step; a wrong address says why and stays."""
    trace, place = _animal()
    with qkvtui("animal") as terminal:
        shows(terminal, trace, place)
        terminal.press("7")
        shows(terminal, trace, to_step(trace, place, 6))
        terminal.press(END)
        terminal.wait(f"step {len(trace.walk)} of {len(trace.walk)}")
        terminal.press(HOME)
        shows(terminal, trace, place)
        terminal.press("g", "scores[tired,it]", ENTER)
        there = to_address(trace, place, parse_address(trace, "scores[tired,it]"))
        shows(terminal, trace, there)
        assert cell_of(trace, there).row == trace.example.tokens.index("tired")
        terminal.press(HOME, "g", "scores[tired,it]", ENTER, RIGHT, "z")  # all at once
        shows(terminal, trace, to_step(trace, there, there.step + 1), "zh")
        terminal.press(LEFT, "z")
        shows(terminal, trace, there)
        terminal.press("g", "scores[nobody,it]", ENTER)
        terminal.wait(lambda terminal: 'no row is "nobody"' in terminal.lines[-2] and "[nobody" in terminal.lines[-1])
        terminal.press(ESCAPE)
        shows(terminal, trace, there)
        terminal.press("g", "weights", ESCAPE)
        terminal.wait(lambda terminal: "weights" not in terminal.lines[-1])
        shows(terminal, trace, there)


@pytest.mark.slow
def test_help_and_back() -> None:
    """`?` shows the keyboard, Esc leads back to the very place."""
    trace, place = _animal()
    with qkvtui("animal#weights[it,animal]") as terminal:
        place = to_step(trace, place, trace.step("weights").number - 1)
        shows(terminal, trace, place)
        terminal.press("?")
        terminal.wait("The keyboard")
        terminal.press(ESCAPE)
        shows(terminal, trace, place)


@pytest.mark.slow
def test_the_first_frame_is_the_lesson() -> None:
    """A blank page first would cost its bytes over SSH, and flicker."""
    with qkvtui("animal") as terminal:
        terminal.wait("step 1 of")
        assert b"   " not in terminal.output[: terminal.output.index(b"What does")]


@pytest.mark.slow
def test_the_picker() -> None:
    """Without an example there is a list to choose from; `o` comes back to it, Esc leaves it, `q` ends."""
    with qkvtui() as terminal:
        terminal.wait("animal-sentence")
        terminal.press(DOWN, ENTER)
        terminal.wait("step 1 of")
        first = terminal.lines[0]
        terminal.press("o")
        terminal.wait(lambda terminal: "animal-sentence" in terminal.text and "step 1 of" not in terminal.text)
        terminal.press(ESCAPE)
        terminal.wait(lambda terminal: terminal.lines[0] == first)
        terminal.press("o")
        terminal.wait("animal-sentence")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert terminal.modes == PRISTINE


@pytest.mark.slow
def test_two_hundred_keys_at_once() -> None:
    """Keys that come faster than they can be drawn are all obeyed: one lost would end one step off."""
    trace, place = _animal()
    place = to_step(trace, place, 4)
    with qkvtui("animal#scores[it,animal]") as terminal:
        shows(terminal, trace, place)
        keys = [RIGHT, RIGHT, RIGHT, LEFT, LEFT, LEFT] * 16 + [".", ".", ",", UP, DOWN, ","] * 17
        terminal.press(*keys, RIGHT, RIGHT)
        shows(terminal, trace, replace(place, step=6))


def test_an_idle_screen_sends_nothing() -> None:
    """Over SSH a lesson that is being read costs no byte and no processor time."""
    with qkvtui("animal") as terminal:
        terminal.wait("step 1 of")
        terminal.wait_until_quiet(0.5)
        used = terminal.processor_time()
        assert terminal.sends_nothing_for(0.6)
        assert terminal.processor_time() - used <= 0.05


def _animal() -> tuple[Trace, Place]:
    lesson = lesson_of("animal")
    return lesson.trace, lesson.place
