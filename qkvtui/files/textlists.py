"""Lists of texts that a reader sees, in one language or several: names of columns, glosses of tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ..localized import Localized
from ..operations.file_places import entry_place
from ..records import record
from ..said import say
from .clean import clean_line
from .draft import Table
from .phrases import counted, is_kind, quoted
from .texts import is_language

Unfit = Callable[[str], tuple[str, str] | None]

_EXAMPLE = say(
    'it is a list of texts, as in ["living", "place"], or one for each language: {{ en = [...], zh = [...] }}'
)


def read_texts(table: Table, name: str, what: str, unfit: Unfit) -> tuple[Localized, ...] | None:
    """One text after the other, each in every language, after reporting what is wrong; None where something is.

    `what` says what one of them is; `unfit` tells of a cleaned text why it is not one and what would be, or None.
    """
    value = table.values[name]
    wanted = _Wanted(what, unfit)
    if isinstance(value, list):
        given = {"": wanted.texts(value, table, name)}
    elif isinstance(value, dict) and value:
        given = dict(wanted.by_language(value, table, name))
    else:
        problem = say("is an empty table") if value == {} else is_kind(value)
        table.report(name, problem, _EXAMPLE)
        return None
    lists = {language: texts for language, texts in given.items() if texts is not None}
    if len(lists) < len(given):
        return None
    (first, names), *others = lists.items()
    for language, other in others:
        if len(other) != len(names):
            expected = say(
                "{name}.{first} has {count}, and there are as many in every language",
                name=name,
                first=first,
                count=len(names),
            )
            table.report(f"{name}.{language}", say("has {names}", names=counted(len(other), "name")), expected)
            return None
    return tuple(Localized(dict(zip(lists, column, strict=True))) for column in zip(*lists.values(), strict=True))


@record(frozen=True)
class _Wanted:
    """What a list is to hold."""

    what: str
    unfit: Unfit

    def by_language(
        self, value: Mapping[str, object], table: Table, name: str
    ) -> Iterator[tuple[str, tuple[str, ...] | None]]:
        """The list of each language."""
        for language, texts in value.items():
            place = f"{name}.{quoted(language)[1:-1]}"
            is_known = is_language(language, table, place)
            yield language, self.texts(texts, table, place) if is_known else None

    def texts(self, value: object, table: Table, place: str) -> tuple[str, ...] | None:
        """The cleaned texts of a list, or None after reporting what does not belong there."""
        if not isinstance(value, list) or not value:
            table.report(place, say("is an empty list") if value == [] else is_kind(value), _EXAMPLE)
            return None
        wrong = {index: told for index, one in enumerate(value) if (told := self._told(one))}
        for index, (problem, expected) in wrong.items():
            table.draft.report(entry_place(table.place_of(place), index), problem, expected)
        return None if wrong else tuple(clean_line(one.strip()) for one in value)

    def _told(self, one: object) -> tuple[str, str] | None:
        return self.unfit(clean_line(one.strip())) if isinstance(one, str) else (is_kind(one), self.what)


def read_gloss(top: Table, name: str, tokens: tuple[str, ...] | None) -> tuple[Localized, ...]:
    """One text for each token, or none at all; after reporting what is wrong with them."""
    if name not in top:
        return ()
    if tokens is None and name == "context_gloss":
        top.report(name, say("is given, but there is no context"), say("it has a text for each token of the context"))
        return ()
    found = read_texts(top, name, say("a gloss is a text"), lambda one: None)
    if found is None or tokens is None:
        return ()
    if len(found) != len(tokens):
        top.report(
            name,
            say("has {names}", names=counted(len(found), "text")),
            say("it needs {count}, one for each token", count=len(tokens)),
        )
        return ()
    return found
