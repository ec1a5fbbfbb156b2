"""Screens of text: the keyboard, and what is wrong with a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.console import Group, RenderableType
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.events import Key
from textual.screen import Screen
from textual.widgets import Static

from ..said import in_language
from ..views.look import Look
from ..views.wrapping import wrap
from .bound import Offer, in_groups
from .choosing import filter_after, fits


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
    """The page about the keyboard, from which the words can be looked up; what one types leaves the lines with it."""

    COMMANDS_FIRST = "wq?"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "app.glossary", show=False),
        Binding("ctrl+p", "commands", show=False),
    ]

    def __init__(self, page: Callable[[int, str | None], RenderableType]) -> None:
        """`page` has the lines with a text in them, all where it is None, in so many columns."""
        super().__init__(lambda width: page(width, self._typed))
        self._typed: str | None = None

    def on_key(self, event: Key) -> None:
        """Letters find, Backspace and Esc take them back; a key that finds nothing else does what it does."""
        typed = filter_after(self._typed, event, self.COMMANDS_FIRST)
        if typed != self._typed:
            self._typed = typed
            event.stop()
            event.prevent_default()
            self.query_one(Static).update(self._page(self.app.size.width - 2))
            self.query_one(VerticalScroll).scroll_home(animate=False)

    def action_commands(self) -> None:
        """The same as a list."""
        self.dismiss()
        self.app.call_next(self.app.run_action, "commands")


class ProblemsScreen(PageScreen):
    """A page of what is wrong with a file."""


def help_page(look: Look, offered: Sequence[Offer], of: str = "", typed: str | None = None) -> RenderableType:
    """Every action that is offered, in its group, with its keyboard keys and what it does; or those with a text.

    `of` begins the names of the page's title and end in the language files.
    """
    screen = look.texts.screen
    width = max((cell_len(look.keys(offer.action.shown)) for offer in offered), default=0)
    found = [one for one in offered if fits(f"{look.keys(one.action.shown)} {one.label} {one.about}", typed)]
    parts = [Text(screen[f"{of}help_title"], look.palette.title), _about_finding(look, typed, len(found), len(offered))]
    for group, members in in_groups(found):
        parts.append(Text(f"\n{look.signs(group)}" if group and typed is None else "", look.palette.title))
        parts += [_told(offer, width, look) for offer in members]
    if typed is None:
        parts.append(Text("\n").join(wrap(Text("\n" + look.signs(screen[f"{of}help_end"])), look.width)))
    return Group(*parts)


def _about_finding(look: Look, typed: str | None, count: int, total: int) -> Text:
    """How a line is found, or how many were."""
    if typed is None:
        return Text("\n").join(wrap(Text(look.signs(look.texts.screen["help_hint"]), look.palette.dim), look.width))
    return Text(look.signs(look.texts.screen["help_found"].format(text=typed, count=count, total=total)))


def _told(offer: Offer, width: int, look: Look) -> Text:
    """What one action does, beside its keys."""
    lines = wrap(Text(look.signs(offer.about)), max(1, look.width - width - 2))
    keys = Text(set_cell_size(look.keys(offer.action.shown), width) + "  ", look.palette.marked)
    before = [keys, *[Text(" " * (width + 2))] * (len(lines) - 1)]
    return Text("\n").join(Text.assemble(one, line) for one, line in zip(before, lines, strict=True))


def problems_page(problems: str, look: Look) -> RenderableType:
    """What is wrong with a file, mistake by mistake."""
    title = Text(look.texts.screen["problems_title"] + "\n", look.palette.wrong)
    lines = [
        line
        for problem in in_language(problems, look.language).splitlines()
        for line in wrap(Text(problem), look.width)
    ]
    return Group(title, Text("\n").join(lines))
