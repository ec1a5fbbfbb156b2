"""What every screen of the program has: a look, which the application hands on when it changes."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.events import Key
from textual.reactive import var
from textual.screen import Screen

from ..views.look import Look


class LookingScreen(Screen[None]):
    """A screen that draws in a look."""

    look: var[Look] = var(Look(80), init=False)
    """Language, digits, colours and characters."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.set_reactive(LookingScreen.look, look)


def pass_on(app: App[Any], event: Key) -> None:
    """A keyboard key that reached a line or a list after it was done with is meant for what came in its place."""
    app.post_message(Key(event.key, event.character))
