"""The help page: in groups, found by typing, with the way to the list of commands."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from qkvtui.localized import LANGUAGES
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.command_list import CommandsScreen
from qkvtui.tui.glossary import GlossaryScreen
from qkvtui.tui.lesson import LessonScreen
from qkvtui.tui.pages import HelpScreen
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look

from .driving import burst, play, screen_text


@pytest.mark.sampled(2)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lesson", ["animal", "animal-learn"])
def test_help_and_commands_stand_in_the_same_groups(language: str, lesson: str) -> None:
    """More than fifty rows without a heading: one had to read all of them to find one."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        if lesson == "animal-learn":
            await pilot.press("L")
        await pilot.press("ctrl+p")
        assert isinstance(app.screen, CommandsScreen)
        headings = [choice.line.plain for choice in app.screen.choices(80) if choice.id is None]
        groups = app.look.texts.action_groups
        assert 5 <= len(headings) == len(set(headings))
        assert set(headings) <= set(groups.values())
        await pilot.press("escape", "question_mark")
        shown = screen_text(app)
        assert headings[0] in shown.splitlines()

    play(scene, lesson=lesson_of(lesson), size=(80, 120), look=Look(80, language=language))


def test_typing_finds_lines_and_esc_shows_all_again() -> None:
    """Of the whole page one would have had to scroll through two screens for one key."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("question_mark", *"mask")
        lines = [line for line in screen_text(app).splitlines() if line]
        assert lines[1].startswith("/mask   2 of ")
        assert any(line.startswith("m  ") for line in lines)
        assert len(lines) < 10
        await pilot.press("backspace", "escape")
        assert "next lesson" in screen_text(app)
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape")
        assert isinstance(app.screen, LessonScreen)

    play(scene)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("key", ["question_mark", "ctrl+p"])
@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("en", "color"),
        ("en", "colour"),
        ("en", "colou"),
        ("en", "theme"),
        ("zh", "主题"),
        ("zh", "颜色"),
        ("zh", "配色"),
    ],
)
def test_colours_are_found_by_every_word_for_them(typed: str, language: str, key: str) -> None:
    """Who typed `color`, or `theme` as the option is called, was told that there is nothing."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press(key)
        burst(app, *typed)
        await pilot.pause()
        shown = screen_text(app)
        told = app.look.texts.actions["theme"] if key == "ctrl+p" else app.look.texts.action_help["theme"][:15]
        assert told in shown

    play(scene, look=Look(80, language=language))


def test_what_nothing_has_in_it_is_said_to_be_found_nowhere() -> None:
    """An empty page would have looked like a fault."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("question_mark", "slash", *"wq")
        assert "/wq   0 of " in screen_text(app)

    play(scene)


def test_help_leads_to_the_words_and_to_the_list_of_commands() -> None:
    """The list was named nowhere, so nobody knew of it."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("question_mark")
        assert "Ctrl+P" in screen_text(app).splitlines()[1]
        await pilot.press("ctrl+p")
        assert isinstance(app.screen, CommandsScreen)
        await pilot.press("escape", "question_mark", "w")
        assert isinstance(app.screen, GlossaryScreen)

    play(scene)


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_says_how_the_mouse_selects_text(language: str) -> None:
    """The application has the mouse: dragging selected nothing, and nothing said why."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("question_mark")
        assert "Shift" in screen_text(app)

    play(scene, size=(80, 120), look=Look(80, language=language))


def test_the_picker_s_help_is_searched_too() -> None:
    """The same keys would have done nothing there."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("o", "question_mark", *"type")
        assert "/type   " in screen_text(app)

    play(scene)
