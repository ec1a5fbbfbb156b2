"""Choosing an example."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Key, Resize
from textual.message import Message
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ..files.headings import Heading, bundled_headings, taught
from ..files.localized import Localized
from ..pages.lines import shorten
from ..views.look import Look
from ..views.wrapping import wrap

if TYPE_CHECKING:
    from .app import QkvtuiApp

_TAUGHT_LINES = 3
_BESIDE_LINE = 4
"""Terminal columns that the list takes for itself: a blank at each end, and the bar that shows where one is."""
_COMMANDS = "qz"
"""Letters that do something else as long as nothing is typed."""


class PickerScreen(Screen[None]):
    """The bundled examples, one line each, and what the highlighted one teaches. What one types filters them."""

    CSS = f"""
    PickerScreen OptionList {{ height: 1fr; border: none; margin: 1 0; padding: 0; }}
    PickerScreen Static {{ height: 1; }}
    PickerScreen #taught {{ height: {_TAUGHT_LINES}; }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "app.quit", show=False),
        Binding("z", "app.language", show=False),
        Binding("escape", "leave", show=False),
    ]
    app: QkvtuiApp

    @dataclass
    class Chosen(Message):
        """An example was chosen."""

        example: str

    def __init__(self) -> None:
        super().__init__()
        self._headings = bundled_headings()
        self._filter: str | None = None
        """What was typed; None: nothing yet."""

    @cached_property
    def _taught(self) -> dict[str, Localized]:
        """Name → what it teaches; read when the list is already there."""
        return {heading.example.name: taught(heading.example) for heading in self._headings}

    def compose(self) -> ComposeResult:
        """A title, the examples, what one of them teaches, a hint."""
        yield Static(id="title")
        yield OptionList(*(Option(Text(heading.example.name), id=heading.example.name) for heading in self._headings))
        yield Static(id="taught")
        yield Static(id="hint")

    def on_mount(self) -> None:
        """Follow the application's language."""
        self.watch(self.app, "look", self.write)

    def on_resize(self, event: Resize) -> None:
        """Titles have another room."""
        self.write()

    def write(self) -> None:
        """The examples that fit what was typed, in the current language."""
        look, options = self.app.look, self.query_one(OptionList)
        before = None if options.highlighted is None else options.get_option_at_index(options.highlighted).id
        shown = [heading for heading in self._headings if not self._filter or self._fits(heading, self._filter)]
        name_width = max(cell_len(heading.example.name) for heading in self._headings) + 2
        options.clear_options()
        options.add_options(
            Option(_line(heading, name_width, self.size.width - _BESIDE_LINE, look), id=heading.example.name)
            for heading in shown
        )
        names = [heading.example.name for heading in shown]
        if names:
            options.highlighted = names.index(before) if before in names else 0
        title = look.texts.screen["picker_title"]
        if self._filter is not None:
            title = look.texts.screen["picker_filter"].format(
                text=self._filter, count=len(shown), total=len(self._headings)
            )
        self.query_one("#title", Static).update(Text(look.signs(title), look.palette.title))
        self.query_one("#hint", Static).update(Text(look.signs(look.texts.screen["picker_hint"]), look.palette.dim))
        if not names:
            self.query_one("#taught", Static).update(Text(""))

    def on_key(self, event: Key) -> None:
        """Letters filter; Backspace and Esc take them back."""
        typed = event.character if event.is_printable else None
        if typed is not None and (self._filter is not None or typed not in _COMMANDS + " "):
            self._filter = "" if self._filter is None and typed == "/" else (self._filter or "") + typed
        elif event.key == "backspace" and self._filter is not None:
            self._filter = self._filter[:-1] or None
        elif event.key == "escape" and self._filter is not None:
            self._filter = None
        else:
            return
        event.stop()
        event.prevent_default()
        self.write()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what it teaches."""
        look = self.app.look
        told = self._taught[event.option_id or ""].in_language(look.language)
        lines = wrap(Text(told, look.palette.key), max(1, self.size.width - 1))
        if len(lines) > _TAUGHT_LINES:
            lines = [*lines[: _TAUGHT_LINES - 1], Text(look.signs("…"))]
        self.query_one("#taught", Static).update(Text("\n").join(lines))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Tell the application."""
        assert event.option_id is not None
        self.post_message(self.Chosen(event.option_id))

    def action_leave(self) -> None:
        """Back to the lesson, where there is one."""
        if self.app.has_lesson:
            self.app.pop_screen()

    def _fits(self, heading: Heading, text: str) -> bool:
        """Whether every word that was typed is in its name, its title or what it teaches."""
        language = self.app.look.language
        about = self._taught[heading.example.name].in_language(language)
        held = f"{heading.example.name} {heading.title.in_language(language)} {about}".casefold()
        return all(word in held for word in text.casefold().split())


def _line(heading: Heading, name_width: int, width: int, look: Look) -> Text:
    """Name, title and size, which stand below each other; a long title gives way."""
    size = look.texts.screen["tokens"].format(count=heading.tokens) if heading.tokens else ""
    room = max(1, width - name_width - cell_len(size) - 3)
    title = shorten(heading.title.in_language(look.language), room, look.signs("…"))
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(set_cell_size(heading.example.name, name_width), look.palette.marked)
    line.append(set_cell_size(title, room))
    line.append(f"  {size}", look.palette.dim)
    return line
