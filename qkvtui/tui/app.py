"""The application: which screen is shown, the language, and what every screen can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.events import Event, Paste
from textual.reactive import Reactive, var

from ..errors import QkvtuiError
from ..files.clean import clean_typed
from ..files.restricted import is_restricted
from ..graph.example import Example
from ..localized import LANGUAGES
from ..memory.state import Memory
from ..trace.lesson import Lesson
from ..views.look import Look
from .command_list import CommandsScreen
from .drawn import DrawnScreen
from .lesson import LessonScreen, lesson_of
from .looking import LookingScreen
from .messages import (
    FileRead,
    GlossaryAsked,
    LearningOpened,
    LessonAsked,
    Message,
    MomentOpened,
    ProblemsFound,
    Said,
    TeacherAsked,
)
from .pages import HelpScreen, ProblemsScreen, problems_page
from .picker import PickerScreen
from .remembering import Remembering
from .state import LessonState, state_of
from .studying import came_back
from .terminal import TerminalApp
from .unwritten import Recovery
from .watch import SECONDS

if TYPE_CHECKING:
    from .following import Following
    from .leading import Leading

FEWEST_DIGITS, MOST_DIGITS = 2, 6
"""Decimals that a keyboard key leads through."""


class QkvtuiApp(TerminalApp):
    """qkvtui in a terminal."""

    TITLE = "qkvtui"
    CSS_PATH = "lesson.tcss"
    ENABLE_COMMAND_PALETTE = False  # there is one of its own
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", show=False, priority=True),
        Binding("ctrl+q", "quit", show=False),
        Binding("ctrl+z", "suspend", show=False),
    ]

    theme = Reactive("ansi-dark")
    """From the start: setting it later costs a second reading of all style sheets."""
    look: var[Look] = var(Look(80), init=False)
    """Language, digits, colours and characters; every screen draws again when it changes."""

    def __init__(
        self,
        lesson: Lesson | None,
        look: Look,
        *,
        watch: bool = False,
        memory: Memory | None = None,
        leading: Leading | None = None,
        follow: str | None = None,
    ) -> None:
        """`leading` is told of each place for others to follow; `follow` is the file of a place to be followed."""
        super().__init__()
        self.set_reactive(QkvtuiApp.look, look)
        self._lesson = lesson
        self._watch_files = watch
        self._memory = memory or Memory()
        self._is_foreign_said = False
        self._leading = leading
        self._cannot_lead = False
        self._following = self._following_of(follow)

    def on_mount(self) -> None:
        """The lesson that was asked for, or the picker."""
        if self._lesson is None:
            self.action_open()
        else:
            self._open(self._lesson)
        if self._following is not None:
            self._following.look()
            self.set_interval(SECONDS, self._following.look)

    async def on_event(self, event: Event) -> None:
        """What is pasted is cleaned as what stands in a file is, wherever it goes."""
        if isinstance(event, Paste):
            event.text = clean_typed(event.text)
        await super().on_event(event)

    def watch_look(self, look: Look) -> None:
        """Every screen gets it."""
        for screen in self.screen_stack:
            if isinstance(screen, LookingScreen):
                screen.look = look

    def action_commands(self) -> None:
        """What the screen can do, to choose from by its words."""
        if isinstance(self.screen, DrawnScreen):
            self.push_screen(CommandsScreen(self.screen))

    def action_language(self) -> None:
        """The next language."""
        following = LANGUAGES[(LANGUAGES.index(self.look.language) + 1) % len(LANGUAGES)]
        self._memory.choose_language(following)
        self.look = replace(self.look, language=following)

    def action_tokens_as(self) -> None:
        """Tokens as columns instead of rows, or as rows again."""
        self.look = replace(self.look, tokens_as="rows" if self.look.in_columns else "columns")
        self._say("tokens_are_columns" if self.look.in_columns else "tokens_are_rows")

    def action_digits(self) -> None:
        """One decimal more; after the most, as few as usual."""
        digits = self.look.digits + 1
        self.look = replace(self.look, digits=digits if digits <= MOST_DIGITS else FEWEST_DIGITS)
        self._say("digits", count=str(self.look.digits))

    def action_help(self) -> None:
        """What the keyboard does on this screen."""
        if isinstance(self.screen, DrawnScreen | PickerScreen):
            page = self.screen.help
            self.push_screen(HelpScreen(lambda width: page(self.look.sized(width, None))))

    def action_glossary(self) -> None:
        """What the words of the field mean."""
        from .glossary import GlossaryScreen  # the first frame of a lesson does not wait for it

        self.push_screen(GlossaryScreen(self.look))

    async def action_quit(self) -> None:
        """End the program."""
        self._before_leaving(self.exit)

    def action_open(self) -> None:
        """Choose another example."""
        self._before_leaving(self._choose)

    def _choose(self) -> None:
        has_lesson = any(isinstance(screen, LessonScreen) for screen in self.screen_stack)
        self.push_screen(PickerScreen(self.look, self._memory, can_leave=has_lesson))

    def _before_leaving(self, leave: Callable[[], object], asked: tuple[LessonScreen, ...] = ()) -> None:
        """Leave; where a lesson has changes that are not written, it is asked about them first, in its own screen."""
        unwritten = [lesson for lesson in self._lessons() if lesson not in asked and lesson.unwritten]
        if not unwritten:
            leave()
            return
        last = unwritten[-1]
        while self.screen is not last:
            self.pop_screen()
        last.ask_before(lambda: self._before_leaving(leave, (*asked, last)))

    def keep_changes(self) -> None:
        """For the next session, as nobody can be asked any more."""
        for lesson in self._lessons():
            lesson.recovery.keep(lesson.state)

    def _lessons(self) -> list[LessonScreen]:
        return [screen for screen in self.screen_stack if isinstance(screen, LessonScreen)]

    def _say(self, name: str, **values: str) -> None:
        """In the footer of the screen that is seen."""
        if isinstance(self.screen, DrawnScreen):
            self.screen.told(Said(name, values))

    def say_no_shell(self) -> None:
        """In the footer, where the screen has one in sight."""
        why = "read_only" if is_restricted() else "no_shell"
        if isinstance(self.screen, DrawnScreen) and not self.screen.has_class("-asking"):
            self.screen.told(Said(why))
        else:
            self.notify(self.look.texts.screen[why], markup=False)

    def on_picker_screen_chosen(self, message: PickerScreen.Chosen) -> None:
        """Open the example, in place of the one that was open."""
        self._change_to(message.example)

    def _change_to(self, example: str) -> None:
        """Another lesson, in place of the one that was open."""
        try:
            lesson = lesson_of(example)
        except QkvtuiError as error:
            self._show_problems(str(error))
        else:
            self._replace(lesson)

    def _replace(self, lesson: Lesson) -> None:
        """Close all screens, and open this one."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self._open(lesson)

    def told(self, message: Message) -> None:
        """What a screen cannot do: open another one, or close a page above it."""
        match message:
            case LearningOpened(study, original) if isinstance(below := self.screen, LessonScreen):
                from .learning import LearningScreen  # only here: the first frame of a lesson does not wait for it

                screen = LearningScreen(study, original, self.look, self.told)
                self.push_screen(screen, lambda _: below.become(came_back(below.state)))
            case MomentOpened(lesson, moment, original):
                self._open(lesson, moment, original)
            case LessonAsked(name):
                self._before_leaving(lambda: self._change_to(name))
            case TeacherAsked() if self._following is not None:
                self._before_leaving(self._following.go)
            case GlossaryAsked():
                self.action_glossary()
            case ProblemsFound(text):
                self._show_problems(text)
            case FileRead():
                self._close_problems()

    def _open(self, lesson: Lesson, moment: int | None = None, original: Example | None = None) -> None:
        """Walk through a lesson; through a moment of a run, whose file is not watched."""
        state = state_of(lesson, self.look, moment=moment, original=original)
        remembering = Remembering(self._memory, lesson.asked)
        state = remembering.opened(state)
        if self._memory.is_foreign and not self._is_foreign_said:
            self._is_foreign_said = True
            state = state.saying("memory_foreign")
        state = replace(state, follows=self._following is not None)
        watch = self._watch_files and moment is None
        recovery = Recovery(self._memory.unwritten, lesson.asked, is_moment=moment is not None)

        def walked(state: LessonState) -> None:
            remembering.walked(state)
            self._lead(state, lesson.asked)

        screen = LessonScreen(state, self.told, asked=lesson.asked, walked=walked, recovery=recovery, watch=watch)
        self.push_screen(screen)
        self._lead(state, lesson.asked)

    def _lead(self, state: LessonState, asked: str) -> None:
        """Let others follow to this place; that they cannot is said once."""
        if self._leading is None:
            return
        try:
            self._leading.walked(state, asked)
        except QkvtuiError as error:
            if not self._cannot_lead and isinstance(self.screen, LessonScreen):
                self.call_later(self.screen.refuse, error)
            self._cannot_lead = True
        else:
            self._cannot_lead = False

    def _following_of(self, path: str | None) -> Following | None:
        if path is None:
            return None
        from .following import Following  # the first frame of a lesson does not wait for it

        return Following(path, self._followed, self._replace)

    def _followed(self) -> LessonScreen | None:
        """The lesson that a teacher may lead: not while the student is elsewhere, or types."""
        screen = self.screen
        is_free = isinstance(screen, LessonScreen) and not screen.has_class("-asking") and screen.state.moment is None
        return screen if isinstance(screen, LessonScreen) and is_free else None

    def _show_problems(self, problems: str) -> None:
        """A page of what is wrong, in place of an older one; closing it leads back."""
        self._close_problems()
        self.push_screen(ProblemsScreen(lambda width: problems_page(problems, self.look.sized(width, None))))

    def _close_problems(self) -> None:
        """The page of what was wrong is out of date."""
        if isinstance(self.screen, ProblemsScreen):
            self.pop_screen()
