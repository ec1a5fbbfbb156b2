"""Choosing an example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ..files.headings import Heading, bundled_headings
from ..views.look import Look

if TYPE_CHECKING:
    from .app import QkvtuiApp


class PickerScreen(Screen[None]):
    """The bundled examples, one line each."""

    CSS = """
    PickerScreen OptionList { height: 1fr; border: none; margin: 1 0; padding: 0; }
    PickerScreen Static { height: 1; }
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

    def compose(self) -> ComposeResult:
        """A title, the examples, a hint."""
        yield Static(id="title")
        yield OptionList(*(Option(Text(heading.example.name), id=heading.example.name) for heading in self._headings))
        yield Static(id="hint")

    def on_mount(self) -> None:
        """Follow the application's language."""
        self.watch(self.app, "look", self.write)

    def write(self) -> None:
        """All texts in the current language."""
        look = self.app.look
        options = self.query_one(OptionList)
        for heading in self._headings:
            options.replace_option_prompt(heading.example.name, _line(heading, look))
        self.query_one("#title", Static).update(Text(look.texts.screen["picker_title"], look.palette.title))
        self.query_one("#hint", Static).update(Text(look.signs(look.texts.screen["picker_hint"]), look.palette.dim))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Tell the application."""
        assert event.option_id is not None
        self.post_message(self.Chosen(event.option_id))

    def action_leave(self) -> None:
        """Back to the lesson, where there is one."""
        if self.app.has_lesson:
            self.app.pop_screen()


def _line(heading: Heading, look: Look) -> Text:
    size = look.texts.screen["tokens"].format(count=heading.tokens) if heading.tokens else ""
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(f"{heading.example.name:<18}", look.palette.marked)
    line.append(heading.title.in_language(look.language))
    line.append(f"   {size}", look.palette.dim)
    return line
