"""The texts of one language, as its file holds them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Template:
    """One sentence with {facts}, said when a fact is true and unless another is."""

    text: str
    when: str = ""
    unless: str = ""


@dataclass(frozen=True)
class LanguageTexts:
    """Everything the program says about a trace in one language."""

    name: str
    words: dict[str, str]
    """Short texts of the pages, by name."""
    step_names: dict[str, str]
    """Step id → its name for a reader."""
    actions: dict[str, str]
    """Action of the application → its short label."""
    action_help: dict[str, str]
    """Action of the application → what it does, in a sentence."""
    screen: dict[str, str]
    """Short texts of the application's screens, by name."""
    says: dict[str, tuple[Template, ...]]
    """Step id → its sentences in order."""
    list_separator: str
    list_last: str
    quotes: tuple[str, str]

    def word(self, name: str, **values: object) -> str:
        """A short text with its values filled in."""
        return self.words[name].format(**values) if values else self.words[name]


@cache
def language_texts(name: str) -> LanguageTexts:
    """The texts of a language of LANGUAGES."""
    with files(__package__).joinpath(f"{name}.toml").open("rb") as file:
        table = tomllib.load(file)
    says = {
        step_id: tuple(Template(**entry) for entry in table[step_id])
        for step_id, entries in table.items()
        if isinstance(entries, list)
    }
    return LanguageTexts(
        name=name,
        words=table["words"],
        step_names=table["steps"],
        actions=table["actions"],
        action_help=table["action_help"],
        screen=table["screen"],
        says=says,
        list_separator=table["list_separator"],
        list_last=table["list_last"],
        quotes=(table["quote_open"], table["quote_close"]),
    )
