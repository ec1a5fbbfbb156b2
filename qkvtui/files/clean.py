"""Untrusted text made safe to show: what could steer a terminal becomes a picture of itself.

Cleaning happens once, when a file is read; everything behind the reader may show what it gets. Square
brackets stay: they are only markup where somebody asks for markup.
"""

from __future__ import annotations

import re

REPLACEMENT = "\ufffd"

_BIDI_CONTROLS = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_LINE_SEPARATORS = (0x2028, 0x2029)
_BYTE_ORDER_MARK = 0xFEFF

_LINE = {
    **{code: chr(0x2400 + code) for code in range(0x20)},  # C0: ESC becomes ␛, newline ␊, tab ␉
    0x7F: "\u2421",
    **dict.fromkeys(range(0x80, 0xA0), REPLACEMENT),  # C1: 0x9B alone starts an escape sequence
    **dict.fromkeys((*_BIDI_CONTROLS, *_LINE_SEPARATORS, _BYTE_ORDER_MARK), REPLACEMENT),
    **dict.fromkeys(range(0xD800, 0xE000), REPLACEMENT),  # lone surrogates: no encoding has them
}
_JOINS_NOTHING = re.compile("(?:^|(?<=[\n\u200d]))\u200d")
"""A joiner with nothing before it: whoever lays out text disagrees how wide it is, rich with itself."""
_LONGEST_TITLE = 60
_PARAGRAPH = {code: picture for code, picture in _LINE.items() if code != ord("\n")}


def clean_line(text: str) -> str:
    """`text` on one line, without control characters: for tokens, titles and what a message quotes."""
    return _joined(text).translate(_LINE)


def clean_paragraph(text: str) -> str:
    """`text` without control characters, its line breaks kept: for notes of several lines."""
    return _joined(text.replace("\r\n", "\n")).translate(_PARAGRAPH)


def clean_typed(text: str) -> str:
    """What was pasted, by lines as terminals send them, each cleaned."""
    return "\n".join(map(clean_line, text.splitlines()))


def short_title(text: str) -> str:
    """Clean text as it stands in a title, which is no longer than a line."""
    return text if len(text) <= _LONGEST_TITLE else f"{text[: _LONGEST_TITLE - 1]}…"


def _joined(text: str) -> str:
    return text if text.isascii() else _JOINS_NOTHING.sub(REPLACEMENT, text)
