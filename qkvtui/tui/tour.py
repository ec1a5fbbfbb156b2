"""A teacher's way through a lesson: stops, one after the other."""

from __future__ import annotations

from dataclasses import replace

from rich.text import Text

from ..narration.own import own_sentence
from ..narration.sentences import plain
from ..records import record
from ..trace.stops import StopPlace
from ..trace.trace import Trace
from ..trace.walk import Place
from ..views.look import Look
from ..views.wrapping import wrap


@record(frozen=True)
class Tour:
    """The stops of a lesson and which one is shown; a lesson without stops is never on tour."""

    stops: tuple[StopPlace, ...] = ()
    at: int = 0
    left: bool = False
    """Whether one walks freely for now."""

    @property
    def followed(self) -> bool:
        """Whether moves between steps lead from stop to stop."""
        return bool(self.stops) and not self.left

    @property
    def place(self) -> Place:
        """Where the current stop is."""
        return self.stops[self.at].place

    def toggled(self) -> Tour:
        """The stops are followed, or left."""
        return replace(self, left=not self.left)

    def moved(self, name: str) -> Tour | None:
        """At another stop, where the move of this name is one between steps; else None."""
        to = {
            "next_step": self.at + 1,
            "previous_step": self.at - 1,
            "first_step": 0,
            "last_step": len(self.stops) - 1,
        }
        if not self.followed or name not in to:
            return None
        return replace(self, at=max(0, min(to[name], len(self.stops) - 1)))

    def lines(self, trace: Trace, place: Place, look: Look) -> list[Text]:
        """What the teacher says, while one is where the stop is."""
        if not self.followed or place != self.place:
            return []
        text = self.stops[self.at].text
        told = "" if text is None else text.in_language(look.language)
        own = own_sentence(told, trace.as_written, look.digits, look.hidden.names(place.head))
        numbers = {"number": plain(str(self.at + 1)), "count": plain(str(len(self.stops)))}
        line = look.filled_word("stop", **numbers, text=own) if own else look.filled_word("stop_alone", **numbers)
        return wrap(Text(line.text, look.palette.query), look.width)
