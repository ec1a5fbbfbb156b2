"""Messages: English where they are made, in the reader's language where they are shown.

What is wrong is found out far below the screen, where nobody knows who reads. So a message stays English text for
whoever handles it, and keeps what it was made of; `in_language` puts it together again from the catalogue of a
language, `messages/LANGUAGE.toml`, whose names are the English texts. What a catalogue lacks is said in English.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence

_ENDS, _PAUSES = "。？！", "，；："
_MARKS = "“”‘’（）《》、…" + _ENDS + _PAUSES
_CATALOGUES: dict[str, Mapping[str, str]] = {"en": {}}
"""The texts of a language by the English ones, once they were asked for."""


class Phrase(str):
    """An English text that knows what it was made of; `str()` of it, and of an error that holds it, is itself."""

    __slots__ = ("template", "values")

    template: str
    """The text with names in braces."""
    values: Mapping[str, object]
    """What stands for the names; what is itself Phrase is told in the reader's language too."""

    def __new__(cls, template: str, values: Mapping[str, object] = {}) -> Phrase:
        """The template with its values filled in."""
        made = super().__new__(cls, template.format_map(values))
        made.template = template
        made.values = values
        return made

    def __str__(self) -> str:
        return self


class Named(str):
    """A name as one may type it, which a reader of each language is shown in that language."""

    __slots__ = ("names",)

    names: Mapping[str, str]
    """By language."""

    def __new__(cls, name: str, names: Mapping[str, str]) -> Named:
        """A name, and what else it is called."""
        made = super().__new__(cls, name)
        made.names = names
        return made

    def each(self, change: Callable[[str], str]) -> Named:
        """The name with the same done to it in every language."""
        return Named(change(self), {language: change(name) for language, name in self.names.items()})


def say(template: str, /, **values: object) -> Phrase:
    """A message: `say("has {count} numbers", count=3)`. The template is English, and a literal."""
    return Phrase(template, values)


def in_language(text: str, language: str) -> str:
    """What was said, in `language`; any other text as it is."""
    if isinstance(text, Named):
        return text.names.get(language, text)
    catalogue = _catalogue(language)
    if not isinstance(text, Phrase) or not catalogue:
        return text
    from string import Formatter

    told = ""
    for literal, name, _, _ in Formatter().parse(catalogue.get(text.template, text.template)):
        told = _meet(told, literal)
        if name is not None:
            value = text.values[name]
            told = _meet(told, in_language(value, language) if isinstance(value, str) else str(value))
    return told


def _meet(left: str, right: str) -> str:
    """Two parts of a text, with a blank between Chinese and other letters, and none beside a full-width mark."""
    before, behind = left.rstrip(" "), right.lstrip(" ")
    is_column = len(left) - len(before) + len(right) - len(behind) > 1
    if is_column or not before or not behind or not (_is_wide(before[-1]) or _is_wide(behind[0])):
        return left + right
    if before[-1] in _ENDS and behind[0] in _PAUSES:
        behind = behind[1:]
    pair = before[-1] + behind[:1]
    touching = any(one in _MARKS or one.isspace() for one in pair) or all(map(_is_wide, pair))
    return before + ("" if touching else " ") + behind


def _is_wide(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or character in _MARKS


def typed(text: str) -> Phrase:
    """What somebody typed, between quotation marks and with what cannot be seen written out."""
    shown = repr(text)
    return say("'{text}'", text=shown[1:-1]) if shown[0] == "'" else say('"{text}"', text=shown[1:-1])


def repeated(text: str) -> Phrase:
    """What something else says, argparse or the system: a catalogue may have it, though no literal here is it."""
    return Phrase(text.replace("{", "{{").replace("}", "}}"))


def in_lines(parts: Sequence[str]) -> Phrase:
    """Messages below each other."""
    names = [f"line_{number}" for number in range(len(parts))]
    return Phrase("\n".join(f"{{{name}}}" for name in names), dict(zip(names, parts, strict=True)))


def _catalogue(language: str) -> Mapping[str, str]:
    if language not in _CATALOGUES:
        from tomllib import load

        try:
            with open(os.path.join(os.path.dirname(__file__), "messages", f"{language}.toml"), "rb") as file:
                _CATALOGUES[language] = load(file)
        except FileNotFoundError:
            _CATALOGUES[language] = {}
    return _CATALOGUES[language]
