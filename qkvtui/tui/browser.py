"""A page in a browser in place of the terminal: what is drawn and what is typed go through pipes, as packets."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import partial
from typing import Any

from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers._byte_stream import ByteStream
from textual.drivers.web_driver import WebDriver

from .keyboard import Keyboard

_INTERRUPT = b"\x03"


class Browser(WebDriver):
    """Textual's driver for a page, which hears whatever the page sends, and ends when the page is closed."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size or _size_asked())
        self._write = partial(self._send)

    def run_input_thread(self) -> None:
        """Hear the page until it is closed; Textual's own loop goes deaf at the first sequence that is none."""
        keyboard = Keyboard(lambda: XTermParser(self._debug))
        packets = ByteStream()
        for data in self._input_reader:
            for kind, payload in packets.feed(data) if data else ():
                if kind == "D":
                    self._hear(keyboard, payload)
                else:
                    self._on_meta(kind, payload)
            self._hear(keyboard, b"")
        with suppress(RuntimeError):  # the loop is closed: the application has been left
            self._loop.call_soon_threadsafe(self._app.exit)

    def _hear(self, keyboard: Keyboard, data: bytes) -> None:
        """Ctrl+C ends programs in a terminal; in a browser whoever presses it wants to copy."""
        for message in keyboard.messages(data.replace(_INTERRUPT, b"")):
            self.process_message(message)

    def _send(self, data: bytes) -> int:
        """Write to whoever shows it; that nobody does is found out by reading."""
        with suppress(BrokenPipeError):
            return os.write(self.fileno, data)
        return 0


def _size_asked() -> tuple[int, int]:
    """Columns and lines of the page, as the environment says them."""
    return int(os.environ.get("COLUMNS", 80)), int(os.environ.get("LINES", 24))
