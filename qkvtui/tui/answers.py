"""What is done with a line that was typed in a lesson, by what it was asked for."""

from __future__ import annotations

from collections.abc import Callable

from . import asking, moves, predicting, searching, what_if
from .state import LessonState

ANSWERS: dict[str, Callable[[LessonState, str], LessonState]] = {
    "go_to": moves.gone_to,
    "search": searching.searched,
    "edit": what_if.edited,
    "predict": predicting.predicted,
    "guess": predicting.guessed,
    "asked": asking.answered,
}
"""May raise QkvtuiError."""


def left(state: LessonState, purpose: str) -> LessonState:
    """The line was left without an answer: what was to be predicted is shown."""
    return asking.skip(state) if purpose == "asked" else predicting.not_predicted(state)
