"""The lessons that are open: opened, replaced, and asked about before they are left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import App

from ..errors import QkvtuiError
from ..graph.example import Example
from ..memory.state import Memory
from ..trace.lesson import Lesson
from ..views.look import Look
from .lesson import LessonScreen
from .messages import Message, ProblemsFound
from .remembering import Remembering
from .state import LessonState, lesson_of, state_of
from .unwritten import Recovery, count

if TYPE_CHECKING:
    from .leading import Leading


class OpenLessons:
    """Opens lessons as screens of the application, which `tell` leads to; what they are walked to is remembered."""

    def __init__(
        self,
        app: App[None],
        tell: Callable[[Message], None],
        memory: Memory,
        *,
        watch: bool,
        leading: Leading | None,
        follows: bool,
    ) -> None:
        """`watch`: whether their files are followed; `leading` is told of each place; `follows`: whether it is led."""
        self._app = app
        self._tell = tell
        self._memory = memory
        self._watch = watch
        self._leading = leading
        self._follows = follows
        self._is_foreign_said = False
        self._cannot_lead = False

    @property
    def screens(self) -> list[LessonScreen]:
        """From the lowest to the uppermost."""
        return [screen for screen in self._app.screen_stack if isinstance(screen, LessonScreen)]

    @property
    def free(self) -> LessonScreen | None:
        """The lesson that a teacher may lead: not while the student is elsewhere, or types."""
        screen = next(reversed(self._app.screen_stack), None)  # none where the application is just ending
        if not isinstance(screen, LessonScreen) or screen.has_class("-asking") or screen.state.moment is not None:
            return None
        return screen

    def open(self, lesson: Lesson, look: Look, moment: int | None = None, original: Example | None = None) -> None:
        """Walk through a lesson; through a moment of a run, whose file is not watched."""
        state = state_of(lesson, look, moment=moment, original=original)
        remembering = Remembering(self._memory, lesson.asked)
        state = remembering.opened(state)
        if self._memory.is_foreign and not self._is_foreign_said:
            self._is_foreign_said = True
            state = state.saying("memory_foreign")
        state = replace(state, follows=self._follows)
        recovery = Recovery(self._memory.unwritten, lesson.asked, is_moment=moment is not None)
        watch = self._watch and moment is None

        def walked(state: LessonState) -> None:
            remembering.walked(state)
            self._lead(state, lesson.asked)

        self._app.push_screen(
            LessonScreen(state, self._tell, asked=lesson.asked, walked=walked, recovery=recovery, watch=watch)
        )
        self._lead(state, lesson.asked)

    def replace(self, lesson: Lesson, look: Look) -> None:
        """Close all screens, and open this one."""
        while len(self._app.screen_stack) > 1:
            self._app.pop_screen()
        self.open(lesson, look)

    def change_to(self, example: str, look: Look) -> None:
        """Another lesson, in place of the one that was open."""
        try:
            lesson = lesson_of(example)
        except QkvtuiError as error:
            self._tell(ProblemsFound(str(error)))
        else:
            self.replace(lesson, look)

    def leave(self, then: Callable[[], object], asked: tuple[LessonScreen, ...] = ()) -> None:
        """Leave them; one with changes that are not written is asked about them first, in its own screen."""
        unwritten = [screen for screen in self.screens if screen not in asked and count(screen.state)]
        if not unwritten:
            then()
            return
        last = unwritten[-1]
        while self._app.screen is not last:
            self._app.pop_screen()
        last.answering.before_losing(lambda: self.leave(then, (*asked, last)))

    def keep_changes(self) -> None:
        """For the next session, as nobody can be asked any more."""
        for screen in self.screens:
            screen.recovery.keep(screen.state)

    def _lead(self, state: LessonState, asked: str) -> None:
        """Let others follow to this place; that they cannot is said once."""
        if self._leading is None:
            return
        try:
            self._leading.walked(state, asked)
        except QkvtuiError as error:
            if not self._cannot_lead and isinstance(self._app.screen, LessonScreen):
                self._app.call_later(self._app.screen.refuse, error)
            self._cannot_lead = True
        else:
            self._cannot_lead = False
