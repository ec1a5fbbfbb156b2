"""Text for those who listen or read with their fingers: every sign that has no word of its own is said in one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from .language import LanguageTexts
from .sentences import Role
from .tells import SLOT

_DRAWN = re.compile("[─│├└┤┐┘┬┴┼●░▒▓█▌▸◂▾▴■§]+")
"""What is drawn and says nothing by itself."""
_SLIDER = re.compile(" ?├[─┼●]+┤")
"""Drawn between two ends that are named."""
_NEGATIVE = re.compile(r"(?<![\w.,)\]])[-−](?=[\d.∞])")
_SIGN = re.compile("(?<= )[-+/=](?= )|/(?=√)|[×÷·≈±√Σᵀ′″\u0302∞²⁰°→←↑↓✓✗∇α−]")
_KEYS = re.compile("(?:^|(?<=[;；,，:：] )|(?<=[；，：])|(?<=ress )|(?<=按 ))[←→](?= )")
"""Arrows that are keys of the keyboard; elsewhere they are what something turns into."""
_MINUS = "−"
_SPACES = re.compile(r" {2,}")
_BEFORE_MARK = re.compile(r"(?<![;；]) +(?=[,.;:)\]，。；：、）])")
_BETWEEN_WIDE = re.compile("(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_BEHIND_MARK = re.compile(r"(?<=[(\[（，。；：、]) +")
_KEPT = 0xE000
"""The first of the characters that stand for a token while the text around it is changed: nobody writes them."""


def spelled(pieces: Iterable[tuple[str, Role]], texts: LanguageTexts, signs: Callable[[str], str]) -> str:
    """A line in words; what is a token stays as it is, and what is left of the program's own goes through `signs`."""
    tokens: list[str] = []
    written = ""
    for text, role in pieces:
        if role.is_token:
            tokens.append(text)
            written += chr(_KEPT + len(tokens) - 1)
        else:
            written += text
    return _with_tokens(signs(_in_words(written, texts)), tokens)


def _in_words(text: str, texts: LanguageTexts) -> str:
    words = texts.spoken
    text = text.replace(SLOT, f" {words['blank']} ")
    if text.startswith("→ "):
        text = words["right"] + text[1:]
    text = _KEYS.sub(lambda found: words["key_left" if found[0] == "←" else "key_right"], text)
    text = _SLIDER.sub(",", text)
    text = _NEGATIVE.sub(f" {words['negative']} ", _DRAWN.sub(" ", text))
    text = _SIGN.sub(lambda found: f" {words['-' if found[0] == _MINUS else found[0]]} ", text)
    return closed_up(_BEHIND_MARK.sub("", _BEFORE_MARK.sub("", _SPACES.sub(" ", text))).strip())


def closed_up(text: str) -> str:
    """Chinese words without the blanks that signs left between them."""
    return _BETWEEN_WIDE.sub("", text)


def _with_tokens(text: str, tokens: list[str]) -> str:
    return "".join(
        tokens[ord(character) - _KEPT] if 0 <= ord(character) - _KEPT < len(tokens) else character for character in text
    )
