"""The command palette and the list of examples, however fast one types."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.choosing import ChoiceScreen
from qkvtui.tui.command_list import CommandsScreen
from qkvtui.tui.lesson import LessonScreen
from tests.samples import each

from .driving import burst, lesson_screen_of, play, screen_text, settle


def test_the_palette_takes_keys_at_once() -> None:
    """Ctrl+P and Enter twice in an instant left a blank screen for good, three times a traceback."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        burst(app, "ctrl+p", "enter", "enter")
        await settle(pilot)
        screen = lesson_screen_of(app)
        assert screen.state.place.step == 1  # the first command; the second Enter opened a number
        assert screen.state.trail.cells
        burst(app, "ctrl+p", "pagedown", "escape", "ctrl+p", "enter", "enter", "enter", "enter")
        await settle(pilot)
        assert isinstance(app.screen, LessonScreen)
        assert screen_text(app).strip()

    play(scene)


def test_a_command_is_found_by_its_name_however_fast_it_is_typed() -> None:
    """Enter chose from the list of what had been typed before."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        label = app.look.texts.actions["last_step"]
        burst(app, "ctrl+p", *label.replace(" ", ""), "backspace", "enter")
        await settle(pilot)
        burst(app, *["backspace"] * 40, "escape", "escape")
        await settle(pilot)
        burst(app, "ctrl+p", *label.split()[0], "enter")
        await settle(pilot)
        screen = lesson_screen_of(app)
        assert screen.state.place.step == len(screen.state.trace.walk) - 1

    play(scene)


def test_a_command_that_asks_takes_what_is_typed_behind_it() -> None:
    """The address typed ahead was lost between the list and the line."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("ctrl+p", *app.look.texts.actions["go_to"])
        burst(app, "enter", *"Q[it,1]", "enter")
        await settle(pilot)
        await settle(pilot)
        assert lesson_screen_of(app).state.place.query == 3

    play(scene)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("key", ["ctrl+p", "o"])
@pytest.mark.parametrize("size", each([(1, 1), (2, 24), (3, 3), (20, 5), (80, 24)], ((2, 24), (20, 5))), ids=str)
def test_any_key_at_any_size(key: str, size: tuple[int, int]) -> None:
    """Page Down in a list two columns wide was a KeyError."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        burst(app, key, "pagedown", "pageup", "end", "down", "up", "home", "z", "x", "q", "pagedown", "backspace")
        await settle(pilot)
        assert isinstance(app.screen, ChoiceScreen)
        await pilot.click(offset=(0, 0))
        await settle(pilot)

    play(scene, size=size)


def test_the_list_is_in_the_readers_language_with_the_keys() -> None:
    """The palette spoke English only, and told nobody the keys."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("z", "ctrl+p")
        await settle(pilot)
        assert isinstance(app.screen, CommandsScreen)
        text = screen_text(app)
        assert app.look.texts.screen["commands_title"] in text
        assert "→ n 空格" in text
        assert "Backspace" in text
        assert app.look.texts.actions["next_step"] in text
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, LessonScreen)

    play(scene)
