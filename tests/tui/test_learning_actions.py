"""The table that the learning screen's bindings, footer, help page and command palette are made from."""

from __future__ import annotations

from collections import Counter

import pytest
from textual.pilot import Pilot

from qkvtui.localized import LANGUAGES
from qkvtui.narration.language import language_texts
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.bound import Action, offered
from qkvtui.tui.command_list import commands_of
from qkvtui.tui.learning import LearningScreen
from qkvtui.tui.learning_actions import LEARNING_ACTIONS, LearningAct
from qkvtui.tui.lesson import lesson_of
from qkvtui.tui.pages import help_page
from qkvtui.views.look import Look

from .driving import lesson_screen_of, play, settle
from .printed import printed

NOT_ACTIONS = {"run", "cell", "stop"}
"""Texts that only the footer has."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("action", LEARNING_ACTIONS, ids=lambda action: action.name)
def test_every_action_has_its_texts(action: Action[LearningAct], language: str) -> None:
    """An action without a label or a sentence of help would end the help page in a KeyError, in one language only."""
    texts = language_texts(language)
    assert texts.learning_actions[action.name].strip()
    assert texts.learning_help[action.name].strip()
    if action.footer:
        assert texts.learning_actions[action.footer].strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_of_an_action_that_is_gone(language: str) -> None:
    """A text that nobody shows is one more for translators."""
    names = {action.name for action in LEARNING_ACTIONS}
    assert set(language_texts(language).learning_help) == names
    assert set(language_texts(language).learning_actions) == names | NOT_ACTIONS


def test_no_binding_is_used_twice() -> None:
    """The second action of a keyboard key would never be called."""
    used = Counter(key for action in LEARNING_ACTIONS for key in action.bindings)
    assert [key for key, count in used.items() if count > 1] == []


@pytest.mark.parametrize("action", LEARNING_ACTIONS, ids=lambda action: action.name)
def test_every_action_leads_somewhere(action: Action[LearningAct]) -> None:
    """A binding to a method that does not exist does nothing, silently."""
    assert action.of_app == (action.act is None)
    assert not action.of_app or callable(getattr(QkvtuiApp, f"action_{action.name}"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_page_has_every_action_and_fits(language: str) -> None:
    """What is not on the help page is found by nobody."""
    look = Look(78, language=language)
    offers = offered(LEARNING_ACTIONS, look.texts.learning_actions, look.texts.learning_help)
    lines = printed(help_page(look, offers, "learning_"), 78)
    text = "".join("".join(lines).split())
    for action in LEARNING_ACTIONS:
        assert any(line.startswith(action.shown) for line in lines), action.name
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

    play(scene, lesson=lesson_of("animal-learn"))


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
