"""The terminal is resized while the lesson is open."""

from __future__ import annotations

import pytest

from qkvtui.trace.walk import to_step
from qkvtui.tui.state import lesson_of
from tests.tui.printed import lesson_screen

from .driver import Terminal, qkvtui


def shows_lesson(terminal: Terminal, columns: int, rows: int) -> None:
    """Wait until the screen is the scores of animal in that size; the footer is left out."""
    lesson = lesson_of("animal")
    place = to_step(lesson.trace, lesson.place, lesson.trace.step("scores").number - 1)
    expected = lesson_screen(lesson.trace, place, columns, rows)
    terminal.wait(lambda terminal: terminal.lines[:-1] == expected, or_else=lambda: expected)


@pytest.mark.slow
def test_smaller_larger_too_small_and_back() -> None:
    """Whatever the window is dragged to, the page is laid out for it, without remains of the old one."""
    with qkvtui("animal#scores[it,animal]") as terminal:
        shows_lesson(terminal, 80, 24)
        for columns, rows in ((60, 20), (120, 40), (80, 24)):
            terminal.resize(columns, rows)
            shows_lesson(terminal, columns, rows)
        terminal.resize(39, 11)
        terminal.wait("too small")
        assert "39 × 11" in " ".join(terminal.lines)
        terminal.resize(80, 24)
        shows_lesson(terminal, 80, 24)


@pytest.mark.parametrize(("columns", "rows"), [(40, 12), pytest.param(300, 80, marks=pytest.mark.slow)])
def test_the_edges(columns: int, rows: int) -> None:
    """The smallest size that is promised, and a very large one."""
    with qkvtui("animal#scores[it,animal]", columns=columns, rows=rows) as terminal:
        shows_lesson(terminal, columns, rows)


@pytest.mark.slow
@pytest.mark.parametrize(("columns", "rows"), [(20, 5), (1, 1)])
def test_far_too_small(columns: int, rows: int) -> None:
    """A window of a few cells neither crashes nor repaints for ever, and the way back is open."""
    with qkvtui("animal#scores[it,animal]", columns=columns, rows=rows) as terminal:
        terminal.wait(lambda terminal: "alternate screen" in terminal.modes.on)
        terminal.wait_until_quiet(0.5)
        assert terminal.sends_nothing_for(0.5)
        terminal.resize(80, 24)
        shows_lesson(terminal, 80, 24)
