"""The tables that bindings, footer, help page and command palette are made from: the lesson's, and learning's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, get_args

import pytest
from textual.pilot import Pilot

from qkvtui.localized import LANGUAGES
from qkvtui.narration.language import language_texts
from qkvtui.tui.actions import ACTIONS, ACTS, has
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.bound import Action, Need, is_offered, offered
from qkvtui.tui.command_list import CommandsScreen, commands_of
from qkvtui.tui.learning_actions import LEARNING_ACTIONS
from qkvtui.tui.lesson import LessonScreen
from qkvtui.tui.looks import LOOKS
from qkvtui.tui.pages import help_page
from qkvtui.views.look import Look

from .driving import play, screen_text, settle
from .printed import printed

EVERYTHING: frozenset[Need] = frozenset(get_args(Need))

BOTH = pytest.mark.parametrize(
    ("table", "actions", "others"),
    [
        (
            "",
            ACTIONS,
            frozenset(
                {"close", "term", "choose", "glossary", "move", "key", "to_step", "to_and_fro", "next_lesson", "put_in"}
            ),
        ),
        ("learning_", LEARNING_ACTIONS, frozenset({"run", "cell", "stop"})),
    ],
    ids=["lesson", "learning"],
)
"""The tables of the two screens: the prefix of their texts, their actions, and texts that only the footer has."""


@BOTH
def test_every_action_has_its_texts_and_no_text_is_of_an_action_that_is_gone(
    table: str, actions: Sequence[Action[Any]], others: frozenset[str]
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
def test_no_binding_is_used_twice(table: str, actions: Sequence[Action[Any]], others: frozenset[str]) -> None:
    """The second action of a keyboard key would never be called."""
    used = Counter(key for action in actions for key in action.bindings)
    assert [key for key, count in used.items() if count > 1] == []
    assert [name for name, count in Counter(action.name for action in actions).items() if count > 1] == []


@BOTH
def test_every_action_leads_somewhere(table: str, actions: Sequence[Action[Any]], others: frozenset[str]) -> None:
    """A binding to a method that does not exist does nothing, silently."""
    nowhere = [
        action.name
        for action in actions
        if (action.of_app and not action.is_look and not callable(getattr(QkvtuiApp, f"action_{action.name}", None)))
        or (action.is_look and action.name not in LOOKS)
        or (action.is_numbered and not all(f"{action.name}_{key}" in ACTS for key in action.bindings))
    ]
    assert nowhere == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_page_has_every_action_and_fits(language: str) -> None:
    """What is not on the help page is found by nobody."""
    look = Look(78, language=language)
    lines = printed(
        help_page(
            look, offered(ACTIONS, look.texts.actions, look.texts.action_help, look.texts.action_groups, EVERYTHING)
        ),
        78,
    )
    text = "".join("".join(lines).split())
    for action in ACTIONS:
        assert any(line.startswith(look.keys(action.shown)) for line in lines), action.name
        assert "".join(look.texts.action_help[action.name].split()) in text, action.name


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_palette_has_every_action(language: str) -> None:
    """Someone who forgot the key looks there; the palette itself, `1 … 9`, which needs a digit, and what one lesson
    of one head has nothing for are left out.
    """

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        there = has(screen.state)
        names = [
            action.name for action in ACTIONS if action.name not in ("jump", "commands") and is_offered(action, there)
        ]
        assert "heads" not in names
        assert "write" in names
        assert [offer.label for offer in commands_of(screen)] == [app.look.texts.actions[name] for name in names]
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert isinstance(app.screen, CommandsScreen)
        assert [choice.id for choice in app.screen.choices(80) if choice.id is not None] == names

    play(scene, look=Look(80, language=language))


@pytest.mark.slow
def test_a_command_of_the_palette_does_what_its_key_does() -> None:
    """Choosing it closes the palette and acts on the lesson below."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        for name in ("next_step", "last_step", "language"):
            await pilot.press("ctrl+p", *app.look.texts.actions[name], "enter")
            await settle(pilot)
        assert screen.state.place.step == len(screen.state.trace.walk) - 1
        assert app.look.language == "zh"
        assert "第" in screen_text(app) or "步" in screen_text(app)

    play(scene)
