"""Finding a token by its text, among thousands at once."""

from __future__ import annotations

from dataclasses import replace

from ..errors import UsageError
from .state import LessonState


def ask(state: LessonState) -> LessonState:
    """Ask for a text; none at all means the one before."""
    return state.asking("search", "", "search_again" if state.sought else "search_hint", text=state.sought)


def searched(state: LessonState, text: str) -> LessonState:
    """The next token with this text in it is the one that is looked at. Raises UsageError where there is none."""
    sought = text if text.strip() else state.sought
    if sought and not matches(state.trace.example.keys, sought):
        raise UsageError(state.look.texts.screen["not_found"].format(text=sought))
    return _to_match(replace(state, sought=sought), 1)


def back(state: LessonState) -> LessonState:
    """The match before."""
    return _to_match(state, -1)


def matches(tokens: tuple[str, ...], text: str) -> list[int]:
    """The indices of the tokens that hold the text, capital letters or not."""
    wanted = text.casefold()
    return [index for index, token in enumerate(tokens) if wanted in token.casefold()]


def _to_match(state: LessonState, by: int) -> LessonState:
    if not state.sought:
        return state.saying("nothing_sought")
    keys, key = state.trace.example.keys, state.place.key
    found = matches(keys, state.sought)
    if not found:
        return state.saying("not_found", text=state.sought)
    before = sum(index < key for index in found)
    at = before + (key in found) if by > 0 else before - 1
    at %= len(found)
    there = state.walked(replace(state.place, key=found[at]))
    return there.saying("found", token=keys[found[at]], index=str(found[at]), number=str(at + 1), count=str(len(found)))
