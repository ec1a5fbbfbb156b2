"""A teacher's stops in a trace: places to show one after the other, each with a text."""

from __future__ import annotations

from ..errors import ExampleError, Problem, UsageError
from ..localized import Localized
from ..records import record
from ..said import say
from .addresses import parse_address
from .trace import Trace
from .walk import Place, start, to_address


@record(frozen=True)
class StopPlace:
    """One stop: where, and what the teacher says there."""

    place: Place
    text: Localized | None


def stop_places(trace: Trace) -> tuple[StopPlace, ...]:
    """The file's stops in order. Raises ExampleError with every address that names nothing."""
    found: list[StopPlace] = []
    problems: list[Problem] = []
    place = start(trace)
    for index, stop in enumerate(trace.example.stops):
        try:
            place = to_address(trace, place, parse_address(trace, stop.address))
        except UsageError as error:
            problems.append(Problem(say("stops, entry {index}, address", index=index), str(error)))
            continue
        found.append(StopPlace(place, stop.text))
    if problems:
        raise ExampleError(trace.example.file, problems)
    return tuple(found)
