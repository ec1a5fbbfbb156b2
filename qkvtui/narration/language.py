"""The texts of one language, as its file holds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from ..localized import LANGUAGES
from ..records import record
from ..said import Phrase, in_language
from .text_file import text_file


@record(frozen=True)
class Template:
    """One sentence with {facts}, said when a fact is true and unless another is."""

    text: str
    when: str = ""
    unless: str = ""


class _Part:
    """A table of texts by name, read when it is first asked for."""

    def __init__(self, table: str = "") -> None:
        self._table = table

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name
        self._table = self._table or name

    def __get__(self, texts: LanguageTexts, owner: type) -> dict[str, str]:
        found = texts.part(self._table)
        texts.__dict__[self._name] = found
        return found


class LanguageTexts:
    """Everything the program says about a trace in one language.

    What the language does not say yet is said in the first of LANGUAGES.
    """

    words = _Part()
    """Short texts of the pages, by name."""
    step_names = _Part("steps")
    """Step id → its name for a reader."""
    actions = _Part()
    """Action of the application → its short label."""
    action_help = _Part()
    """Action of the application → what it does, in a sentence."""
    action_groups = _Part()
    """Group of actions → what it is called."""
    studying = _Part()
    """Short texts of the learning screen's drawings, by name."""
    learning_actions = _Part()
    """Action of the learning screen → its short label."""
    learning_help = _Part()
    """Action of the learning screen → what it does, in a sentence."""
    screen = _Part()
    """Short texts of the application's screens, by name."""
    slips = _Part()
    """Slip id → the sentence that explains it."""
    slip_names = _Part()
    """Slip id → what it is, in a few words."""
    slip_code = _Part()
    """Slip id → what it looks like in code, where it can be made there."""
    clues = _Part()
    """Kind of clue → the sentence that tells it."""
    check = _Part()
    """What `qkvtui check` says, by name."""
    meanings = _Part()
    """Tensor → what one of its numbers is."""
    worksheet = _Part()
    """What stands on a worksheet and what is said of its answers, by name."""
    learning = _Part()
    """What is said of a training run, by name."""
    questions = _Part()
    """Question a beginner asks → how one asks it."""
    answers = _Part()
    """What the answers to those say, by name."""
    linear = _Part()
    """What is said where there is no screen, by name."""
    glossary_names = _Part()
    """Word of the field → its names, the usual one first."""
    glossary = _Part()
    """Word of the field → what it means."""
    memory = _Part()
    """What is said of the user's file and of what is remembered, by name."""
    spoken = _Part()
    """How a sign, or a part of a table, is said in words, by the sign or by name."""
    code = _Part()
    """What stands in a script of Python beside its lines, by name."""
    new = _Part()
    """What stands as comments in a new example, by name."""

    def __init__(self, name: str, in_columns: bool) -> None:
        self.name = name
        self.in_columns = in_columns
        """Whether it is for readers whose tokens are columns."""
        self._own, self._whole = text_file(name), text_file(LANGUAGES[0])
        self.says: Mapping[str, tuple[Template, ...]] = _Says(self)
        """Step id → its sentences in order."""
        self.list_separator = self._text("list_separator")
        self.list_last = self._text("list_last")
        self.quotes = self._text("quote_open"), self._text("quote_close")

    def _text(self, name: str) -> str:
        text: str = self._own.get(name, self._whole[name])
        return text

    def part(self, table: str) -> dict[str, str]:
        """The texts of a table; those that speak of columns instead of rows, where tokens are columns."""
        names = (table, f"{table}{_IN_COLUMNS}") if self.in_columns else (table,)
        return {
            key: text
            for name in names
            for source in (self._whole, self._own)
            for key, text in source.get(name, {}).items()
        }

    def sentences(self, step_id: str) -> list[dict[str, str]]:
        """What the file says of a step, in order. Raises KeyError where it says nothing."""
        found = self._own.get(step_id) or self._whole.get(step_id)
        if not isinstance(found, list):
            raise KeyError(step_id)
        return found

    def word(self, name: str, **values: object) -> str:
        """A short text with its values filled in."""
        return self.words[name].format(**values) if values else self.words[name]

    def file_places(self, places: Iterable[Phrase]) -> str:
        """Where in the file a number stands."""
        return self.words["semicolon"].join(in_language(one, self.name) for one in places)


class _Says(Mapping[str, tuple[Template, ...]]):
    """Step id → its sentences, read when they are asked for."""

    def __init__(self, texts: LanguageTexts) -> None:
        self._texts = texts
        self._read: dict[str, tuple[Template, ...]] = {}

    def __getitem__(self, step_id: str) -> tuple[Template, ...]:
        if step_id not in self._read:
            entries = self._texts.sentences(step_id)
            self._read[step_id] = tuple(_template(entry, self._texts.in_columns) for entry in entries)
        return self._read[step_id]

    def __iter__(self) -> Iterator[str]:
        return (name for name, table in text_file(LANGUAGES[0]).items() if isinstance(table, list))

    def __len__(self) -> int:
        return sum(1 for _ in self)


@cache
def language_texts(name: str, in_columns: bool = False) -> LanguageTexts:
    """The texts of a language of LANGUAGES; those that speak of rows, for readers whose tokens are columns."""
    return LanguageTexts(name, in_columns)


_IN_COLUMNS = "_in_columns"
"""Ends the name of a table whose texts stand in for others where tokens are columns."""


def _template(entry: dict[str, str], in_columns: bool) -> Template:
    text = entry.get("in_columns", entry["text"]) if in_columns else entry["text"]
    return Template(text, entry.get("when", ""), entry.get("unless", ""))
