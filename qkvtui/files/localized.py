"""Texts in the languages the program speaks. Loads no NumPy: the list of examples needs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


class Localized(NamedTuple):
    """A text a reader sees, in one language or several."""

    texts: Mapping[str, str]
    """By language; the empty name "" holds a text given without a language."""

    def in_language(self, language: str) -> str:
        """The text in `language`, or the one there is."""
        for name in (language, "", *LANGUAGES):
            if name in self.texts:
                return self.texts[name]
        return ""
