"""Following a teacher's stops, or leaving them for the whole walk."""

from __future__ import annotations

from rich.text import Text

from ..trace.stops import StopPlace
from ..trace.walk import Place
from ..views.look import Look
from ..views.wrapping import wrap


class Tour:
    """The stops of a lesson and which one is shown; a lesson without stops is never on tour."""

    def __init__(self, stops: tuple[StopPlace, ...]) -> None:
        self._stops = stops
        self._at = 0
        self.followed = bool(stops)

    @property
    def place(self) -> Place:
        """Where the current stop is."""
        return self._stops[self._at].place

    def toggle(self) -> None:
        """Follow the stops, or leave them."""
        self.followed = bool(self._stops) and not self.followed

    def moved(self, name: str) -> bool:
        """Go to another stop where the move of this name is one between steps; whether it was."""
        to = {
            "next_step": self._at + 1,
            "previous_step": self._at - 1,
            "first_step": 0,
            "last_step": len(self._stops) - 1,
        }
        if not self.followed or name not in to:
            return False
        self._at = max(0, min(to[name], len(self._stops) - 1))
        return True

    def lines(self, place: Place, look: Look) -> list[Text]:
        """What the teacher says, while one is where the stop is."""
        if not self.followed or place != self.place:
            return []
        text = self._stops[self._at].text
        number = look.word("stop", number=self._at + 1, count=len(self._stops))
        said = "" if text is None else text.in_language(look.language).strip()
        return wrap(Text(f"{number} {said}".strip(), look.palette.query), look.width)
