"""Messages: English where they are made, in the reader's language where they are shown.

What is wrong is found out far below the screen, where nobody knows who reads. So a message stays English text for
whoever handles it, and keeps what it was made of; `in_language` puts it together again from the catalogue of a
language, `messages/LANGUAGE.toml`, whose names are the English texts. What a catalogue lacks is said in English.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

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


def say(template: str, /, **values: object) -> Phrase:
    """A message: `say("has {count} numbers", count=3)`. The template is English, and a literal."""
    return Phrase(template, values)


def in_language(text: str, language: str) -> str:
    """What was said, in `language`; any other text as it is."""
    if not isinstance(text, Phrase):
        return text
    form = _catalogue(language).get(text.template, text.template)
    told: dict[str, object] = {}
    for name, value in text.values.items():
        told[name] = in_language(value, language) if isinstance(value, Phrase) else value
        form = _without_second_blank(form, name, str(told[name]))
    return form.format_map(told)


def _without_second_blank(form: str, name: str, value: str) -> str:
    """The form without the blank beside a name that stands for a text in “”, which bring their own."""
    if value.startswith("“"):
        form = form.replace(f" {{{name}}}", f"{{{name}}}")
    return form.replace(f"{{{name}}} ", f"{{{name}}}") if value.endswith("”") else form


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
