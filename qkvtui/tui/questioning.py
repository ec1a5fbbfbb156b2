"""Asking why: the questions of a step in its place, their answers, and the words."""

from __future__ import annotations

from dataclasses import replace

from .instead import Questioned
from .messages import GlossaryAsked, TurnAsked
from .moves import Move
from .state import LessonState

_TO_END = 1 << 10
"""More parts than an answer has."""

KEPT = frozenset(
    (
        *("next_cell", "previous_cell", "next_head", "previous_head", "read_on", "read_back"),
        *("scale", "causal", "softmax", "round", "colder", "warmer", "undo", "redo"),
    )
)
"""Actions after which the same question is answered with other numbers."""


def ask(state: LessonState) -> LessonState:
    """The questions, in the place of the step."""
    return _showing(replace(state, plays=False), Questioned())


def back(state: LessonState) -> LessonState:
    """From an answer to the questions, from them to the step."""
    at = _asked(state)
    return _showing(state, Questioned(at.chosen) if at.opened else None)


def move(by: int) -> Move:
    """To another question; in an answer, on or back."""

    def moved(state: LessonState) -> LessonState:
        at = _asked(state)
        if at.opened:
            return state.telling(TurnAsked(by))
        return _showing(state, Questioned(max(0, min(at.chosen + by, _count(state)))))

    return moved


def move_to_end(by: int) -> Move:
    """To the first or last question; in an answer, to its beginning or end."""

    def moved(state: LessonState) -> LessonState:
        if _asked(state).opened:
            return state.telling(TurnAsked(by * _TO_END))
        return _showing(state, Questioned(0 if by < 0 else _count(state) - 1))

    return moved


def open_at(index: int) -> Move:
    """The answer to the question at this place of the list; behind them all, the words."""

    def opened(state: LessonState) -> LessonState:
        return words(state) if index == _count(state) else _showing(state, Questioned(index, opened=True))

    return opened


def open_chosen(state: LessonState) -> LessonState:
    """The answer to the chosen question."""
    at = _asked(state)
    return state if at.opened else open_at(at.chosen)(state)


def words(state: LessonState) -> LessonState:
    """What the words mean."""
    return state.telling(GlossaryAsked())


ACTS_ON_QUESTIONS: dict[str, Move] = {
    "line_up": move(-1),
    "line_down": move(1),
    "first_step": move_to_end(-1),
    "last_step": move_to_end(1),
    "open_cell": open_chosen,
    "close_cell": back,
    "why": back,
    "write": words,
    **{f"jump_{number}": open_at(number - 1) for number in range(1, 10)},
}
"""What some actions do while the questions stand in the place of the step."""


def _count(state: LessonState) -> int:
    """How many questions there are."""
    from ..pages.questions.table import questions_of  # the first frame of a lesson does not wait for it

    return len(questions_of(state.trace))


def _asked(state: LessonState) -> Questioned:
    return state.questioned or Questioned()


def _showing(state: LessonState, what: Questioned | None) -> LessonState:
    return replace(state, instead=what, turned=0, notice="")
