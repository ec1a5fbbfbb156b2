"""The texts of one language, as its file holds them."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from functools import cache


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
    studying: dict[str, str]
    """Short texts of the learning screen's drawings, by name."""
    learning_actions: dict[str, str]
    """Action of the learning screen → its short label."""
    learning_help: dict[str, str]
    """Action of the learning screen → what it does, in a sentence."""
    screen: dict[str, str]
    """Short texts of the application's screens, by name."""
    slips: dict[str, str]
    """Slip id → the sentence that explains it."""
    slip_names: dict[str, str]
    """Slip id → what it is, in a few words."""
    check: dict[str, str]
    """What `qkvtui check` says, by name."""
    worksheet: dict[str, str]
    """What stands on a worksheet and what is said of its answers, by name."""
    learning: dict[str, str]
    """What is said of a training run, by name."""
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
    with open(os.path.join(os.path.dirname(__file__), f"{name}.toml"), "rb") as file:
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
        studying=table["studying"],
        learning_actions=table["learning_actions"],
        learning_help=table["learning_help"],
        screen=table["screen"],
        slips=table["slips"],
        slip_names=table["slip_names"],
        check=table["check"],
        worksheet=table["worksheet"],
        learning=table["learning"],
        says=says,
        list_separator=table["list_separator"],
        list_last=table["list_last"],
        quotes=(table["quote_open"], table["quote_close"]),
    )
