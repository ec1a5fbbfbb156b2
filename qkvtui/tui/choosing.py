"""Choosing from a list: what one types filters it, and every keyboard key is obeyed in the order of typing."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar, Literal, NamedTuple

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.events import Click, Key, Mount, Paste, Resize, ScreenResume
from textual.strip import Strip
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ..pages.graphemes import graphemes
from ..views.look import Look
from ..views.wrapping import wrap
from .looking import LookingScreen, pass_on

_BRITISH = re.compile(r"(?<=[a-z]{3})our")
"""In colour, neighbour, favourite: who spells them as in America finds them too."""
NOTE_LINES = 3
BESIDE_LINE = 4
"""Terminal columns that the list takes for itself: a blank at each end, and the bar that shows where one is."""


class Choice(NamedTuple):
    """One line of a list."""

    id: str | None
    """None for a heading, which cannot be chosen."""
    line: Text

    @property
    def option(self) -> Option:
        """As Textual's list has it."""
        return Option(self.line, id=self.id, disabled=self.id is None)


class ChoiceScreen(LookingScreen):
    """A title, a list, what there is to say of the highlighted line, a hint."""

    DEFAULT_CSS = f"""
    ChoiceScreen OptionList {{ height: 1fr; border: none; margin: 1 0; padding: 0; }}
    ChoiceScreen OptionList > .option-list--option-highlighted {{
        color: $block-cursor-foreground;
        background: $block-cursor-background;
        text-style: $block-cursor-text-style;
    }}
    ChoiceScreen OptionList:nocolor > .option-list--option-highlighted {{ text-style: bold underline; }}
    ChoiceScreen Static {{ height: 1; }}
    ChoiceScreen #note {{ height: {NOTE_LINES}; }}
    """
    NAME: ClassVar[str]
    """What the names of its texts begin with: `picker` of `picker_title`, `picker_filter` and `picker_hint`."""
    COMMANDS_FIRST: ClassVar[str] = ""
    """Letters that do something else as long as nothing is typed."""
    NOTE_ROOM: ClassVar[int] = NOTE_LINES
    """Lines for what there is to say of the highlighted line."""
    LEAVING: ClassVar[tuple[str, ...]] = ("escape",)
    """Keyboard keys that lead back as long as nothing is typed."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.filter: str | None = None
        """What was typed; None: nothing yet."""
        self._total = 0
        self._is_done = False

    @abstractmethod
    def choices(self, width: int) -> list[Choice]:
        """The lines that fit what was typed, for so many columns."""

    def whole_title(self) -> str:
        """What the list is, as long as nothing is typed."""
        return self.look.texts.screen[f"{self.NAME}_title"]

    @abstractmethod
    def note(self, name: str) -> str:
        """What is said of a line below the list while it is highlighted."""

    @property
    def begins_at(self) -> str | None:
        """The id of the line that is highlighted at first; the first one, unless a list knows better."""
        return None

    @abstractmethod
    def chosen(self, name: str) -> None:
        """Do what the line with this id says."""

    def leave(self) -> bool:
        """Go back without a choice, to the screen below; whether there is somewhere to go to."""
        self.app.pop_screen()
        return True

    def compose(self) -> ComposeResult:
        """Nothing takes the keyboard from the screen, which obeys it in one place."""
        yield Static(id="title")
        shown = self.choices(self.app.size.width)
        options = _List(*(choice.option for choice in shown))
        options.highlighted = _index(shown, self.begins_at)
        yield options
        yield Static(id="note")
        yield Static(id="hint")

    def on_screen_resume(self, event: ScreenResume) -> None:
        """What was chosen may have led nowhere."""
        self._is_done = False

    @on(Mount)
    @on(Resize)
    def write(self) -> None:
        """The lines that fit what was typed, for the room there is, in the current language."""
        look, options = self.look, self.query_one(OptionList)
        before = self.begins_at if (at := options.highlighted) is None else options.get_option_at_index(at).id
        shown = self.choices(max(1, self.size.width - BESIDE_LINE))
        options.clear_options()
        options.add_options(choice.option for choice in shown)
        options.highlighted = _index(shown, before)
        count, texts = sum(choice.id is not None for choice in shown), look.texts.screen
        if self.filter is None:
            self._total, title = count, self.whole_title()
        else:
            title = texts[f"{self.NAME}_filter"].format(text=self.filter, count=count, total=self._total)
        self.query_one("#title", Static).update(Text(look.signs(title), look.palette.title))
        self.query_one("#hint", Static).update(Text(look.signs(texts[f"{self.NAME}_hint"]), look.palette.dim))
        if options.highlighted is None:
            self.query_one("#note", Static).update(Text(""))

    watch_look = write

    def on_key(self, event: Key) -> None:
        """Letters filter, Backspace and Esc take them back; what is typed behind Enter is for the next screen."""
        after, options = filter_after(self.filter, event, self.COMMANDS_FIRST), self.query_one(_List)
        if self._is_done:
            pass_on(self.app, event)
        elif after != self.filter:
            self.filter = after
            self.write()
        elif event.key == "enter":
            at = options.highlighted
            self._choose(None if at is None else options.get_option_at_index(at).id)
        elif event.key in self.LEAVING:
            self._is_done = self.leave()
        elif not options.moved(event.key):
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: Paste) -> None:
        """What is pasted filters as well."""
        event.stop()
        self.filter = (self.filter or "") + "".join(event.text.splitlines()[:1])
        self.write()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what it is; nothing of a line that typing has taken away since."""
        look = self.look
        if self.query_one(OptionList).highlighted is None:
            return
        lines = wrap(Text(look.signs(self.note(event.option_id or "")), look.palette.key), self.size.width - 1)
        if len(lines) > self.NOTE_ROOM:
            lines = [*lines[: self.NOTE_ROOM - 1], Text(look.signs("…"))]
        self.query_one("#note", Static).update(Text("\n").join(lines))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A line was clicked."""
        self._choose(event.option_id)

    def _choose(self, name: str | None) -> None:
        if name is not None and not self._is_done:
            self._is_done = True
            self.chosen(name)


def _index(shown: Sequence[Choice], wanted: str | None) -> int | None:
    """Which line is wanted, or the first one that can be chosen; None where there is none."""
    at = {choice.id: index for index, choice in enumerate(shown) if choice.id is not None}
    return at.get(wanted or "", min(at.values(), default=None))


def fits(text: str, typed: str | None) -> bool:
    """Whether every word that was typed is in a text; `color` is in one with `colour`."""
    held = text.casefold()
    american = _BRITISH.sub("or", held)
    return all(word in held or word in american for word in (typed or "").casefold().split())


def filter_after(before: str | None, event: Key, commands: str) -> str | None:
    """What filters after a keyboard key, the same as before where the key means something else.

    `commands` are letters that do as long as nothing is typed; `/` then only begins.
    """
    typed = event.character if event.is_printable else None
    if typed is not None and (before is not None or typed not in f"{commands} "):
        return "" if before is None and typed == "/" else (before or "") + typed
    if event.key == "backspace" and before is not None:
        return "".join(one for one, _ in graphemes(before)[:-1]) or None
    return None if event.key == "escape" else before


class _List(OptionList, can_focus=False):
    """Survives what Textual's does not: a page down before anything is laid out, a click on a line that has gone.

    What stands on the bar that shows where one is has the bar's colour: greys and greens could not be read there.
    """

    def render_line(self, y: int) -> Strip:
        """One line; on the bar all of it in the colour that the bar is made for."""
        bar = self.get_component_rich_style("option-list--option-highlighted")
        on_bar = Style(color=bar.color, dim=False)
        strip = super().render_line(y)
        if bar.bgcolor is None or bar.color is None:
            return strip
        return Strip(
            [
                Segment(text, style + on_bar if style is not None and style.bgcolor == bar.bgcolor else style)
                for text, style, _ in strip
            ],
            strip.cell_length,
        )

    def moved(self, key: str) -> bool:
        """Obey a keyboard key that moves; False: it is none."""
        moves: dict[str, Callable[[], None]] = {
            "up": self.action_cursor_up,
            "down": self.action_cursor_down,
            "home": self.action_first,
            "end": self.action_last,
            "pageup": self.action_page_up,
            "pagedown": self.action_page_down,
        }
        if key not in moves:
            return False
        moves[key]()
        return True

    def _move_page(self, direction: Literal[-1, 1]) -> None:
        if self.scrollable_content_region:
            super()._move_page(direction)

    async def _on_click(self, event: Click) -> None:
        if event.style.meta.get("option", 0) >= self.option_count:
            event.prevent_default()
