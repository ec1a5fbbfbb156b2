"""What a typed line means: a keyboard key, the name of a command, a step's number or an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from ..narration.language import LanguageTexts
from ..tui import moves, what_if
from ..tui.actions import ACTIONS, acted
from ..tui.bound import Action
from ..tui.learning_actions import LEARNING_ACTIONS, LearningAct
from ..tui.moves import Move
from ..tui.state import LessonState

ON_SCREEN_ONLY = frozenset({"play", "faster", "slower", "read_on", "read_back", "theme", "suspend", "commands"})
"""Actions that mean nothing where there is no screen."""
_MOST_DIGITS = 6
_ARROWS = {"→": "right", "←": "left", "↑": "up", "↓": "down"}
_SENT = {"\x1b[A": "up", "\x1b[B": "down", "\x1b[C": "right", "\x1b[D": "left"}
"""What a terminal writes into the line when an arrow is pressed."""


def meant(line: str, state: LessonState) -> Move | Action[Any] | None:
    """A move of the lesson, an action of the application, or None where nothing is meant."""
    text = _plain(line, state.look.texts)
    if not text:
        return partial(acted, name="next_step")
    if text.isdecimal() and text.isascii():
        return partial(acted, name=f"jump_{text}") if len(text) == 1 and text != "0" else _step_or_flow(int(text[:6]))
    if text.startswith("g "):
        return lambda state: moves.gone_to(state, text[2:])
    if text.startswith("e "):
        return lambda state: what_if.edited(state, text[2:])
    named = _named(text, ACTIONS, state.look.texts.actions)
    if named:  # the way back from what is opened has the same name as the step before
        is_below = bool(state.trail.cells) or state.instead is not None
        return _of(*named[-1 if is_below else 0])
    return (lambda state: moves.gone_to(state, text)) if "[" in text or ":" in text or "#" in text else None


def meant_in_run(line: str, texts: LanguageTexts) -> Action[LearningAct] | int | None:
    """An action on a run, the number of an update, or None where nothing is meant; an empty line is the next update."""
    text = _plain(line, texts) or "n"
    if text.isdecimal() and text.isascii():
        return int(text[:_MOST_DIGITS])
    named = _named(text, LEARNING_ACTIONS, texts.learning_actions)
    return named[0][0] if named else None


def as_sent(line: str) -> str:
    """A line with an arrow that was pressed in it as the name of that key."""
    return _SENT.get(line.strip(), line)


def _plain(line: str, texts: LanguageTexts) -> str:
    """What is typed, with an arrow's word as the name of its key."""
    text = line.strip()
    return {texts.spoken["key_left"]: "left", texts.spoken["key_right"]: "right"}.get(text, text)


def _named(text: str, actions: Sequence[Action[Any]], labels: Mapping[str, str]) -> list[tuple[Action[Any], str]]:
    """The action that this is a keyboard key of, and the key; else those that are called so."""
    for action in actions:
        for key in _keys(action):
            if text == key or (len(key) > 1 and text.casefold() == key.casefold()):
                return [(action, key)]
    return [(action, "") for action in actions if text.casefold() == labels[action.name].casefold()]


def _keys(action: Action[Any]) -> Iterator[str]:
    """What stands for it: its keyboard keys as they are shown, and by their names."""
    if not action.is_numbered:
        yield from (*action.shown.split(), *action.bindings)


def _of(action: Action[Any], key: str) -> Move | Action[Any]:
    if action.of_app or action.name in ON_SCREEN_ONLY:
        return action
    name = _ARROWS.get(key, key)
    return partial(acted, name=f"{action.name}_{name}" if name in action.apart else action.name)


def _step_or_flow(number: int) -> Move:
    return moves.jump(number) if number else partial(acted, name="flow")
