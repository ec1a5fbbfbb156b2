"""Screens of text: the keyboard, and what is wrong with a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from ..said import in_language
from ..views.look import Look
from ..views.wrapping import wrap
from .bound import Offer


class PageScreen(Screen[None]):
    """A page to read; any of the usual keyboard keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, "close", show=False) for key in ("escape", "q", "enter", "question_mark", "backspace")
    ]

    def __init__(self, page: Callable[[int], RenderableType]) -> None:
        super().__init__()
        self._page = page

    def compose(self) -> ComposeResult:
        """One text that scrolls."""
        with VerticalScroll():
            yield Static(self._page(self.app.size.width - 2))

    def action_close(self) -> None:
        """Back to where one was."""
        self.dismiss()


class HelpScreen(PageScreen):
    """The page about the keyboard, from which the words can be looked up."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("w", "app.glossary", show=False)]


class ProblemsScreen(PageScreen):
    """A page of what is wrong with a file."""


def help_page(look: Look, offered: Sequence[Offer], of: str = "") -> RenderableType:
    """Every action that is offered, with its keyboard keys and what it does.

    `of` begins the names of the page's title and end in the language files.
    """
    screen = look.texts.screen
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    keys = [look.keys(action.shown) for action, _, _ in offered]
    room = max(1, look.width - max(map(cell_len, keys)) - 2)
    for key, (_, _, about) in zip(keys, offered, strict=True):
        table.add_row(Text(key, look.palette.marked), Text("\n").join(wrap(Text(look.signs(about)), room)))
    title = Text(screen[f"{of}help_title"] + "\n", look.palette.title)
    end = Text("\n").join(wrap(Text("\n" + look.signs(screen[f"{of}help_end"])), look.width))
    return Group(title, table, end)


def problems_page(problems: str, look: Look) -> RenderableType:
    """What is wrong with a file, mistake by mistake."""
    title = Text(look.texts.screen["problems_title"] + "\n", look.palette.wrong)
    lines = [
        line
        for problem in in_language(problems, look.language).splitlines()
        for line in wrap(Text(problem), look.width)
    ]
    return Group(title, Text("\n").join(lines))
