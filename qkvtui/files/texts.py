"""The texts that a reader sees: in one language, or a table of languages."""

from __future__ import annotations

from collections.abc import Callable

from ..localized import LANGUAGES, Localized
from .clean import clean_line, clean_paragraph
from .draft import Table
from .phrases import kind_of, quoted

_EITHER = f"it is a text, or a table of texts by language ({', '.join(LANGUAGES)})"


def read_title(table: Table) -> Localized | None:
    """The title, on one line; None after reporting what is wrong with it."""
    if "title" not in table:
        table.report_missing("title", 'every example has one, as in title = "What does it refer to?"')
        return None
    return _read(table, "title", clean_line)


def read_note(table: Table, name: str) -> Localized | None:
    """A text of several lines that need not be there."""
    return _read(table, name, clean_paragraph) if name in table else None


def _read(table: Table, name: str, clean: Callable[[str], str]) -> Localized | None:
    value = table.values[name]
    if isinstance(value, dict):
        return _by_language(value, table, name, clean)
    text = _text(value, table, name, _EITHER)
    return None if text is None else Localized({"": clean(text)})


def _by_language(given: dict[str, object], table: Table, name: str, clean: Callable[[str], str]) -> Localized | None:
    if not given:
        table.report(name, "is an empty table", _EITHER)
    texts: dict[str, str] = {}
    for language, value in given.items():
        place = f"{name}.{quoted(language)[1:-1]}"
        if language not in LANGUAGES:
            table.report(place, "is not a language of the program", f"those are {', '.join(LANGUAGES)}")
            continue
        text = _text(value, table, place, "it is a text in quotation marks")
        if text is not None:
            texts[language] = clean(text)
    return Localized(texts) if texts else None


def _text(value: object, table: Table, place: str, expected: str) -> str | None:
    if not isinstance(value, str):
        table.report(place, f"is {kind_of(value)}", expected)
    elif not value.strip():
        table.report(place, "is an empty text", expected)
    else:
        return value
    return None
