"""The colour behind the text: what the terminal answers when it is asked for it (OSC 11), kept away from the keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

QUESTION = "\x1b]11;?\x1b\\"
"""Which colour is the background?"""

_BEGINNING = "\x1b]11;"
_ANSWER = re.compile(r"\x1b\]11;([0-9A-Za-z:/#]{0,64})(?:\x1b\\|\x07)")
_UNFINISHED = re.compile(r"\x1b\]11;[0-9A-Za-z:/#]{0,64}\x1b?\Z")
_TORN = re.compile(r"\x1b\]11;[0-9A-Za-z:/#]{0,64}")
_COLOR = re.compile(r"rgba?:([0-9a-f]{1,4})/([0-9a-f]{1,4})/([0-9a-f]{1,4})", re.ASCII | re.IGNORECASE)
_BRIGHTNESS = (0.299, 0.587, 0.114)
"""What red, green and blue add to how bright something looks (ITU-R BT.601)."""
_DEAF = ("linux", "vt")
"""Terminals that would show the question, or a part of it; by how their names begin."""

_SOON, _LATE = 10, 50
"""Reads without anything, a tenth of a second each: after so many nobody waits for the rest of what may be an answer,
of what certainly is one."""
_WATCHED = 100
"""As many until an Esc is no longer held back: an answer that comes later comes whole."""


class BackgroundAnswer:
    """Takes the answer out of what the terminal sends, whenever it comes and in whichever parts.

    `told` learns whether the background is light. Until then an Esc waits for `patience` reads without anything: an
    answer begins with it. That it never comes does no harm.
    """

    def __init__(self, told: Callable[[bool], object], patience: int) -> None:
        self._told = told
        self._patience = patience
        self._held = ""
        self._quiet = self._all_quiet = 0
        self._follows_escape = False
        self._is_answered = False

    def without_answer(self, text: str) -> str:
        """What of this is for the keyboard; nothing, for a tenth of a second in which nothing has come."""
        if self._is_answered:
            return text
        if not text:
            return self._waited()
        if self._follows_escape and not self._held and text.startswith(_BEGINNING[1:]):
            text = "\x1b" + text  # it came so late that the Esc was taken for a key
        text, self._held, self._quiet = self._held + text, "", 0
        if answer := _ANSWER.search(text):
            self._is_answered = True
            is_light = _is_light(answer[1])
            if is_light is not None:
                self._told(is_light)
            return text[: answer.start()] + text[answer.end() :]
        begun = _begun(text)
        if text[begun:] == "\x1b" and self._all_quiet >= _WATCHED:
            begun = len(text)
        self._held = text[begun:]
        return self._passed_on(_TORN.sub("", text[:begun]))

    def _waited(self) -> str:
        """What was held back for long enough; of what was certainly an answer nothing."""
        self._quiet += 1
        self._all_quiet += 1
        is_answer = self._held.startswith(_BEGINNING)
        if self._quiet < (_LATE if is_answer else self._patience if self._held == "\x1b" else _SOON):
            return ""
        held, self._held = self._held, ""
        return "" if is_answer else self._passed_on(held)

    def _passed_on(self, text: str) -> str:
        if text:
            self._follows_escape = text.endswith("\x1b")
        return text


def can_be_asked(environ: Mapping[str, str]) -> bool:
    """Whether a terminal with these variables is worth asking: it understands, and has not said it by COLORFGBG."""
    return not environ.get("COLORFGBG") and not environ.get("TERM", "").startswith(_DEAF)


def _begun(text: str) -> int:
    """Where at the end of a text an answer begins that is not complete; behind the text where none does."""
    if unfinished := _UNFINISHED.search(text):
        return unfinished.start()
    lengths = range(len(_BEGINNING) - 1, 0, -1)
    return len(text) - next((length for length in lengths if text.endswith(_BEGINNING[:length])), 0)


def _is_light(said: str) -> bool | None:
    """Whether black is easier to read on this colour than white is; None where that is no colour."""
    color = _COLOR.match(said)
    if color is None:
        return None
    shares = (int(part, 16) / (16.0 ** len(part) - 1) for part in color.groups())
    return sum(weight * share for weight, share in zip(_BRIGHTNESS, shares, strict=True)) > 0.5
