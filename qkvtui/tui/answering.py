"""What is done with an answer, and asked before changes are lost, whether there is a screen or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..errors import QkvtuiError
from . import asking, moves, predicting, searching, what_if, writing
from .messages import Asked, Message, Said, WriteAsked
from .moves import Move
from .state import LessonState
from .unwritten import Recovery, asked_before_leaving, count

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


class Answering:
    """Obeys what is typed where a lesson has asked for it, and asks itself before changes that no file has are lost.

    `now` is the lesson, `attempt` makes a move in it (and is given what says later why it is impossible, where it takes
    its time), `become` shows another state, `tell` asks or says something.
    """

    def __init__(
        self,
        now: Callable[[], LessonState],
        attempt: Callable[[Move, Callable[[QkvtuiError], None]], None],
        become: Callable[[LessonState], None],
        tell: Callable[[Message], None],
        recovery: Recovery,
    ) -> None:
        self._now, self._attempt, self._become, self._tell = now, attempt, become, tell
        self._recovery = recovery
        self._then: Callable[[], object] | None = None
        """What is done once the changes are written or dropped."""

    def before_losing(self, then: Callable[[], object]) -> None:
        """Do what loses the changes that no file has; where there are some, once they are written or dropped."""
        state = self._now()
        if not count(state):
            then()
            return
        self._then = then
        self._tell(asked_before_leaving(state))

    def write(self) -> None:
        """Ask for the name of a file to write the lesson to. Raises UsageError for a model."""
        self._tell(writing.write(self._now().original, "changed"))

    def answered(self, asked: Asked, text: str) -> None:
        """Go to an address, search, change, judge, write. Raises QkvtuiError where the text is no answer."""
        if asked.purpose in ANSWERS:
            self._attempt(
                lambda state: ANSWERS[asked.purpose](state, text),
                lambda error: self._tell(replace(asked, proposal=text, refusal=str(error))),
            )
        elif asked.purpose == "leave":
            self._decided(text)
        elif asked.purpose in ("recover", "unfitting"):
            self._become(self._recovery.answered(text, self._now()))
        else:
            state = self._now()
            self._told_of_writing(writing.answered(asked, text, state.original, state.trace.example))

    def not_answered(self, asked: Asked) -> None:
        """What was to be predicted is shown; where one was to leave, one stays."""
        self._then = None
        if not asked.keys:
            self._become(left(self._now(), asked.purpose))

    def _decided(self, key: str) -> None:
        """`w` writes first, `d` drops the changes, anything else stays."""
        if key == "w":
            self._tell(WriteAsked())
        elif key == "d":
            self._go_on()
        else:
            self._then = None

    def _told_of_writing(self, said: Asked | Said) -> None:
        """Go on once they are written; where they could not be, stay. A question goes on with the writing."""
        is_written = writing.is_written(said)
        if is_written:
            state = self._now()
            self._become(replace(state, written=state.trace.example, notice=""))
        self._tell(said)
        if is_written:
            self._go_on()
        elif isinstance(said, Said):
            self._then = None

    def _go_on(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()
