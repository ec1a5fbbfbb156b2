"""A line to type into: an address, a new value, a file's name, a yes; and above it what there is to say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.events import Key, Resize
from textual.widgets import Input

from ..views.wrapping import wrap
from .drawing import Drawing

if TYPE_CHECKING:
    from .app import QkvtuiApp
    from .drawn import DrawnScreen

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
_OWN_LINES = 2
"""The line itself, and one of the page that it is about."""


class LinePrompt(Input):
    """Out of sight until it is asked; the screen does with the answer what it was asked for, or says why not."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]
    app: QkvtuiApp

    def __init__(self) -> None:
        super().__init__(compact=True, select_on_focus=False)
        self.cursor_blink = False
        self.can_focus = False
        self._purpose = ""
        self._said = ""
        self._is_refusal = False

    def ask(self, purpose: str, proposal: str, hint: str, **values: str) -> None:
        """Show the line with a proposal to go on from, and a hint of the language files: above it or, if empty, in it.

        `purpose` is what the screen is told with the answer.
        """
        self._purpose = purpose
        self.placeholder = self.app.look.texts.screen[hint].format(**values)
        self.value = proposal
        self._say(self.placeholder if proposal else "", is_refusal=False)
        self._show(True)

    def ask_again(self, said: str) -> None:
        """Show the line as it was typed, and above it what is wrong with it."""
        self._say(said, is_refusal=True)
        self._show(True)

    def lines(self, width: int) -> list[Text]:
        """What stands above the line: how to go on from a proposal, or why an answer was refused."""
        palette = self.app.look.palette
        said = Text(self.app.look.signs(self._said), palette.wrong if self._is_refusal else palette.dim)
        return wrap(said, width)[: max(1, self.app.size.height - _OWN_LINES)] if self._said else []

    def on_resize(self, event: Resize) -> None:
        """What stands above may need more lines, or fewer."""
        self._fit()

    async def _on_key(self, event: Key) -> None:
        """Edit in the order of typing.

        Textual runs a binding only after the letters typed behind it in the same instant have been put in, and gives
        the keys typed right behind Enter to this line although it has gone: they are the screen's, after the answer.
        """
        if not self.has_class("-asking"):
            event.stop()
            event.prevent_default()
            self.app.pass_on(event)
        elif event.key in _EDITS:
            event.stop()
            event.prevent_default()
            await self.run_action(_EDITS[event.key])
        else:
            await super()._on_key(event)

    def action_leave(self) -> None:
        """Go away without an answer."""
        self._show(False)
        self._asker.not_answered()

    async def action_submit(self) -> None:
        """Go away and answer; at once, so that a key typed right behind Enter finds the line asking again, or gone."""
        if not self.value.strip() and self._purpose not in _MAY_BE_EMPTY:
            self.action_leave()
            return
        self._show(False)
        self._asker.answered(self._purpose, self.value)

    @property
    def _asker(self) -> DrawnScreen:
        return cast("DrawnScreen", self.screen)

    def _show(self, asking: bool) -> None:
        self.can_focus = asking
        self.set_class(asking, "-asking")
        self.screen.set_class(asking, "-asking")
        if asking:
            self.cursor_position = len(self.value)
        self.screen.set_focus(self if asking else None)  # at once: the next keyboard key is already meant for this line

    def _say(self, said: str, *, is_refusal: bool) -> None:
        self._said, self._is_refusal = said, is_refusal
        self._fit()

    def _fit(self) -> None:
        above = self.screen.query_one("#said", Drawing)
        count = len(self.lines(self.app.size.width))
        above.set_class(count > 0, "-told")
        above.styles.height = count
        above.redraw()
