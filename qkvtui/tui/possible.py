"""Pages of which a number may turn out to be impossible only when they are drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from ..errors import QkvtuiError
from ..views.look import Look
from .drawn import first_line
from .state import LessonState, beginning

T = TypeVar("T")


class PossiblePage:
    """Goes back to what was shown last, and says why, where the page of a lesson is impossible.

    `first` is where to go back to at the beginning; `show` draws a state; `again` has the current one shown again as
    soon as may be, where that is found while the terminal paints by itself: at the first page, and in another size.
    """

    def __init__(self, first: LessonState, show: Callable[[LessonState], None], again: Callable[[], object]) -> None:
        self._last = first
        self._show = show
        self._again = again
        self._is_showing = False
        self._reason: QkvtuiError | None = None

    def of(self, of_page: Callable[[], T]) -> T | None:
        """What is made of the page; None where a number of it is impossible."""
        try:
            return of_page()
        except QkvtuiError as error:
            self._reason = error
            if not self._is_showing:
                self._again()
            return None

    def shown(self, state: LessonState) -> LessonState:
        """The state once it is drawn; else the one that was shown last, or the lesson's first step, and why."""
        self._is_showing = True
        why = self._why_not(state)
        if why:
            state = _instead(self._last, state.look, why)
            if self._why_not(state):
                state = _instead(beginning(state), state.look, why)
                self._why_not(state)
        self._is_showing = False
        self._last = replace(state, message=None)
        return state

    def _why_not(self, state: LessonState) -> str:
        """Show it; why that is impossible, empty where it is not."""
        self._reason = None
        self._show(state)
        return "" if self._reason is None else first_line(self._reason, state.look.language)


def _instead(state: LessonState, look: Look, why: str) -> LessonState:
    return replace(state, look=look, notice=why, plays=False, message=None)
