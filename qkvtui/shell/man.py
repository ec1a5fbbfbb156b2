"""The page for `man`, made from the parsers: every command with its examples and its options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from .. import __version__
from ..help_page import HelpParts, about, groups_of, usage_of, written
from ..parsers import PARSERS
from ..said import Phrase, in_language, repeated, say
from ..usage import CommandParser

_ESCAPED = str.maketrans({"\\": "\\e", "-": "\\-", "'": "\\(aq", "^": "\\(ha", "~": "\\(ti", "`": "\\(ga"})
"""Signs that are instructions to man, or that it would print as others, which cannot be copied into a shell."""


def man_page(language: str) -> str:
    """The page in a language. It has no date, so that the same program gives the same page."""
    return "\n".join(_Manual(language).lines()) + "\n"


class _Manual:
    def __init__(self, language: str) -> None:
        self._language = language

    def lines(self) -> Iterator[str]:
        parsers = {name: make() for name, make in PARSERS.items()}
        application = parsers.pop("")
        description = self._lines_of(application.description or "")
        yield f'.TH QKVTUI 1 "" "qkvtui {__version__}" "qkvtui"'
        yield from (".SH NAME", "qkvtui \\-", *description, self._heading(".SH", say("synopsis")))
        yield _escaped(usage_of(application))
        for parser in parsers.values():
            yield from (".br", _escaped(usage_of(parser)))
        yield from self._examples(".SH", application.parts)
        yield from self._groups(".SH", application)
        for parser in parsers.values():
            yield self._heading(".SH", parser.prog)
            yield from self._lines_of(parser.description or "")
            yield from self._examples(".SS", parser.parts)
            yield from self._groups(".SS", parser)
            yield from self._notes(parser.parts)
        for title, rows in application.parts.endings:
            yield from self._rows(".SH", title, rows)
        yield from self._notes(application.parts)

    def _examples(self, level: str, parts: HelpParts) -> Iterator[str]:
        yield from self._rows(level, say("examples"), parts.examples)

    def _groups(self, level: str, parser: CommandParser) -> Iterator[str]:
        for title, actions in groups_of(parser):
            yield from self._rows(level, title, [(written(one), about(one)) for one in actions])

    def _rows(self, level: str, title: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
        yield self._heading(level, title)
        for typed, told in rows:
            yield from (".TP", f".B {_escaped(typed)}", *self._lines_of(told))

    def _notes(self, parts: HelpParts) -> Iterator[str]:
        for note in parts.notes:
            if note.startswith(" "):
                yield from (".PP", ".EX", *map(_escaped, note.split("\n")), ".EE")
            else:
                yield from (".PP", *self._lines_of(note))

    def _lines_of(self, text: str) -> list[str]:
        told = self._translated(text)
        return [_escaped(line) for line in (wrap(told, 68, break_on_hyphens=False) if told.isascii() else [told])]

    def _heading(self, level: str, title: str) -> str:
        told = self._translated(title)
        return f"{level} {_escaped(told.upper() if level == '.SH' else told)}"

    def _translated(self, text: str) -> str:
        return in_language(text if isinstance(text, Phrase) else repeated(text), self._language)


def _escaped(text: str) -> str:
    """The text as one line of a page; a point or a quotation mark at its start would be an instruction."""
    told = text.translate(_ESCAPED)
    return f"\\&{told}" if told.startswith((".", "\\(aq")) else told
