"""A file with its pasted texts read: behind this, numbers are numbers wherever they can mean only that."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from ..graph.features import FEATURES
from ..operations.file_places import item_place
from ..said import say
from .draft import Draft
from .excerpts import excerpt
from .figures import figure
from .names import PRECISION
from .pasteerrors import PasteError
from .pastes import Paste, is_paste, is_single, read_paste
from .phrases import quoted

_Read = Callable[[object, str], object]

_ROWS = ("b_", "g_", "v_")
"""How the names of parameters begin that are one row."""
_LEVELS = 3
"""Heads, rows and columns; lists may lie in lists as deep as a file likes."""


class Unpasted:
    """Reads the texts of a file that are numbers; every mistake in one is reported.

    `names`: the arrays of the file beside it, whose names keep their meaning.
    """

    def __init__(self, draft: Draft, names: Collection[str]) -> None:
        self._draft = draft
        self._names = names

    def file(self, structure: Mapping[str, object]) -> dict[str, object]:
        """The whole file."""
        tables: dict[str, _Read] = {
            "inputs": self._inputs,
            "parameters": self._parameters,
            "attention": self._attention,
            "published": self._published,
            "learn": self._learn,
            "vocabulary": self._tables_of_numbers,
            "blocks": self._blocks,
            "readout": self._tables_of_numbers,
        }
        return self._members(structure, tables, "")

    def _members(self, table: object, readers: Mapping[str, _Read], place: str) -> dict[str, object]:
        assert isinstance(table, Mapping)
        return {
            name: readers[name](value, f"{place}.{name}" if place else name) if name in readers else value
            for name, value in table.items()
        }

    def _each(self, table: object, reader_of: Callable[[str], _Read], place: str) -> object:
        """A table whose names are not known beforehand."""
        if not isinstance(table, Mapping):
            return table
        return {
            name: value if name in PRECISION else reader_of(name)(value, f"{place}.{quoted(name)[1:-1]}")
            for name, value in table.items()
        }

    def _inputs(self, value: object, place: str) -> object:
        return self._each(value, lambda name: _unread if name in FEATURES.values() else self._matrix, place)

    def _parameters(self, value: object, place: str) -> object:
        return self._each(value, lambda name: self._row if name.startswith(_ROWS) else self._matrix, place)

    def _blocks(self, value: object, place: str) -> object:
        readers: dict[str, _Read] = {"parameters": self._parameters, "attention": self._attention}
        if not isinstance(value, list):
            return value
        return [
            self._members(one, readers, item_place(place, index)) if isinstance(one, Mapping) else one
            for index, one in enumerate(value)
        ]

    def _tables_of_numbers(self, value: object, place: str) -> object:
        readers: dict[str, _Read] = dict.fromkeys(("E", "positions", "W_U"), self._matrix)
        readers |= dict.fromkeys(("b_U", "g_U", "b_Un"), self._row)
        return self._members(value, readers, place) if isinstance(value, Mapping) else value

    def _attention(self, value: object, place: str) -> object:
        readers: dict[str, _Read] = {
            "mask": self._matrix,
            "padding": self._row,
            "bias": self._bias,
            "sink": self._row,
            "softcap": self._single,
        }
        return self._members(value, readers, place) if isinstance(value, Mapping) else value

    def _bias(self, value: object, place: str) -> object:
        readers: dict[str, _Read] = {"slopes": self._row, "table": self._matrix}
        return self._members(value, readers, place) if isinstance(value, Mapping) else self._matrix(value, place)

    def _published(self, value: object, place: str) -> object:
        return self._each(
            value, lambda name: self._single if name.rstrip().endswith(("]", "］")) else self._rows, place
        )

    def _learn(self, value: object, place: str) -> object:
        readers: dict[str, _Read] = {"target": self._rows, "vocabulary": self._rows}
        return self._members(value, readers, place) if isinstance(value, Mapping) else value

    def _rows(self, value: object, place: str) -> object:
        """A whole matrix, or rows by token."""
        if isinstance(value, Mapping):
            return {
                name: self._row(row, f"{place}.{quoted(name)[1:-1]}") if isinstance(row, str | list) else row
                for name, row in value.items()
            }
        return self._matrix(value, place)

    def _single(self, value: object, place: str) -> object:
        """One number."""
        return self._cell(value) if isinstance(value, str) else value

    def _row(self, value: object, place: str) -> object:
        """A vector: of a text without brackets one line, or one number a line."""
        if not isinstance(value, str):
            return self._entries(value, place)
        found = self._read(value, place)
        if found is None or not found.in_lines:
            return value if found is None else found.value
        rows = [row for row in found.value if isinstance(row, list)]
        if len(rows) == 1:
            return rows[0]
        return [row[0] for row in rows] if all(len(row) == 1 for row in rows) else found.value

    def _matrix(self, value: object, place: str) -> object:
        if not isinstance(value, str):
            return self._entries(value, place)
        found = self._read(value, place)
        return value if found is None else found.value

    def _read(self, text: str, place: str) -> Paste | None:
        """What a text holds; None where it is no numbers, or a mistake was reported."""
        if text in self._names or not is_paste(text):
            return None
        if self._names and is_single(text) and self._cell(text) is text:
            return None  # a name that is not there
        try:
            return read_paste(text)
        except PasteError as error:
            where = say(
                "{place}, line {line}, column {column} of the text", place=place, line=error.line, column=error.column
            )
            self._draft.report(where, error.problem, error.expected, excerpt(text, error.line, error.column))
        return None

    def _entries(self, value: object, place: str, levels: int = _LEVELS) -> object:
        """A list in which single numbers, or whole rows, may be texts."""
        if not isinstance(value, list) or not levels or not {str, list} & set(map(type, value)):
            return value
        return [self._entry(one, place, levels - 1) for one in value]

    def _entry(self, value: object, place: str, levels: int) -> object:
        if isinstance(value, str):
            return self._cell(value) if is_single(value) or not is_paste(value) else self._row(value, place)
        return self._entries(value, place, levels)

    @staticmethod
    def _cell(text: object) -> object:
        """The number that a text says; the text itself where it says none."""
        try:
            return figure(text) if isinstance(text, str) else text
        except ValueError:
            return text


def _unread(value: object, place: str) -> object:
    """A value whose texts are no numbers."""
    return value
