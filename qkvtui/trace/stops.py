"""A teacher's stops in a trace: places to show one after the other, each with a text; a stop may ask."""

from __future__ import annotations

from ..errors import ExampleError, Problem, UsageError
from ..files.phrases import with_commas
from ..graph.proposals import LessonQuestion, Stop
from ..localized import Localized
from ..records import record
from ..said import say
from .addresses import parse_address
from .blanks import computed_steps
from .shown_at import to_address
from .trace import Trace
from .walk import Place, cell_of, start


@record(frozen=True)
class StopPlace:
    """One stop: where, what the teacher says there, and what is asked."""

    place: Place
    text: Localized | None
    question: LessonQuestion | None = None
    """Its text is the stop's own."""
    blank: tuple[str, ...] = ()
    """The ids of the steps that are left blank meanwhile."""

    @property
    def asks(self) -> bool:
        """Whether something is left to the learner."""
        return self.question is not None or bool(self.blank)


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
        steps = _blank(trace, stop, place)
        there = [step.id for step in computed_steps(trace)]
        for step in steps:
            if step not in there:
                where = say("stops, entry {index}, blank", index=index)
                problem = say("there is nothing to fill in at {step}", step=step)
                problems.append(Problem(where, problem, say("it has {names}", names=with_commas(there))))
        found.append(StopPlace(place, stop.text, stop.question, steps))
    if problems:
        raise ExampleError(trace.example.file, problems)
    return tuple(found)


def _blank(trace: Trace, stop: Stop, place: Place) -> tuple[str, ...]:
    """The steps that are left blank; where a choice is asked for, unless the file says otherwise, the one shown."""
    here = cell_of(trace, place).name
    if isinstance(stop.blank, tuple):
        return stop.blank
    if stop.blank is None and stop.question is not None and stop.question.choices:
        return tuple(step.id for step in computed_steps(trace) if step.id == here)
    return (here,) if stop.blank else ()
