"""A line to type into: an address, a new value, a file's name, a yes; and above it what there is to say of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.events import Key, Resize
from textual.widgets import Input

from ..said import in_language
from ..views.look import Look
from ..views.wrapping import wrap
from .drawing import DrawnWidget
from .looking import pass_on
from .messages import Asked

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

_OF_APP = ("ctrl+z",)
"""Keyboard keys that are for the application, whatever is asked."""
_SELECTED = ("edit", "go_to")
"""Purposes whose proposal gives way to the first letter that is typed, as a browser's address does: another place."""
_OWN_LINES = 2
"""The line itself, and one of the page that it is about."""


class LinePrompt(Input):
    """Out of sight until it is asked; `answered` does with the answer what it was asked for, or says why not.

    `left` is called where there is no answer.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, answered: Callable[[Asked, str], None], left: Callable[[Asked], None]) -> None:
        super().__init__(compact=True, select_on_focus=False)
        self.cursor_blink = False
        self.can_focus = False
        self._answered = answered
        self._left = left
        self._asked = Asked("", "", "")
        self._look = Look(80)
        self._hint = self._said = ""
        self._is_refusal = False
        self._is_fresh = False
        """Whether nothing was typed or moved since the proposal came."""

    def ask(self, asked: Asked, look: Look) -> None:
        """Show the line with a proposal to go on from, and a hint, or what was wrong before."""
        self._asked, self._look = asked, look
        self._hint = look.signs(look.texts.screen[asked.hint].format(**asked.values))
        self.placeholder = self._hint
        self.value = asked.proposal
        self._is_fresh = not asked.refusal
        self._say(asked.refusal or (self._hint if asked.proposal else ""), is_refusal=bool(asked.refusal))
        self._show(True)

    def ask_again(self, said: str) -> None:
        """Show the line as it was typed, and above it what is wrong with it."""
        self._say(said, is_refusal=True)
        self._show(True)

    def lines(self, width: int) -> list[Text]:
        """What stands above the line: how to go on from a proposal, or why an answer was refused."""
        palette = self._look.palette
        first = in_language(self._said, self._look.language).partition("\n")[0]
        said = Text(self._look.signs(first), palette.wrong if self._is_refusal else palette.dim)
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
            pass_on(self.app, event)
        elif self._asked.keys and event.key not in _OF_APP:
            event.stop()
            event.prevent_default()
            self._choose(event)
        elif event.key in _EDITS:
            event.stop()
            event.prevent_default()
            self._is_fresh = False
            await self.run_action(_EDITS[event.key])
        else:
            self._give_way(event.character or "")
            await super()._on_key(event)

    def _give_way(self, typed: str) -> None:
        """A letter begins a whole answer; a digit or a sign goes on with the proposal."""
        if self._is_fresh and self._asked.purpose in _SELECTED and typed.isalpha():
            self.value = ""
        self._is_fresh = False

    def _choose(self, event: Key) -> None:
        """One of the letters answers, Esc and Enter leave; every other key may have been meant for something else."""
        letter = (event.character or "").lower()
        if letter and letter in self._asked.keys:
            self._show(False)
            self._answered(self._asked, letter)
        elif event.key in ("escape", "enter"):
            self.action_leave()

    def action_leave(self) -> None:
        """Go away without an answer."""
        self._show(False)
        self._left(self._asked)

    async def action_submit(self) -> None:
        """Go away and answer; at once, so that a key typed right behind Enter finds the line asking again, or gone."""
        if not self.value.strip() and not self._asked.may_be_empty:
            self.action_leave()
            return
        self._show(False)
        self._answered(self._asked, self.value)

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
        if self._asked.keys:  # what is to be read before a letter is pressed is never cut
            is_short = cell_len(self._hint) < self.app.size.width
            self.placeholder, self._said = (self._hint, "") if is_short else ("", self._hint)
        above = self.screen.query_one("#said", DrawnWidget)
        count = len(self.lines(self.app.size.width))
        above.set_class(count > 0, "-told")
        above.styles.height = count
        above.redraw()
