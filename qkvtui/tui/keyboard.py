"""Reading the keyboard without ever going deaf: bytes that are no UTF-8, codes of no character, a paste without end."""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable
from typing import Protocol

from textual.message import Message

_PASTE, _PASTED = "\x1b[200~", "\x1b[201~"
_INTERRUPTS = ("\x03", "\x1b[99;5u")
"""Ctrl+C as terminals send it."""
TICK = 0.1
"""Seconds after which it is looked whether an Esc stays alone, and whether the application has ended."""


class Parser(Protocol):
    """Makes messages of the characters that a terminal sends."""

    def feed(self, data: str) -> Iterable[Message]:
        """The messages that are complete with these characters."""

    def tick(self) -> Iterable[Message]:
        """The messages that are complete because nothing has come for a while."""


class Keyboard:
    """Messages from bytes, whatever the bytes. `new_parser` makes a parser, and another one where that broke down.

    `keys_of`: what of the characters is for the keyboard; it is also asked where nothing has come for a while.
    """

    def __init__(self, new_parser: Callable[[], Parser], keys_of: Callable[[str], str] | None = None) -> None:
        self._new_parser = new_parser
        self._keys_of = keys_of
        self._parser = new_parser()
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._tail = ""
        self._is_pasting = False

    def messages(self, data: bytes) -> list[Message]:
        """What has arrived, and what is complete because nothing more has."""
        text = self._decode(data)
        if self._keys_of is not None and bool(text) == bool(data):  # not where half a character has come
            text = self._keys_of(text)
        if self._is_pasting and text in _INTERRUPTS:
            text = _PASTED + text  # the end of the paste was lost, and all that follows would be taken for pasted
        found: list[Message] = []
        for character in text:
            found += self._parsed(character)
        self._notice_paste(text)
        return found + self._parsed("")

    def _parsed(self, character: str) -> list[Message]:
        """What one more character completes; what is complete without one, for none."""
        try:
            return list(self._parser.feed(character) if character else self._parser.tick())
        except Exception:  # whatever a sequence made of the parser, the next one is for a new one
            self._parser = self._new_parser()
            return []

    def _notice_paste(self, text: str) -> None:
        seen = self._tail + text
        begun, ended = seen.rfind(_PASTE), seen.rfind(_PASTED)
        if begun != ended:
            self._is_pasting = begun > ended
        self._tail = seen[1 - len(_PASTE) :]


def read_keys(file: int, keyboard: Keyboard, ended: Callable[[], bool], process: Callable[[Message], None]) -> None:
    """Read from `file` until it has `ended`.

    Textual's own loop decodes strictly, in a thread that nobody starts again: a byte of Latin-1 would be the last key.
    """
    with selectors.SelectSelector() as selector:
        selector.register(file, selectors.EVENT_READ)
        while not ended():
            data = os.read(file, 4096) if selector.select(TICK) else b""
            for message in keyboard.messages(data):
                process(message)
