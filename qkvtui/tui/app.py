"""The application: which screen is shown, the language, and what every screen can do."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from rich.console import RenderableType
from textual.app import App, ScreenStackError
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.events import Event, Key, Paste
from textual.reactive import Reactive, var
from textual.screen import Screen

from ..errors import QkvtuiError
from ..files.clean import clean_typed
from ..localized import LANGUAGES
from ..trace.lesson import Lesson
from ..views.look import Look
from .command_list import CommandsScreen
from .drawn import DrawnScreen
from .lean import lean
from .lesson import LessonScreen, lesson_of
from .pages import PageScreen, ProblemsScreen, help_page, problems_page
from .picker import PickerScreen
from .terminal import Terminal, shell_waits

INTERRUPTED = 130


class QkvtuiApp(App[None]):
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

    def __init__(self, lesson: Lesson | None, look: Look, *, watch: bool = False) -> None:
        super().__init__(driver_class=Terminal)
        self.terminal: Terminal | None = None
        """Where it is drawn; None until it is taken, and where there is none."""
        self.set_reactive(QkvtuiApp.look, look)
        self._lesson = lesson
        self._watch_files = watch

    @property
    def has_lesson(self) -> bool:
        """Whether an example is open below the picker."""
        return any(isinstance(screen, LessonScreen) for screen in self.screen_stack)

    def on_mount(self) -> None:
        """The lesson that was asked for, or the picker."""
        self.push_screen(PickerScreen() if self._lesson is None else self._lesson_screen(self._lesson))

    async def on_event(self, event: Event) -> None:
        """What is pasted is cleaned as what stands in a file is, wherever it goes."""
        if isinstance(event, Paste):
            event.text = clean_typed(event.text)
        await super().on_event(event)

    def pass_on(self, event: Key) -> None:
        """A keyboard key that reached a line or a list after it was done with is meant for what came in its place."""
        self.post_message(Key(event.key, event.character))

    def action_commands(self) -> None:
        """What the screen can do, to choose from by its words."""
        if isinstance(self.screen, DrawnScreen):
            self.push_screen(CommandsScreen(self.screen))

    def action_language(self) -> None:
        """The next language."""
        following = LANGUAGES[(LANGUAGES.index(self.look.language) + 1) % len(LANGUAGES)]
        self.look = replace(self.look, language=following)

    def action_tokens_as(self) -> None:
        """Tokens as columns instead of rows, or as rows again."""
        self.look = replace(self.look, tokens_as="rows" if self.look.in_columns else "columns")

    def action_help(self) -> None:
        """What the keyboard does."""
        page = self.screen.help if isinstance(self.screen, DrawnScreen) else help_page
        self.push_screen(PageScreen(lambda width: page(self.look.sized(width, None))))

    def action_open(self) -> None:
        """Choose another example."""
        self.push_screen(PickerScreen())

    def action_suspend(self) -> None:
        """Back to the shell for a while. Where no shell waits, nobody could bring the program back: it stays."""
        if self.terminal is None:
            return
        if shell_waits():
            self.terminal.lend()
            self.screen.refresh()
        elif isinstance(self.screen, DrawnScreen) and not self.screen.has_class("-asking"):
            self.screen.say("no_shell")
        else:
            self.notify(self.look.texts.screen["no_shell"], markup=False)

    def action_interrupt(self) -> None:
        """Ctrl+C ends the program as it ends any other."""
        self.exit(return_code=INTERRUPTED)

    def on_picker_screen_chosen(self, message: PickerScreen.Chosen) -> None:
        """Open the example, in place of the one that was open."""
        try:
            lesson = lesson_of(message.example)
        except QkvtuiError as error:
            self.show_problems(str(error))
            return
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.push_screen(self._lesson_screen(lesson))

    def show_problems(self, problems: str) -> None:
        """A page of what is wrong, in place of an older one; closing it leads back."""
        self.close_problems()
        self.push_screen(ProblemsScreen(lambda width: problems_page(problems, self.look.sized(width, None))))

    def close_problems(self) -> None:
        """The page of what was wrong is out of date."""
        if isinstance(self.screen, ProblemsScreen):
            self.pop_screen()

    def _lesson_screen(self, lesson: Lesson) -> LessonScreen:
        return LessonScreen(lesson, watch=self._watch_files)

    def _handle_exception(self, error: Exception) -> None:
        """Textual leaves a screen half made where it is left meanwhile; what its handlers then miss is no fault."""
        if not (self._exit and isinstance(error, (NoMatches, ScreenStackError))):
            super()._handle_exception(error)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        super()._display(screen, lean(renderable))
