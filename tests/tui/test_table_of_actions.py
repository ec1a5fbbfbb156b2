"""The tables that bindings, footer, help page and command palette are made from: the lesson's, and learning's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

import pytest
from textual.command import CommandPalette
from textual.pilot import Pilot

from qkvtui.files.localized import LANGUAGES
from qkvtui.narration.language import language_texts
from qkvtui.tui.actions import ACTIONS, Action
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.learning_actions import LEARNING_ACTIONS, LearningAction
from qkvtui.tui.lesson import LessonScreen
from qkvtui.tui.pages import help_page
from qkvtui.views.look import Look

from .driving import play, screen_text
from .printed import printed

BOTH = pytest.mark.parametrize(
    ("table", "actions", "others"),
    [("", ACTIONS, frozenset({"close", "term"})), ("learning_", LEARNING_ACTIONS, frozenset({"run", "cell", "stop"}))],
    ids=["lesson", "learning"],
)
"""The tables of the two screens: the prefix of their texts, their actions, and texts that only the footer has."""


@BOTH
def test_every_action_has_its_texts_and_no_text_is_of_an_action_that_is_gone(
    table: str, actions: Sequence[Action | LearningAction], others: frozenset[str]
) -> None:
    """An action without a label or a sentence of help would end the help page in a KeyError, in one language only."""
    names = {action.name for action in actions}
    labels = names | others | {action.footer for action in actions if action.footer}
    missing, gone = [], []
    for language in LANGUAGES:
        texts = language_texts(language)
        for part, needed in ((f"{table}actions", labels), (f"{table}help" if table else "action_help", names)):
            there = {name for name, text in getattr(texts, part).items() if text.strip()}
            missing += [f"{language}.toml: {part}.{name}" for name in needed - there]
            gone += [f"{language}.toml: {part}.{name}" for name in there - needed]
    assert missing == []
    assert gone == []


@BOTH
def test_no_binding_is_used_twice(
    table: str, actions: Sequence[Action | LearningAction], others: frozenset[str]
) -> None:
    """The second action of a keyboard key would never be called."""
    used = Counter(key for action in actions for key in action.bindings)
    assert [key for key, count in used.items() if count > 1] == []
    assert [name for name, count in Counter(action.name for action in actions).items() if count > 1] == []


@BOTH
def test_every_action_leads_somewhere(
    table: str, actions: Sequence[Action | LearningAction], others: frozenset[str]
) -> None:
    """A binding to a method that does not exist does nothing, silently."""
    nowhere = [
        action.name
        for action in actions
        if action.act is None
        and getattr(action, "move", None) is None
        and not callable(getattr(QkvtuiApp if action.of_app else LessonScreen, f"action_{action.name}", None))
    ]
    assert nowhere == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_page_has_every_action_and_fits(language: str) -> None:
    """What is not on the help page is found by nobody."""
    look = Look(78, language=language)
    lines = printed(help_page(look), 78)
    text = "".join("".join(lines).split())
    for action in ACTIONS:
        assert any(line.startswith(action.shown) for line in lines), action.name
        assert "".join(look.texts.action_help[action.name].split()) in text, action.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_palette_has_every_action(language: str) -> None:
    """Someone who forgot the key looks there; `1 … 9` needs a digit and is the only one left out."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        commands = list(app.get_system_commands(app.screen))
        names = [action.name for action in ACTIONS if action.name != "jump"]
        assert [command.title for command in commands] == [app.look.texts.actions[name] for name in names]
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert isinstance(app.screen, CommandPalette)

    play(scene, look=Look(80, language=language))


def test_a_command_of_the_palette_does_what_its_key_does() -> None:
    """Choosing it closes the palette and acts on the lesson below."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        for name in ("next_step", "last_step", "language"):
            label = app.look.texts.actions[name]
            command = next(one for one in app.get_system_commands(app.screen) if one.title == label)
            assert isinstance(command.callback, partial)
            command.callback()
            await pilot.pause()
        assert screen.place.step == len(screen.trace.steps) - 1
        assert app.look.language == "zh"
        assert "第" in screen_text(app) or "步" in screen_text(app)

    play(scene)
