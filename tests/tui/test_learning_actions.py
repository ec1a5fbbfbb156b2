"""The table that the learning screen's bindings, footer, help page and command palette are made from."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from qkvtui.localized import LANGUAGES
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.command_list import commands_of
from qkvtui.tui.learning import LearningScreen
from qkvtui.tui.learning_actions import LEARNING_ACTIONS, offers
from qkvtui.tui.pages import help_page
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look

from .driving import lesson_screen_of, opened, play, settle
from .printed import printed


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_page_has_every_action_and_fits(language: str) -> None:
    """What is not on the help page is found by nobody."""
    look = Look(78, language=language)
    lines = printed(help_page(look, offers(look.texts), "learning_"), 78)
    text = "".join("".join(lines).split())
    for action in LEARNING_ACTIONS:
        assert any(line.startswith(look.keys(action.shown)) for line in lines), action.name
        assert "".join(look.texts.learning_help[action.name].split()) in text, action.name


def test_the_command_palette_offers_what_this_screen_can_do() -> None:
    """The lesson's commands would have been offered, and have done nothing."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("L")
        await settle(pilot)
        assert isinstance(app.screen, LearningScreen)
        names = [action.name for action in LEARNING_ACTIONS if action.name != "commands"]
        labels = app.look.texts.learning_actions
        assert [offer.label for offer in commands_of(app.screen)] == [labels[name] for name in names]

    play(scene, lesson=opened("animal-learn"))


def test_the_lessons_help_page_has_learning_only_where_there_is_a_task() -> None:
    """A key would have been offered that leads nowhere."""
    look = Look(78)
    about = look.texts.action_help["learn"].split()[0]
    for example in ("animal", "animal-learn"):

        async def scene(app: QkvtuiApp, pilot: Pilot[None], example: str = example) -> None:
            lines = printed(lesson_screen_of(app).help(look), 78)
            offered = any(line.startswith("L ") and about in line for line in lines)
            assert offered == (example == "animal-learn")

        play(scene, lesson=lesson_of(example))
