"""What the screens that are made of drawings have in common: what is painted when, and the line at the bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding

from ..errors import QkvtuiError
from ..narration.language import LanguageTexts
from ..said import in_language
from ..views.look import Look
from ..views.page import as_lines
from ..views.wrapping import wrap
from .bound import Action, Offer
from .drawing import DrawnWidget
from .looking import LookingScreen
from .messages import ActionChosen, Asked, Left, Message, TextCopied
from .pages import help_page
from .prompt import LinePrompt

SMALLEST = (40, 12)
"""Columns and rows below which a screen only says that the terminal is too small."""


class DrawnScreen(LookingScreen):
    """A screen of drawings with a footer, which takes notices, and a line to type into.

    `tell` is told what the screen cannot do itself.
    """

    HELP: ClassVar[str] = ""
    """What the names of the help page's title and end begin with in the language files."""

    def __init__(self, look: Look, tell: Callable[[Message], None]) -> None:
        super().__init__(look)
        self._tell = tell

    def offers(self, texts: LanguageTexts) -> Sequence[Offer]:
        """What one can do here, for the command palette."""
        raise NotImplementedError

    def help(self, look: Look, typed: str | None = None) -> RenderableType:
        """The page about the keyboard, or the lines of it with a text in them."""
        return help_page(look, self.offers(look.texts), self.HELP, typed)

    def footer(self, width: int, height: int) -> RenderableType:
        """What the keyboard does here, or what there is to say."""
        raise NotImplementedError

    def answer(self, asked: Asked, text: str) -> None:
        """Do with a typed line what it was asked for. Raises QkvtuiError where that cannot be."""
        raise NotImplementedError

    def not_answered(self, asked: Asked) -> None:
        """The line was left without an answer."""

    def told(self, message: Message) -> None:
        """Obey a message, or tell it on."""
        match message:
            case Asked():
                self.query_one(LinePrompt).ask(message, self.look)
            case ActionChosen(call):
                self.call_next(self.run_action, call)
            case TextCopied(text, said):
                self.app.copy_to_clipboard(text)
                self.told(said)
            case Left():
                self.dismiss()
            case _:
                self._tell(message)

    def last_lines(self) -> ComposeResult:
        """The lines at the bottom, for every screen: what is typed or what the keyboard does."""
        prompt = LinePrompt(self._answered, self.not_answered)
        yield DrawnWidget(lambda width, height: as_lines(prompt.lines(width)), id="said")
        yield prompt
        yield DrawnWidget(self.footer, id="footer")
        yield DrawnWidget(self._too_small, id="small")

    def watch_look(self, look: Look) -> None:
        """Everything is drawn in another look."""
        self.redraw()

    def redraw(self) -> None:
        """Draw everything again; only what differs is painted."""
        for drawing in self.walk_children(DrawnWidget):
            drawing.redraw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """While a line is typed, the keyboard is for typing."""
        return not self.has_class("-asking")

    async def action_of_app(self, name: str) -> None:
        """Any action of the application."""
        await self.app.run_action(name)

    def _answered(self, asked: Asked, text: str) -> None:
        """Do what the line was asked for; or say why not where it was typed, with what was typed to go on from."""
        try:
            self.answer(asked, text)
        except QkvtuiError as error:
            self.query_one(LinePrompt).ask_again(str(error))

    def _too_small(self, width: int, height: int) -> RenderableType:
        """What size is needed."""
        words = self.look.word("too_small", width=self.size.width, height=self.size.height)
        return as_lines(wrap(Text(words), width))


def first_line(error: QkvtuiError, language: str) -> str:
    """What is said of an error where there is room for a line."""
    return in_language(str(error), language).splitlines()[0]


def bindings(actions: Iterable[Action[Any]]) -> list[Binding]:
    """The bindings of a screen's table of actions.

    They have priority, so that the application obeys them one after the other: whatever is typed quickly after `g`
    is meant for the line that `g` opens, and what follows `?` for the help page.
    """
    return [
        Binding(key, action.bound_call(key), show=False, priority=True) for action in actions for key in action.bindings
    ]
