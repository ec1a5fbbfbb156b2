"""A teacher's way through a lesson: stops, one after the other, or on the way of the whole walk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from ..records import record
from ..trace.stops import StopPlace
from ..trace.walk import Place


@record(frozen=True)
class Tour:
    """The stops of a lesson and which one is shown; a lesson without stops is never on tour."""

    stops: tuple[StopPlace, ...] = ()
    at: int = 0
    left: bool = False
    """Whether one walks freely: through all steps, with the stops on the way."""

    @property
    def followed(self) -> bool:
        """Whether moves between steps lead from stop to stop."""
        return bool(self.stops) and not self.left

    @property
    def at_last(self) -> bool:
        """Whether the current stop is the last one."""
        return self.at == len(self.stops) - 1

    @property
    def place(self) -> Place:
        """Where the current stop is."""
        return self.stops[self.at].place

    def here(self, place: Place) -> int | None:
        """Which stop is at this step, for this query and head, whatever the number; None where there is none."""
        among = (self.at, *(() if self.followed else range(len(self.stops))))
        return next((index for index in among if self.stops and _spot(self.stops[index].place) == _spot(place)), None)

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

    def met(self, name: str, here: Place, there: Place) -> Tour | None:
        """In the whole walk, the stop that the move of this name meets between two steps; None where it meets none.

        A step with several stops is left behind the last of them.
        """
        if self.followed or name not in ("next_step", "previous_step"):
            return None
        way: Callable[[range], Iterator[int]] = iter if name == "next_step" else reversed
        at = self.here(here)
        behind = range(0) if at is None else range(at + 1, len(self.stops)) if name == "next_step" else range(at)
        more = (index for index in way(behind) if _spot(self.stops[index].place) == _spot(here))
        beyond = (
            index
            for index in way(range(len(self.stops)))
            if _spot(there) != _spot(here) and _spot(self.stops[index].place) == _spot(there)
        )
        found = next(more, next(beyond, None))
        return None if found is None else replace(self, at=found)


def _spot(place: Place) -> tuple[int, int, int]:
    return place.step, place.query, place.head
