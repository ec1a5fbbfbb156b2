"""Finding a token by its text, among thousands at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import UsageError
from .prompt import LinePrompt

if TYPE_CHECKING:
    from .lesson import LessonScreen


def ask(screen: LessonScreen) -> None:
    """Ask for a text; none at all means the one before."""
    hint = "search_again" if screen.sought else "search_hint"
    screen.query_one(LinePrompt).ask("search", "", hint, text=screen.sought)


def searched(screen: LessonScreen, text: str) -> None:
    """The next token with this text in it is the one that is looked at. Raises UsageError where there is none."""
    sought = text if text.strip() else screen.sought
    if sought and not matches(screen.trace.example.keys, sought):
        raise UsageError(screen.app.look.texts.screen["not_found"].format(text=sought))
    screen.sought = sought
    _to_match(screen, 1)


def back(screen: LessonScreen) -> None:
    """The match before."""
    _to_match(screen, -1)


def matches(tokens: tuple[str, ...], text: str) -> list[int]:
    """The indices of the tokens that hold the text, capital letters or not."""
    wanted = text.casefold()
    return [index for index, token in enumerate(tokens) if wanted in token.casefold()]


def _to_match(screen: LessonScreen, by: int) -> None:
    if not screen.sought:
        return
    keys, key = screen.trace.example.keys, screen.place.key
    found = matches(keys, screen.sought)
    if not found:
        screen.say("not_found", text=screen.sought)
        return
    before = sum(index < key for index in found)
    at = before + (key in found) if by > 0 else before - 1
    at %= len(found)
    screen.walk_to(replace(screen.place, key=found[at]))
    screen.say("found", token=keys[found[at]], index=str(found[at]), number=str(at + 1), count=str(len(found)))
