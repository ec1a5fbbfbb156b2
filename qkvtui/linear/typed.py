"""What a typed line means: a keyboard key, the name of a command, a step's number or an address."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from ..tui import moves
from ..tui.actions import ACTIONS, acted
from ..tui.bound import Action
from ..tui.moves import Move
from ..tui.state import LessonState

ON_SCREEN_ONLY = frozenset({"play", "faster", "slower", "read_on", "read_back", "theme", "suspend", "commands"})
"""Actions that mean nothing where there is no screen."""
_ARROWS = {"→": "right", "←": "left", "↑": "up", "↓": "down"}
_SENT = {"\x1b[A": "up", "\x1b[B": "down", "\x1b[C": "right", "\x1b[D": "left"}
"""What a terminal writes into the line when an arrow is pressed."""


def meant(line: str, state: LessonState) -> Move | Action[Any] | None:
    """A move of the lesson, an action of the application, or None where nothing is meant."""
    words = state.look.texts.spoken
    text = {words["key_left"]: "left", words["key_right"]: "right"}.get(line.strip(), line.strip())
    if not text:
        return partial(acted, name="next_step")
    if text.isdecimal() and text.isascii():
        return partial(acted, name=f"jump_{text}") if len(text) == 1 and text != "0" else _step_or_flow(int(text[:6]))
    if text.startswith("g "):
        return lambda state: moves.gone_to(state, text[2:])
    for action in ACTIONS:
        for key in _keys(action):
            if text == key or (len(key) > 1 and text.casefold() == key.casefold()):
                return _of(action, key)
    labels = state.look.texts.actions
    named = [action for action in ACTIONS if text.casefold() == labels[action.name].casefold()]
    if named:  # the way back from what is opened has the same name as the step before
        is_below = bool(state.trail.cells) or state.instead is not None
        return _of(named[-1 if is_below else 0], "")
    return (lambda state: moves.gone_to(state, text)) if "[" in text or ":" in text or "#" in text else None


def as_sent(line: str) -> str:
    """A line with an arrow that was pressed in it as the name of that key."""
    return _SENT.get(line.strip(), line)


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
