"""An example with a place in it: what a report prints and the application opens."""

from __future__ import annotations

from ..records import record
from .stops import StopPlace
from .trace import Trace
from .walk import Place


@record(frozen=True)
class Lesson:
    """An example at a place."""

    trace: Trace
    place: Place
    asked: str
    """The example as it was asked for: a bundled name, a path, or `-`."""
    stops: tuple[StopPlace, ...] = ()
    """The teacher's way through it; empty: the whole walk."""
    others: tuple[int, ...] = ()
    """Queries to be shown beside the place's own."""
