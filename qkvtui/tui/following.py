"""A student's session: goes where the teacher's session is, unless the student looks around; and comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from ..errors import QkvtuiError, UsageError
from ..files.clean import clean_line
from ..files.find import from_anywhere
from ..files.teacher import TeacherPlace, is_left, read_place
from ..graph.proposals import WhatIf
from ..pages.pictures import Picture
from ..said import say
from ..trace.addresses import parse_address
from ..trace.changes import apply_change
from ..trace.lesson import Lesson
from ..trace.trace import Trace
from ..trace.walk import Place, nearest_place
from .lesson import LessonScreen
from .messages import Said
from .state import LessonState, lesson_of
from .unwritten import count
from .watch import FileWatch


class Following:
    """Looks now and then at the file of a teacher's place.

    `screen` gives the lesson that is on top, if one is and nothing is being typed there; `open_lesson` opens another.
    """

    def __init__(
        self, path: str, screen: Callable[[], LessonScreen | None], open_lesson: Callable[[Lesson], None]
    ) -> None:
        self._path = path
        self._screen = screen
        self._open_lesson = open_lesson
        self._watch = FileWatch(path)
        self._is_there = self._watch.is_there
        self._was_left = False
        self._is_new = self._is_there
        self._change: tuple[Trace, tuple[WhatIf, int], Trace] | None = None
        """The file's trace, the change that was made in a layer of it, and what came of that."""
        self._at: LessonState | None = None
        """The lesson as it was when it last was where the teacher is; None: the student has left."""
        self._has_joined = False

    def look(self) -> None:
        """Go with the teacher, or tell where the teacher is, if there is anything new; cheap where there is not."""
        self._is_new = self._watch.changed() or self._is_new
        screen = self._screen()
        if screen is None:
            return
        if self._is_there and not self._lasts():
            self._is_there, self._is_new = False, False
            screen.told(Said("teacher_gone"))
        elif self._is_new:
            self._is_there, self._is_new = True, False
            if self._is_together(screen) or (not self._has_joined and not count(screen.state)):
                self.go()
            else:
                self._at = None
                self._tell(screen)
        elif self._at is not None and not self._is_together(screen):
            self._at = None
            self._tell(screen)

    def _lasts(self) -> bool:
        """Whether the session is not over; one that was killed leaves its file behind, and nobody who locks it."""
        left = is_left(self._path)
        was_left, self._was_left = self._was_left, left
        return self._watch.is_there and not (left and was_left)  # at a move nobody does for a moment

    def go(self) -> None:
        """To where the teacher is now."""
        screen = self._screen()
        if screen is None:
            return
        try:
            place = read_place(self._path)
            if from_anywhere(screen.asked) != place.example:
                self._open_lesson(lesson_of(place.example, again=True))
                screen = self._screen() or screen
            screen.become(self._moved(screen.state, place))
        except QkvtuiError as error:
            screen.refuse(error)
        else:
            self._at, self._has_joined = screen.state, True

    def _is_together(self, screen: LessonScreen) -> bool:
        """Whether the student is still where the session has gone with the teacher."""
        return self._at is not None and screen.state.stands_at(self._at)

    def _tell(self, screen: LessonScreen) -> None:
        """Where the teacher is, and how to come there."""
        try:
            place = read_place(self._path)
        except QkvtuiError as error:
            screen.refuse(error)
            return
        names, trace = screen.state.look.texts.step_names, screen.state.trace
        if from_anywhere(screen.asked) != place.example or not trace.has(place.step):
            screen.told(Said("teacher_elsewhere"))
        else:
            number = str(trace.step(place.step).number)
            screen.told(Said("teacher_at", {"number": number, "step": names[place.step]}))

    def _moved(self, state: LessonState, place: TeacherPlace) -> LessonState:
        """The lesson at the teacher's place, with what the teacher has changed. Raises QkvtuiError."""
        state = self._changed(state, place)
        if place.layer != state.layer:
            if not state.has_layer(place.layer):
                raise _unknown(place)
            state = state.in_layer(place.layer)
        state = state.walked(_place_in(state.trace, place))
        if place.opened:
            state = state.opened(parse_address(state.trace, place.opened))
            trail = state.trail.moved(state.trace, place.chosen - state.trail.chosen)
            state = state.walked(state.place, trail)
        state = replace(state, instead=cast("Picture | None", place.picture or None), pinned=None)
        return state.saying("teacher_changed_more") if place.beyond else state

    def _changed(self, state: LessonState, place: TeacherPlace) -> LessonState:
        """The lesson with what the teacher has changed, and nothing else; what the student has changed is a step back.

        Worked out once for each change. Raises QkvtuiError.
        """
        history = state.history
        original = history.of_file
        known, asked = self._change, (place.change, place.layer)
        if known is None or known[0] is not original or known[1] != asked:
            trace = original
            if place.change:
                trace = apply_change(original.at_layer(place.layer), place.change)
                trace.row("weights", 0)
            self._change = known = (original, asked, trace)
        return state if history.trace is known[2] else state.showing(history.changed(known[2]))


def _place_in(trace: Trace, asked: TeacherPlace) -> Place:
    """The teacher's place in this trace. Raises UsageError where the lesson has no such step."""
    place = Place(0, asked.query, asked.key, asked.feature, asked.head, asked.moving, asked.word)
    found = nearest_place(trace, asked.step, place)
    if found is None:
        raise _unknown(asked)
    return found


def _unknown(place: TeacherPlace) -> UsageError:
    return UsageError(say("the teacher is at {step}, which this lesson does not have", step=clean_line(place.step)))
