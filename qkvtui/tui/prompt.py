"""A line to type an address into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class AddressPrompt(Input):
    """Out of sight until it is asked; gives its answer as a message."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    @dataclass
    class Answered(Message):
        """An address was typed."""

        text: str

    def __init__(self) -> None:
        super().__init__(compact=True)
        self.cursor_blink = False
        self.can_focus = False

    def ask(self, hint: str) -> None:
        """Show the line, empty, with a hint."""
        self.placeholder = hint
        self.value = ""
        self._show(True)
        self.focus()

    def action_leave(self) -> None:
        """Go away without an answer."""
        self._show(False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer and go away."""
        event.stop()
        self._show(False)
        if event.value.strip():
            self.post_message(self.Answered(event.value))

    def _show(self, asking: bool) -> None:
        self.can_focus = asking
        self.set_class(asking, "-asking")
        self.screen.set_class(asking, "-asking")
        if not asking:
            self.screen.set_focus(None)
