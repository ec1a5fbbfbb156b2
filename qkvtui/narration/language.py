"""The texts of one language, as its file holds them."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable
from functools import cache
from typing import Any

from ..localized import LANGUAGES
from ..records import record
from ..said import Phrase, in_language


@record(frozen=True)
class Template:
    """One sentence with {facts}, said when a fact is true and unless another is."""

    text: str
    when: str = ""
    unless: str = ""


@record(frozen=True)
class LanguageTexts:
    """Everything the program says about a trace in one language."""

    name: str
    in_columns: bool
    """Whether it is for readers whose tokens are columns."""
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
    slip_code: dict[str, str]
    """Slip id → what it looks like in code, where it can be made there."""
    clues: dict[str, str]
    """Kind of clue → the sentence that tells it."""
    check: dict[str, str]
    """What `qkvtui check` says, by name."""
    meanings: dict[str, str]
    """Tensor → what one of its numbers is."""
    worksheet: dict[str, str]
    """What stands on a worksheet and what is said of its answers, by name."""
    learning: dict[str, str]
    """What is said of a training run, by name."""
    questions: dict[str, str]
    """Question a beginner asks → how one asks it."""
    answers: dict[str, str]
    """What the answers to those say, by name."""
    glossary_names: dict[str, str]
    """Word of the field → its names, the usual one first."""
    glossary: dict[str, str]
    """Word of the field → what it means."""
    memory: dict[str, str]
    """What is said of the user's file and of what is remembered, by name."""
    spoken: dict[str, str]
    """How a sign, or a part of a table, is said in words, by the sign or by name."""
    code: dict[str, str]
    """What stands in a script of Python beside its lines, by name."""
    new: dict[str, str]
    """What stands as comments in a new example, by name."""
    says: dict[str, tuple[Template, ...]]
    """Step id → its sentences in order."""
    list_separator: str
    list_last: str
    quotes: tuple[str, str]

    def word(self, name: str, **values: object) -> str:
        """A short text with its values filled in."""
        return self.words[name].format(**values) if values else self.words[name]

    def file_places(self, places: Iterable[Phrase]) -> str:
        """Where in the file a number stands."""
        return self.words["semicolon"].join(in_language(one, self.name) for one in places)


@cache
def language_texts(name: str, in_columns: bool = False) -> LanguageTexts:
    """The texts of a language of LANGUAGES; those that speak of rows, for readers whose tokens are columns.

    What a language does not say yet is said in the first of LANGUAGES.
    """
    table = _completed(_tables(name), _tables(LANGUAGES[0]))

    def texts(part: str) -> dict[str, str]:
        others: dict[str, str] = table.get(f"{part}{_IN_COLUMNS}", {}) if in_columns else {}
        return {**table[part], **others}

    says = {
        step_id: tuple(_template(entry, in_columns) for entry in entries)
        for step_id, entries in table.items()
        if isinstance(entries, list)
    }
    return LanguageTexts(
        name=name,
        in_columns=in_columns,
        words=texts("words"),
        step_names=texts("steps"),
        actions=texts("actions"),
        action_help=texts("action_help"),
        studying=texts("studying"),
        learning_actions=texts("learning_actions"),
        learning_help=texts("learning_help"),
        screen=texts("screen"),
        slips=texts("slips"),
        slip_names=texts("slip_names"),
        slip_code=texts("slip_code"),
        clues=texts("clues"),
        check=texts("check"),
        meanings=texts("meanings"),
        worksheet=texts("worksheet"),
        learning=texts("learning"),
        questions=texts("questions"),
        answers=texts("answers"),
        glossary_names=texts("glossary_names"),
        glossary=texts("glossary"),
        memory=texts("memory"),
        spoken=texts("spoken"),
        code=texts("code"),
        new=texts("new"),
        says=says,
        list_separator=table["list_separator"],
        list_last=table["list_last"],
        quotes=(table["quote_open"], table["quote_close"]),
    )


def _completed(table: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """The tables of a language, with those texts of another that it lacks."""
    parts = {name: {**part, **table.get(name, {})} for name, part in whole.items() if isinstance(part, dict)}
    return {**whole, **table, **parts}


_IN_COLUMNS = "_in_columns"
"""Ends the name of a table whose texts stand in for others where tokens are columns."""


@cache
def _tables(name: str) -> dict[str, Any]:
    with open(os.path.join(os.path.dirname(__file__), f"{name}.toml"), "rb") as file:
        return tomllib.load(file)


def _template(entry: dict[str, str], in_columns: bool) -> Template:
    text = entry.get("in_columns", entry["text"]) if in_columns else entry["text"]
    return Template(text, entry.get("when", ""), entry.get("unless", ""))
