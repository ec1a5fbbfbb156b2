"""A line to type into: an address, a new value, a file's name, a yes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.events import Key
from textual.message import Message
from textual.widgets import Input

if TYPE_CHECKING:
    from .app import QkvtuiApp

_EDITS = {
    "backspace": "delete_left",
    "delete": "delete_right",
    "left": "cursor_left",
    "right": "cursor_right",
    "home": "home",
    "end": "end",
    "ctrl+u": "delete_left_all",
    "ctrl+k": "delete_right_all",
    "ctrl+w": "delete_left_word",
    "enter": "submit",
    "escape": "leave",
}

_MAY_BE_EMPTY = ("search",)
"""Purposes for which no text at all is an answer too."""


class LinePrompt(Input):
    """Out of sight until it is asked; gives its answer as a message."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]
    app: QkvtuiApp

    @dataclass
    class Answered(Message):
        """A line was typed."""

        purpose: str
        """What it was asked for."""
        text: str

    @dataclass
    class Left(Message):
        """The line was left without an answer."""

    def __init__(self) -> None:
        super().__init__(compact=True, select_on_focus=False)
        self.cursor_blink = False
        self.can_focus = False
        self._purpose = ""

    def ask(self, purpose: str, proposal: str, hint: str, **values: str) -> None:
        """Show the line with a proposal to go on from, and above it a hint of the language files."""
        self._purpose = purpose
        text = self.app.look.texts.screen[hint].format(**values)
        self.placeholder = text
        self.border_title = text
        self.value = proposal
        self.cursor_position = len(proposal)
        self._show(True)
        self.screen.set_focus(self)  # at once: the next keyboard key is already meant for this line

    def ask_again(self, said: str) -> None:
        """Show the line for another answer to what was asked last, and above it what is wrong with this one."""
        self.placeholder = said
        self.border_title = said
        self.value = ""
        self._show(True)
        self.screen.set_focus(self)

    async def _on_key(self, event: Key) -> None:
        """Edit in the order of typing.

        Textual runs a binding only after the letters typed behind it in the same instant have been put in, and gives
        the keys typed right behind Enter to this line although it has gone: they are the screen's, after the answer.
        """
        if not self.has_class("-asking"):
            event.stop()
            event.prevent_default()
            self.call_later(self.app.simulate_key, event.key)
        elif event.key in _EDITS:
            event.stop()
            event.prevent_default()
            await self.run_action(_EDITS[event.key])
        else:
            await super()._on_key(event)

    def action_leave(self) -> None:
        """Go away without an answer."""
        self._show(False)
        self.post_message(self.Left())

    async def action_submit(self) -> None:
        """Answer and go away, before the next keyboard key is looked at."""
        self._show(False)
        if self.value.strip() or self._purpose in _MAY_BE_EMPTY:
            self.post_message(self.Answered(self._purpose, self.value))

    def _show(self, asking: bool) -> None:
        self.can_focus = asking
        self.set_class(asking, "-asking")
        self.screen.set_class(asking, "-asking")
        if not asking:
            self.screen.set_focus(None)
