"""A session without a screen, for tests: what is typed, and what is heard."""

from __future__ import annotations

from qkvtui.linear.session import LinearSession
from qkvtui.memory.state import Memory
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look


class Heard:
    """A session, and what it wrote last."""

    def __init__(self, example: str = "animal", language: str = "en") -> None:
        self._written: list[str] = []
        look = Look(80, language=language)
        self.session = LinearSession(lesson_of(example), look, Memory(), lesson_of, self._written.append)
        self.beginning = self._said()

    def says(self, *lines: str) -> str:
        """What is written after these lines."""
        for line in lines:
            self.session.typed(line + "\n")
        return self._said()

    def _said(self) -> str:
        said = "".join(self._written)
        self._written.clear()
        return said
