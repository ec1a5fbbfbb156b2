"""Choosing an example."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.console import RenderableType
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message

from ..files.course import group_of
from ..files.headings import Heading, bundled_headings, taught
from ..localized import Localized
from ..memory.state import Memory
from ..pages.lines import shorten
from ..views.look import Look
from .bound import Action, Offer
from .choosing import Choice, ChoiceScreen, fits
from .pages import help_page

_KEYS = (
    ("moves", "↑ ↓ Home End"),
    ("opens", "Enter"),
    ("filters", "A … Z /"),
    ("unfilters", "Backspace Esc"),
    ("speaks", "z"),
    ("ends", "q"),
)
"""What the help page tells: the name of its text, and the keyboard keys."""

_SEEN = "✓ "


class PickerScreen(ChoiceScreen):
    """The bundled examples, one line each, and what the highlighted one teaches."""

    NAME = "picker"
    COMMANDS_FIRST = "qz?"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "app.quit", show=False),
        Binding("z", "app.look('language')", show=False),
        Binding("question_mark", "app.help", show=False),
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
        """The examples that fit, below the headings of their groups."""
        look, found, before = self.look, list[Choice](), None
        seen = self._memory.known.seen
        name_width = max(cell_len(heading.example.name) for heading in self._headings) + 2
        for heading in self._headings:
            name = heading.example.name
            if self.filter and not fits(self._told(heading), self.filter):
                continue
            group = group_of(name)
            if group is not None and group is not before:
                found.append(Choice(None, Text(group.title.in_language(look.language), look.palette.title)))
            found.append(Choice(name, _line(heading, name in seen, name_width, width, look)))
            before = group
        return found

    def help(self, look: Look, typed: str | None = None) -> RenderableType:
        """The page about the keyboard, or the lines of it with a text in them."""
        texts = look.texts.screen
        offered = [Offer(Action(name, (), keys), "", texts[f"picker_{name}"]) for name, keys in _KEYS]
        return help_page(look, offered, "picker_", typed)

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

    def _told(self, heading: Heading) -> str:
        """Its name, its title and what it teaches."""
        title = heading.title.in_language(self.look.language)
        return f"{heading.example.name} {title} {self.note(heading.example.name)}"


def _line(heading: Heading, is_seen: bool, name_width: int, width: int, look: Look) -> Text:
    """A mark where it was seen, name, title and size, which stand below each other.

    A long title has no size beside it, or begins before.
    """
    counted = look.texts.screen["one_token" if heading.tokens == 1 else "tokens"]
    size = counted.format(count=heading.tokens) if heading.tokens else ""
    title = heading.title.in_language(look.language)
    name, left = heading.example.name, max(1, width - len(_SEEN))
    if name_width + cell_len(title) > left:
        name_width = cell_len(name) + 2
    room = max(1, left - name_width)
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(look.signs(_SEEN) if is_seen else " " * len(_SEEN), look.palette.key)
    line.append(set_cell_size(name, name_width), look.palette.marked)
    if cell_len(title) + cell_len(size) + 2 > room:
        return line.append(shorten(title, room, look.signs("…")))
    room -= cell_len(size) + 2
    line.append(set_cell_size(title, room))
    line.append(f"  {size}", look.palette.dim)
    return line
