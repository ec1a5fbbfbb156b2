"""What the lesson asks where one is: by a stop, or at its end; and what is not shown until it is answered."""

from __future__ import annotations

from dataclasses import replace

from ..graph.proposals import LessonQuestion
from ..localized import Localized
from ..records import record
from ..trace.asked import hidden_by
from ..trace.hidden import NOTHING, Hidden
from ..trace.walk import Place
from .state import LessonState


@record(frozen=True)
class Pending:
    """One question, or blanks to be filled in, or only a text."""

    name: str
    """`stop 2`, `question 0`."""
    index: int
    """Among the stops, or the questions."""
    text: Localized | None
    question: LessonQuestion | None
    blank: tuple[str, ...] = ()
    """The ids of steps that are left blank."""
    place: Place | None = None
    """None for a question at the end."""

    @property
    def asks(self) -> bool:
        """Whether something is left to the learner."""
        return self.question is not None or bool(self.blank)


def told_here(state: LessonState) -> Pending | None:
    """The stop one is at, answered or not; behind it, at the end of the lesson, the next question that is open."""
    here = state.tour.here(state.place)
    stop = None
    if here is not None:
        at = state.tour.stops[here]
        stop = Pending(f"stop {here}", here, at.text, at.question, at.blank, at.place)
    if stop is not None and is_open(state, stop):
        return stop
    if state.at_end:
        for index, question in enumerate(state.trace.example.questions):
            asked = Pending(f"question {index}", index, question.text, question)
            if is_open(state, asked):
                return asked
    return stop


def is_open(state: LessonState, asked: Pending) -> bool:
    """Whether it asks, and is neither answered nor skipped. With other numbers than the file's nothing is asked."""
    return asked.asks and asked.name not in state.settled and state.trace.as_written is state.trace


def pending(state: LessonState) -> Pending | None:
    """What is asked here and not yet answered; None: nothing."""
    asked = told_here(state)
    return asked if asked is not None and is_open(state, asked) else None


def is_in_sight(state: LessonState) -> bool:
    """Whether the step itself is shown, and with it what is asked there."""
    return state.instead is None and state.pinned is None and not state.trail.cells


def settle(state: LessonState, asked: Pending) -> LessonState:
    """It was answered or skipped."""
    return replace(state, settled=state.settled | {asked.name})


def hidden_in(state: LessonState) -> Hidden:
    """What is not shown: the number that is asked for, and what is left blank."""
    predicted = state.predictions.hidden_at(state.trace, state.place)
    asked = pending(state)
    if asked is None:
        return predicted
    by_it = hidden_by(state.trace, asked.question, asked.blank, asked.place or state.place)
    return Hidden((*predicted.parts, *by_it.parts)) or NOTHING


def as_drawn(state: LessonState) -> LessonState:
    """With the current number as it is drawn: where some are hidden, the largest is not to be pointed at."""
    if state.place.feature is not None or not hidden_in(state):
        return state
    return replace(state, place=replace(state.place, feature=0))
