"""Bytes that no keyboard sends, and keys that come all at once."""

from __future__ import annotations

import pytest

from .driver import INTERRUPT, PRISTINE, qkvtui


@pytest.mark.slow
@pytest.mark.parametrize("odd", [b"\xe9", b"\x1b[9999999999999999999999u", b"\x1b[200~torn"])
def test_nonsense_does_not_make_it_deaf(odd: bytes) -> None:
    """An é from a Latin-1 terminal was the last thing it heard, the next key ended it with status 0 and a traceback."""
    with qkvtui("animal") as terminal:
        terminal.wait("step 1 of")
        terminal.send(odd)
        terminal.wait_until_quiet()
        if not odd.endswith(b"torn"):
            terminal.press("n")
            terminal.wait("step 2 of")
        terminal.press(INTERRUPT)
        assert terminal.wait_for_end() == 130
        assert terminal.modes == PRISTINE
        assert b"Traceback" not in terminal.output


@pytest.mark.slow
def test_the_palette_and_its_keys_in_one_burst() -> None:
    """The screen was blank for good, or the application gone."""
    with qkvtui("animal") as terminal:
        terminal.wait("step 1 of")
        terminal.press("\x10\r\r")
        terminal.wait("step 2 of")
        terminal.press("\x10\x1b[6~", "\r" * 3)
        terminal.wait_until_quiet()
        assert terminal.text.strip()
        terminal.press(INTERRUPT)
        assert terminal.wait_for_end() == 130
        assert b"Traceback" not in terminal.output
