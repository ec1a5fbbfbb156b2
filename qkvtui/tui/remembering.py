"""What of a lesson is remembered for another session, and how one is offered to go on."""

from __future__ import annotations

from dataclasses import replace

from ..files.find import bundled_names
from ..memory.remembered import KeptPlace
from ..memory.state import Memory
from ..trace.trace import Trace
from ..trace.walk import Place, nearest_place, start, step_at
from .state import LessonState


class Remembering:
    """Tells the memory how far a lesson is walked through.

    Only bundled lessons: which files somebody has opened is nobody's business. Nor is a moment of a run a lesson.
    """

    def __init__(self, memory: Memory, asked: str) -> None:
        """`asked`: the example as it was asked for."""
        self._memory = memory
        self._name = asked if asked in bundled_names() else ""

    def opened(self, state: LessonState) -> LessonState:
        """The lesson as it is opened, with the offer to go on where it was left, unless another place was asked for."""
        left = self._memory.known.places.get(self._name)
        place = None if left is None else place_in(state.trace, left)
        if place is None or replace(state.place, key=0) != replace(start(state.trace), key=0):
            return state
        step = state.trace.walk[place.step]
        number, count = str(place.step + 1), str(len(state.trace.walk))
        name = state.look.texts.step_names[step.id]
        return replace(state, left_at=place).saying("left_at", number=number, count=count, step=name)

    def walked(self, state: LessonState) -> None:
        """The lesson is at another place. At its first step there is nothing to go on with."""
        if not self._name or state.moment is not None:
            return
        if state.at_end:
            self._memory.finished(self._name)
        elif state.place.step:
            self._memory.walked(self._name, kept(state.trace, state.place))


def kept(trace: Trace, place: Place) -> KeptPlace:
    """The place as it can be found again in a file that may have changed."""
    return KeptPlace(step_at(trace, place).id, place.query, place.key, place.feature, place.head)


def place_in(trace: Trace, left: KeptPlace) -> Place | None:
    """The place that was kept, or the nearest to it; None where the lesson no longer has the step."""
    return nearest_place(trace, left.step, Place(0, left.query, left.key, left.feature, left.head))
