"""Moves that may take their time: in a model of many layers, one number may need all that stand below it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from textual.screen import Screen

from ..engine.stopping import StoppedError
from ..errors import QkvtuiError
from .background import PATIENCE, Begun
from .state import LessonState

_QUICK = 1 << 10
"""Numbers of X of an example in which every move is quick."""
_STOPS = "close_cell"
"""The action whose keyboard keys also stop what takes its time."""


def _is_quick(state: LessonState) -> bool:
    """Whether moves in this example take no time: it is small, and no model whose numbers are still to be read."""
    shape = state.trace.shape
    return not state.trace.example.is_stored and shape.queries * (shape.d_model or 0) <= _QUICK


class Patience:
    """Makes a move at once where it is quick; else it goes on while the keyboard does, and can be stopped.

    `now` is the state that `screen` shows, `become` shows another one, `refuse` says why there is none.
    """

    def __init__(
        self,
        screen: Screen[Any],
        now: Callable[[], LessonState],
        become: Callable[[LessonState], None],
        refuse: Callable[[QkvtuiError], None],
    ) -> None:
        self._screen = screen
        self._now = now
        self._become = become
        self._refuse = refuse
        self._begun: Begun[LessonState] | None = None

    def make(self, move: Callable[[LessonState], LessonState]) -> None:
        """Show where a move leads, unless another is still being worked out; where it is impossible, say why."""
        try:
            self.attempt(move, self._refuse)
        except QkvtuiError as error:
            self._refuse(error)

    def attempt(self, move: Callable[[LessonState], LessonState], refuse: Callable[[QkvtuiError], None]) -> None:
        """The same for an answer: where it took its time, `refuse` says why it leads nowhere.

        Raises QkvtuiError where it is found at once to be impossible.
        """
        state = self._now()
        if self._begun is not None:
            return
        if _is_quick(state):
            self._become(move(state))
            return
        begun = Begun(partial(move, state))
        if begun.is_done_within(PATIENCE):
            self._become(begun.result())
            return
        self._begun = begun
        self._become(state.saying("working"))
        self._screen.run_worker(self._shown_when_done(begun, state, refuse))

    def is_stopped_by(self, name: str) -> bool:
        """Whether an action stops the move that is being worked out: its result is not waited for any more."""
        if self._begun is None or name != _STOPS:
            return False
        self._begun.stop()
        self._begun = None
        self._become(self._now().saying("stopped"))
        return True

    async def _shown_when_done(
        self, begun: Begun[LessonState], state: LessonState, refuse: Callable[[QkvtuiError], None]
    ) -> None:
        with suppress(QkvtuiError, StoppedError):  # told below, where somebody still waits for it
            await begun.future()
        if not self._is_awaited(begun, state):
            return
        try:
            self._become(replace(begun.result(), look=self._now().look))
        except QkvtuiError as error:
            refuse(error)

    def _is_awaited(self, begun: Begun[LessonState], state: LessonState) -> bool:
        """Whether it still is, now that it is done: not where it was stopped, or a teacher has led elsewhere."""
        if self._begun is not begun:
            return False
        self._begun = None
        return self._now().stands_at(state)
