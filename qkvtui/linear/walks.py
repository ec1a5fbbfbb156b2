"""The lesson that is walked through, and above it, if one has gone there, a moment of its run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..errors import QkvtuiError
from ..memory.state import Memory
from ..trace.lesson import Lesson
from ..tui.answering import Answering
from ..tui.messages import Message
from ..tui.moves import Move
from ..tui.remembering import Remembering
from ..tui.state import LessonState
from ..tui.unwritten import Recovery
from .heard import ReadOut


class Walking:
    """One of them: where one is in it, and what keeps track of that. `attempt` and the others are as in Answering."""

    def __init__(
        self,
        lesson: Lesson,
        state: LessonState,
        memory: Memory,
        attempt: Callable[[Move, Callable[[QkvtuiError], None]], None],
        become: Callable[[LessonState], None],
        tell: Callable[[Message], None],
    ) -> None:
        self.name = lesson.asked
        """As it was asked for."""
        self.state = state
        self.heard = ReadOut()
        self.remembering = Remembering(memory, lesson.asked)
        self.recovery = Recovery(memory.unwritten, lesson.asked, is_moment=state.moment is not None)
        self.answering = Answering(lambda: self.state, attempt, become, tell, self.recovery)

    def show(self, state: LessonState) -> list[str]:
        """Be at another state; what is to be read of it.

        Raises QkvtuiError, and stays, where a number of its page is impossible.
        """
        lines = self.heard.lines(state)
        self.state = state
        self.remembering.walked(state)
        return lines


class Walks:
    """The one that is walked through is the last. `refuse` says why something is impossible."""

    def __init__(self, refuse: Callable[[QkvtuiError], None]) -> None:
        self._refuse = refuse
        self._all: list[Walking] = []

    @property
    def now(self) -> Walking:
        """The one that is walked through."""
        return self._all[-1]

    @property
    def in_moment(self) -> bool:
        """Whether that is a moment of the lesson's run."""
        return len(self._all) > 1

    def begin(self, walking: Walking) -> None:
        """Walk through it in place of all others."""
        self._all = [walking]

    def enter(self, walking: Walking) -> None:
        """Walk through a moment, until one comes back."""
        self._all.append(walking)

    def back(self) -> None:
        """From the moment, in the language that one has come to read in."""
        look = self._all.pop().state.look
        self.now.state = replace(self.now.state, look=look)

    def before_losing(self, then: Callable[[], object]) -> None:
        """Do what loses changes once they are written or dropped; where it is impossible then, say so."""

        def do() -> None:
            try:
                then()
            except QkvtuiError as error:
                self._refuse(error)

        self.now.answering.before_losing(do)

    def leave(self, then: Callable[[], object]) -> None:
        """Leave the moment, if one is there, and the lesson; each is asked about changes of its own."""

        def leave_lesson() -> None:
            self.back()
            self.before_losing(then)

        self.before_losing(leave_lesson if self.in_moment else then)

    def keep(self) -> None:
        """Changes that no file has, for the next session."""
        for walking in self._all:
            walking.recovery.keep(walking.state)
