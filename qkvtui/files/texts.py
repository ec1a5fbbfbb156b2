"""The texts that a reader sees: in one language, or a table of languages."""

from __future__ import annotations

from collections.abc import Callable

from ..localized import LANGUAGES, Localized
from ..operations.file_places import inside, item_place
from ..said import say
from .clean import clean_line, clean_paragraph
from .draft import Table
from .phrases import is_kind, quoted, with_commas
from .placeholders import PlaceholderError, text_parts

_EITHER = say("it is a text, or a table of texts by language ({languages})", languages=with_commas(LANGUAGES))
_PARAGRAPHS = say("it is a text, a table of texts by language, or a list of such, one a paragraph")


def read_title(table: Table) -> Localized | None:
    """The title, on one line; None after reporting what is wrong with it."""
    if "title" not in table:
        table.report_missing("title", say('every example has one, as in title = "What does it refer to?"'))
        return None
    return _read(table, "title", table.values["title"], clean_line)


def read_note(table: Table, name: str) -> Localized | None:
    """A text of several lines that need not be there."""
    return _read(table, name, table.values[name], clean_paragraph) if name in table else None


def read_told(table: Table, name: str) -> Localized | None:
    """The same, where numbers that are computed may stand in it, as `{scores[it,animal]}`."""
    return _told(table, name, table.values[name]) if name in table else None


def read_paragraphs(table: Table, name: str) -> tuple[Localized, ...]:
    """The paragraphs of a text that is there: one, or a list of them."""
    given = table.values[name]
    if not isinstance(given, list):
        told = _told(table, name, given)
        return () if told is None else (told,)
    if not given:
        table.report(name, say("is an empty list"), _PARAGRAPHS)
    paragraphs = (_told(table, item_place(name, index), one) for index, one in enumerate(given))
    return tuple(one for one in paragraphs if one is not None)


def _told(table: Table, name: str, value: object) -> Localized | None:
    text = _read(table, name, value, clean_paragraph)
    return None if text is None else checked(table, name, text)


def checked(table: Table, name: str, text: Localized) -> Localized:
    """The same text, after reporting what is wrong with the numbers in it."""
    for language, one in text.texts.items():
        try:
            text_parts(one)
        except PlaceholderError as error:
            table.report(inside(name, language) if language else name, error.problem, error.expected)
    return text


def _read(table: Table, name: str, value: object, clean: Callable[[str], str]) -> Localized | None:
    if isinstance(value, dict):
        return _by_language(value, table, name, clean)
    text = _text(value, table, name, _EITHER)
    return None if text is None else Localized({"": clean(text)})


def _by_language(given: dict[str, object], table: Table, name: str, clean: Callable[[str], str]) -> Localized | None:
    if not given:
        table.report(name, say("is an empty table"), _EITHER)
    texts: dict[str, str] = {}
    for language, value in given.items():
        place = f"{name}.{quoted(language)[1:-1]}"
        if not is_language(language, table, place):
            continue
        text = _text(value, table, place, say("it is a text in quotation marks"))
        if text is not None:
            texts[language] = clean(text)
    return Localized(texts) if texts else None


def is_language(name: str, table: Table, place: str) -> bool:
    """Whether the program speaks it; reported at `place` where it does not."""
    if name in LANGUAGES:
        return True
    languages = with_commas(LANGUAGES)
    table.report(place, say("is not a language of the program"), say("those are {languages}", languages=languages))
    return False


def _text(value: object, table: Table, place: str, expected: str) -> str | None:
    if not isinstance(value, str):
        table.report(place, is_kind(value), expected)
    elif not value.strip():
        table.report(place, say("is an empty text"), expected)
    else:
        return value
    return None
