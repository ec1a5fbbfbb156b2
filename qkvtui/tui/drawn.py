"""What the screens that are made of drawings have in common: what is painted when, and the line at the bottom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text
from textual.app import ComposeResult
from textual.reactive import var
from textual.screen import Screen

from ..errors import QkvtuiError
from ..graph.example import Example
from ..narration.language import LanguageTexts
from ..views.look import Look
from ..views.page import as_lines
from ..views.wrapping import wrap
from .bound import Offer
from .drawing import Drawing
from .prompt import LinePrompt

if TYPE_CHECKING:
    from .app import QkvtuiApp

SMALLEST = (40, 12)
"""Columns and rows below which a screen only says that the terminal is too small."""


class DrawnScreen(Screen[None]):
    """A screen of drawings with a footer, which takes notices, and a line to type into."""

    app: QkvtuiApp

    notice: var[str] = var("", init=False)
    """Shown in the footer until the next move."""
    to_overwrite = ""
    """The file that the learner was asked about."""
    changed_how = "changed"
    """How a file with the screen's numbers differs from the example's own, in a word for its name."""

    def offers(self, texts: LanguageTexts) -> Sequence[Offer]:
        """What one can do here, for the command palette."""
        raise NotImplementedError

    def help(self, look: Look) -> RenderableType:
        """The page about the keyboard."""
        raise NotImplementedError

    def to_write(self) -> tuple[Example, Example]:
        """The example that was read, and the one that can be written."""
        raise NotImplementedError

    def answer(self, purpose: str, text: str) -> None:
        """Do with a typed line what it was asked for. Raises QkvtuiError where that cannot be."""
        raise NotImplementedError

    def not_answered(self) -> None:
        """The line was left without an answer."""

    def answered(self, purpose: str, text: str) -> None:
        """Do what the line was asked for; or say why not where it was typed, with what was typed to go on from."""
        try:
            self.answer(purpose, text)
        except QkvtuiError as error:
            self.query_one(LinePrompt).ask_again(str(error).splitlines()[0])

    def last_lines(self) -> ComposeResult:
        """The lines at the bottom, for every screen: what is typed or what the keyboard does."""
        yield Drawing(self._said, id="said")
        yield LinePrompt()
        yield Drawing(self.footer, id="footer")
        yield Drawing(self.too_small, id="small")

    def footer(self, width: int, height: int) -> RenderableType:
        """What the keyboard does here, or what there is to say."""
        raise NotImplementedError

    def watch_notice(self) -> None:
        """A notice is the footer's."""
        self.query_one("#footer", Drawing).redraw()

    def redraw(self) -> None:
        """Draw everything again; only what differs is painted."""
        for drawing in self.query(Drawing):
            drawing.redraw()

    def say(self, name: str, **values: str) -> None:
        """A notice of the language files."""
        self.notice = self.app.look.texts.screen[name].format(**values)

    def too_small(self, width: int, height: int) -> RenderableType:
        """What size is needed."""
        words = self.app.look.word("too_small", width=self.size.width, height=self.size.height)
        return as_lines(wrap(Text(words), width))

    def _said(self, width: int, height: int) -> RenderableType:
        return as_lines(self.query_one(LinePrompt).lines(width))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """While a line is typed, the keyboard is for typing."""
        return not self.has_class("-asking")

    async def action_of_app(self, name: str) -> None:
        """Any action of the application."""
        await self.app.run_action(name)
