"""The terminal's own cursor: what a braille display shows, and a screen reader reads from."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.geometry import Offset
from textual.pilot import Pilot

from qkvtui.trace.addresses import value_at
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.cursor import cursor_of
from qkvtui.views.look import Look

from .driving import lesson_screen_of, opened, play, screen_text


def under(app: QkvtuiApp, columns: int = 5) -> str:
    """What stands on the screen from the cursor on."""
    at: Offset = app.cursor_position
    line, column = screen_text(app).splitlines()[at.y], 0
    for index, character in enumerate(line):
        if column == at.x:
            return line[index : index + columns]
        column += cell_len(character)
    return ""


@pytest.mark.sampled(3)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", [(80, 24), (60, 20), (40, 12), (140, 40)])
def test_it_stands_on_the_current_number_and_goes_with_it(language: str, size: tuple[int, int]) -> None:
    """A braille display stayed on the title, whatever key was pressed."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        met = []
        for key in ("7", ".", ",", "down", "M", "."):
            await pilot.press(key)
            met.append(app.cursor_position)
            state = lesson_screen_of(app).state
            number = f"{value_at(state.trace, state.cell):.2f}]"
            assert under(app) == number, (key, screen_text(app))
        assert len(set(met)) >= 3

    play(scene, size=size, look=Look(80, language=language))


def test_among_the_terms_of_a_number_it_stands_on_the_chosen_one() -> None:
    """The address above them does not change with the key."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("5", "enter")
        first = app.cursor_position
        assert under(app, 4) == "0.50"
        await pilot.press(".")
        assert app.cursor_position != first

    play(scene)


def test_where_no_number_is_current_it_stands_on_the_step() -> None:
    """It would have stayed where another page had left it."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("0")
        assert under(app, 2) == "X]"
        await pilot.press("0", "end")
        assert under(app, 2) == "■]"

    play(scene)


def test_in_a_list_it_stands_on_the_highlighted_line_and_where_one_types_behind_the_text() -> None:
    """One would have chosen blindly, or typed without seeing what."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("ctrl+p")
        await pilot.press("down")
        line = screen_text(app).splitlines()[app.cursor_position.y]
        assert app.look.texts.actions["previous_step"] in line
        await pilot.press("escape", "g", *"q[it")
        assert app.cursor_position == Offset(4, 23)
        await pilot.press("left")
        assert app.cursor_position == Offset(3, 23)
        await pilot.press("escape", "question_mark")
        assert app.cursor_position == Offset(0, 0)

    play(scene)


def test_while_it_learns_it_stands_on_the_number_that_moves() -> None:
    """The matrices are below the curve; nothing else tells which number is meant."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("L")
        before = app.cursor_position
        await pilot.press(".")
        assert app.cursor_position.y == before.y
        assert app.cursor_position.x > before.x
        assert cursor_of(app.screen) == app.cursor_position
        assert under(app, 4) == "0.00"

    play(scene, lesson=opened("animal-learn"))
