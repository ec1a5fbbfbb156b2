"""An application on a terminal: how it is left, interrupted and lent to the shell, whatever draws it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from rich.console import RenderableType
from textual.app import App, ScreenStackError
from textual.css.query import NoMatches
from textual.driver import Driver
from textual.screen import Screen

from ..files.restricted import is_restricted
from .cursor import cursor_of, still
from .lean import lean

INTERRUPTED = 130


class LentTerminal(Protocol):
    """A terminal that a shell has lent, and that is given back however the program ends."""

    taken: bool
    """Whether there is something to give back."""

    def ask(self, call: Callable[..., object], *arguments: object) -> None:
        """Have the event loop call this when it comes to it."""

    def can_lend(self) -> bool:
        """Whether the shell would notice."""

    def lend(self) -> None:
        """Stop, and go on when the shell says so."""

    def give_back(self) -> bool:
        """Put everything as it was; False where the terminal takes nothing now."""


class TerminalApp(App[None]):
    """An application that is drawn on such a terminal, lends it to the shell, and leaves it whole."""

    def __init__(
        self, driver: type[Driver] | None = None, background_told: Callable[[bool], None] | None = None
    ) -> None:
        """`driver`: what draws it and hears the keyboard; None for Textual's own.

        `background_told`: who learns whether the terminal's background is light, should it say so; None does not ask.
        """
        self.background_told = background_told
        super().__init__(driver_class=driver)
        self.terminal: LentTerminal | None = None
        """Where it is drawn; None until it is taken, and where there is none that could be lent."""

    def say_no_shell(self) -> None:
        """Tell why the application stays: no shell waits, or none is to be had."""
        raise NotImplementedError

    def keep_changes(self) -> None:
        """Keep for the next session what would be lost: the program is ended, and nobody can be asked."""
        raise NotImplementedError

    def action_suspend(self) -> None:
        """Back to the shell for a while. Where no shell waits, nobody could bring the program back: it stays.

        So does a session that is read-only, which may be all that its user is to have.
        """
        if self.terminal is not None and self.terminal.can_lend() and not is_restricted():
            self.terminal.lend()
            self.screen.refresh()
        else:
            self.say_no_shell()

    def action_interrupt(self) -> None:
        """Ctrl+C ends the program as it ends any other."""
        self.keep_changes()
        self.exit(return_code=INTERRUPTED)

    def _handle_exception(self, error: Exception) -> None:
        """Textual leaves a screen half made where it is left meanwhile; what its handlers then miss is no fault."""
        if not (self._exit and isinstance(error, (NoMatches, ScreenStackError))):
            self.keep_changes()
            super()._handle_exception(error)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Paint, and put the terminal's cursor where a reader of one line is to be; it does not run along meanwhile."""
        if renderable is not None:
            self.cursor_position = cursor_of(screen)
        super()._display(screen, still(lean(renderable)))
