"""The smallest Textual application worth comparing with: one line that a keyboard key changes; NumPy is loaded too."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static


class Hello(App[None]):
    """Says hello, and counts a keyboard key."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("n", "count", show=False)]

    def compose(self) -> ComposeResult:
        yield Static("hello 0")

    def on_mount(self) -> None:
        self._count = int(np.zeros(1)[0])

    def action_count(self) -> None:
        self._count += 1
        self.query_one(Static).update(f"hello {self._count}")


if __name__ == "__main__":
    Hello().run()
