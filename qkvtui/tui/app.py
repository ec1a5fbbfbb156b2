"""The application: which screen is shown, the language, and what every screen can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.events import Event, Paste
from textual.reactive import Reactive, var

from ..files.clean import clean_typed
from ..files.restricted import is_restricted
from ..memory.state import Memory
from ..trace.lesson import Lesson
from ..views.look import Look
from .command_list import CommandsScreen
from .drawn import DrawnScreen
from .lesson import LessonScreen
from .looking import LookingScreen
from .looks import looked, suited, textual_theme
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
from .open_lessons import OpenLessons
from .pages import HelpScreen, ProblemsScreen, problems_page
from .picker import PickerScreen
from .studying import came_back
from .terminal_app import TerminalApp
from .watch import SECONDS

if TYPE_CHECKING:
    from .following import Following
    from .leading import Leading


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
        driver: type[Driver] | None = None,
        ask_background: bool = False,
    ) -> None:
        """`leading` is told of each place for others to follow; `follow` is the file of a place to be followed.

        `driver`: what draws it and hears the keyboard; None for Textual's own. `ask_background`: whether the terminal
        may say that it is light, and be believed.
        """

        def background_told(is_light: bool) -> None:
            self.look = suited(self.look, self._memory, is_light=is_light)

        self._memory = memory or Memory()
        self.set_reactive(QkvtuiApp.theme, textual_theme(look))  # Textual reads its style sheets for it
        super().__init__(driver, background_told if ask_background else None)
        self.set_reactive(QkvtuiApp.look, look)
        self._lesson = lesson
        self._lessons = OpenLessons(
            self, self.told, self._memory, watch=watch, leading=leading, follows=follow is not None
        )
        self._following: Following | None = None
        if follow is not None:
            from .following import Following  # only here: the first frame of a lesson does not wait for it

            self._following = Following(
                follow, lambda: self._lessons.free, lambda lesson: self._lessons.replace(lesson, self.look)
            )

    def on_mount(self) -> None:
        """The lesson that was asked for, or the picker."""
        if self._lesson is None:
            self.action_open()
        else:
            self._lessons.open(self._lesson, self.look)
        if self._following is not None:
            self._following.look()
            self.set_interval(SECONDS, self._following.look)

    async def on_event(self, event: Event) -> None:
        """What is pasted is cleaned as what stands in a file is, wherever it goes."""
        if isinstance(event, Paste):
            event.text = clean_typed(event.text)
        await super().on_event(event)

    def watch_look(self, look: Look) -> None:
        """Every screen gets it, and Textual its colours."""
        self.theme = textual_theme(look)
        for screen in self.screen_stack:
            if isinstance(screen, LookingScreen):
                screen.look = look

    def action_look(self, name: str) -> None:
        """Another language, more digits: whatever the table of looks has under this name."""
        self.look, said = looked(name, self.look, self._memory)
        if said is not None and isinstance(self.screen, DrawnScreen):
            self.screen.told(said)

    def action_commands(self) -> None:
        """What the screen can do, to choose from by its words."""
        if isinstance(self.screen, DrawnScreen):
            self.push_screen(CommandsScreen(self.screen))

    def action_help(self) -> None:
        """What the keyboard does on this screen."""
        if isinstance(self.screen, DrawnScreen | PickerScreen):
            page = self.screen.help
            self.push_screen(HelpScreen(lambda width, typed: page(self.look.sized(width, None), typed)))

    def action_glossary(self) -> None:
        """What the words of the field mean."""
        from .glossary import GlossaryScreen  # the first frame of a lesson does not wait for it

        self.push_screen(GlossaryScreen(self.look))

    async def action_quit(self) -> None:
        """End the program."""
        self._lessons.leave(self.exit)

    def action_open(self) -> None:
        """Choose another example."""
        screen = PickerScreen(self.look, self._memory, can_leave=bool(self._lessons.screens))
        self._lessons.leave(lambda: self.push_screen(screen))

    def keep_changes(self) -> None:
        """For the next session, as nobody can be asked any more."""
        self._lessons.keep_changes()

    def say_no_shell(self) -> None:
        """In the footer, where the screen has one in sight."""
        why = "read_only" if is_restricted() else "no_shell"
        if isinstance(self.screen, DrawnScreen) and not self.screen.has_class("-asking"):
            self.screen.told(Said(why))
        else:
            self.notify(self.look.texts.screen[why], markup=False)

    def on_picker_screen_chosen(self, message: PickerScreen.Chosen) -> None:
        """Open the example, in place of the one that was open."""
        self._lessons.change_to(message.example, self.look)

    def told(self, message: Message) -> None:
        """What a screen cannot do: open another one, or close a page above it."""
        match message:
            case LearningOpened(study, original) if isinstance(below := self.screen, LessonScreen):
                from .learning import LearningScreen  # only here: the first frame of a lesson does not wait for it

                screen = LearningScreen(study, original, self.look, self.told)
                self.push_screen(screen, lambda _: below.become(came_back(below.state)))
            case MomentOpened(lesson, moment, original):
                self._lessons.open(lesson, self.look, moment, original)
            case LessonAsked(name):
                self._lessons.leave(lambda: self._lessons.change_to(name, self.look))
            case TeacherAsked() if self._following is not None:
                self._lessons.leave(self._following.go)
            case GlossaryAsked():
                self.action_glossary()
            case ProblemsFound(text):
                self._show_problems(text)
            case FileRead():
                self._show_problems("")

    def _show_problems(self, problems: str) -> None:
        """A page of what is wrong, in place of an older one; closing it leads back. No page where nothing is."""
        if isinstance(self.screen, ProblemsScreen):
            self.pop_screen()
        if problems:
            self.push_screen(ProblemsScreen(lambda width: problems_page(problems, self.look.sized(width, None))))
