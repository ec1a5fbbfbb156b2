"""Choosing an example."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message

from ..files.headings import Heading, bundled_headings, taught
from ..localized import Localized
from ..memory.state import Memory
from ..pages.lines import shorten
from ..views.look import Look
from .choosing import Choice, ChoiceScreen

_SEEN = "✓ "


class PickerScreen(ChoiceScreen):
    """The bundled examples, one line each, and what the highlighted one teaches."""

    COMMANDS_FIRST = "qz"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "app.quit", show=False),
        Binding("z", "app.language", show=False),
    ]

    @dataclass
    class Chosen(Message):
        """An example was chosen."""

        example: str

    def __init__(self, look: Look, memory: Memory, *, can_leave: bool) -> None:
        super().__init__(look)
        self._memory = memory
        self._can_leave = can_leave
        """Whether an example is open below."""
        self._headings = bundled_headings()

    @cached_property
    def _taught(self) -> dict[str, Localized]:
        """Name → what it teaches; read when the list is already there."""
        return {heading.example.name: taught(heading.example) for heading in self._headings}

    def choices(self, width: int) -> list[Choice]:
        """The examples that fit."""
        look, seen = self.look, self._memory.known.seen
        name_width = max(cell_len(heading.example.name) for heading in self._headings) + 2
        return [
            Choice(heading.example.name, _line(heading, heading.example.name in seen, name_width, width, look))
            for heading in self._headings
            if not self.filter or self._fits(heading, self.filter)
        ]

    def title_and_hint(self, count: int) -> tuple[str, str]:
        """What this is, or how many fit."""
        texts = self.look.texts.screen
        title = texts["picker_title"]
        if self.filter is not None:
            title = texts["picker_filter"].format(text=self.filter, count=count, total=len(self._headings))
        return title, texts["picker_hint"]

    def note(self, name: str) -> str:
        """What an example teaches."""
        return self._taught[name].in_language(self.look.language)

    @property
    def begins_at(self) -> str | None:
        """The lesson to go on with."""
        return self._memory.next_lesson

    def chosen(self, name: str) -> None:
        """Tell the application."""
        self.app.post_message(self.Chosen(name))

    def leave(self) -> bool:
        """Back to the lesson, where there is one."""
        if self._can_leave:
            self.app.pop_screen()
        return self._can_leave

    def _fits(self, heading: Heading, text: str) -> bool:
        """Whether every word that was typed is in its name, its title or what it teaches."""
        title = heading.title.in_language(self.look.language)
        held = f"{heading.example.name} {title} {self.note(heading.example.name)}".casefold()
        return all(word in held for word in text.casefold().split())


def _line(heading: Heading, is_seen: bool, name_width: int, width: int, look: Look) -> Text:
    """A mark where it was seen, name, title and size, which stand below each other; a long title gives way."""
    size = look.texts.screen["tokens"].format(count=heading.tokens) if heading.tokens else ""
    room = max(1, width - len(_SEEN) - name_width - cell_len(size) - 3)
    title = shorten(heading.title.in_language(look.language), room, look.signs("…"))
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(look.signs(_SEEN) if is_seen else " " * len(_SEEN), look.palette.key)
    line.append(set_cell_size(heading.example.name, name_width), look.palette.marked)
    line.append(set_cell_size(title, room))
    line.append(f"  {size}", look.palette.dim)
    return line
