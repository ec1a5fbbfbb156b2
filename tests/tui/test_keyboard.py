"""The keyboard goes on, whatever bytes have come."""

from __future__ import annotations

import sys

import pytest
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, Paste

from qkvtui.tui.keyboard import Keyboard
from qkvtui.tui.terminal import Terminal


def keys(*chunks: bytes) -> list[str]:
    """The keyboard keys that are understood, pasted text in angle brackets."""
    keyboard = Keyboard(XTermParser)
    found = [message for chunk in chunks for message in keyboard.messages(chunk)]
    return [f"<{one.text}>" if isinstance(one, Paste) else one.key for one in found if isinstance(one, (Key, Paste))]


@pytest.mark.parametrize(
    "odd",
    [
        b"\xe9",
        b"\xff\xfe",
        b"\x1b[9999999999999999999999u",
        b"\x1b[1114112u",
        b"\x1b[48;0;0;0;0t\x1b[<0;1;1M",
        b"\x1b[<999999999999;1;1M",
    ],
)
def test_the_key_after_nonsense_is_understood(odd: bytes) -> None:
    """One byte of Latin-1 was the last thing the application heard; the next key ended it in a traceback."""
    assert keys(odd, b"n", "它".encode(), b"\x1b[C")[-3:] == ["n", "它", "right"]
    assert keys(odd + b"n")[-1] == "n"


def test_a_character_may_come_in_two_parts() -> None:
    """A slow line would have made two strange characters of it."""
    assert keys(b"\xe5\xae", b"\x83") == ["它"]


def test_ctrl_c_ends_a_paste_whose_end_was_lost() -> None:
    """All that was typed after a torn paste, Ctrl+C too, was taken for pasted: nothing could end the application."""
    assert keys(b"\x1b[20", b"0~abc", b"\x03") == ["<abc>", "ctrl+c"]
    assert keys(b"\x1b[200~a\x03b\x1b[201~", b"\x03") == ["<a\x03b>", "ctrl+c"]


def test_another_textual_keeps_its_own_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Textual that renames its inside would have been an ImportError instead of a first page."""
    ran: list[object] = []
    monkeypatch.setitem(sys.modules, "textual._xterm_parser", None)
    monkeypatch.setattr(LinuxDriver, "run_input_thread", lambda self: ran.append(self))
    terminal = object.__new__(Terminal)
    terminal.run_input_thread()
    assert ran == [terminal]
