"""Texts in the languages the program speaks. Loads no NumPy: the list of examples needs it."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("en", "zh")


class Localized:
    """A text a reader sees, in one language or several."""

    __slots__ = ("texts",)

    texts: Mapping[str, str]
    """By language; the empty name "" holds a text given without a language."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Localized) and other.texts == self.texts

    __hash__ = None  # type: ignore[assignment]

    def in_language(self, language: str) -> str:
        """The text in `language`, or the one there is."""
        for name in (language, "", *LANGUAGES):
            if name in self.texts:
                return self.texts[name]
        return ""
