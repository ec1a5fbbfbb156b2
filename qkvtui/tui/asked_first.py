"""A lesson whose changes no file has: asked about before it is left."""

from __future__ import annotations

from collections.abc import Callable

from .messages import Asked, Message, Said, WriteAsked
from .state import LessonState
from .unwritten import asked_before_leaving
from .writing import is_written


class AskedFirst:
    """What is to be done once the changes of a lesson are written or dropped; `tell` asks."""

    def __init__(self, tell: Callable[[Message], None]) -> None:
        self._tell = tell
        self._leave: Callable[[], object] | None = None

    def ask(self, state: LessonState, leave: Callable[[], object]) -> None:
        """Ask about the changes, and leave once they are written or dropped."""
        self._leave = leave
        self._tell(asked_before_leaving(state))

    def answered(self, key: str) -> None:
        """`w` writes first, `d` leaves, anything else stays."""
        if key == "w":
            self._tell(WriteAsked())
        elif key == "d":
            self.go_on()
        else:
            self.stay()

    def after_writing(self, said: Asked | Said) -> None:
        """Leave once they are written; where they could not be, stay. A question goes on with the writing."""
        if is_written(said):
            self.go_on()
        elif isinstance(said, Said):
            self.stay()

    def stay(self) -> None:
        """Leave no more."""
        self._leave = None

    def go_on(self) -> None:
        """Leave, where that has been waited for."""
        leave, self._leave = self._leave, None
        if leave is not None:
            leave()
