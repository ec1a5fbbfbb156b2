"""Where each value stands in a TOML or JSON text that is known to be valid."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ..graph.document import Kind

Path = tuple[str | int, ...]
"""`("inputs", "X")`; an index where tables are repeated, as in `[[learn.sentences]]`."""

# No possessive group: Python before 3.11.5 matches one wrongly where something inside could be tried another way.
# Before the last three quotation marks of a long string, up to two more may stand.
_STRING = r"""
    \"{3} [^"\\]*+ (?: (?: \\. | "(?!"") ) [^"\\]*+ )* "{3,5}
  | '{3} [^']*+ (?: '(?!'') [^']*+ )* '{3,5}
  | " [^"\\\n]*+ (?: \\. [^"\\\n]*+ )* "
  | ' [^'\n]*+ '
"""
_COMMENT = r"\#[^\n]*+"
_FLAGS = re.VERBOSE | re.DOTALL
_SPACE = re.compile(rf"[ \t\r\n]*+ (?: {_COMMENT} [ \t\r\n]*+ )*", _FLAGS)
_NAME = re.compile(rf"[ \t]* (?P<name> [A-Za-z0-9_-]+ | {_STRING} ) [ \t]* (?P<dot> \.)?", _FLAGS)
_DATE_WITH_A_TIME = r"\d{4}-\d\d-\d\d[ ]\d\d:[^,\]}\s\#]*+"
_SINGLE = re.compile(rf"{_STRING} | {_DATE_WITH_A_TIME} | [^,\]}}\s\#]++", _FLAGS)
_INSIDE = re.compile(rf"(?P<open> [\[{{] ) | (?P<close> [\]}}] ) | {_STRING} | {_COMMENT} | [^\[\]{{}}\"'\#]++", _FLAGS)


class TextSpan(NamedTuple):
    """A part of the text, without what is at `end`."""

    start: int
    end: int


class Replacement(NamedTuple):
    """What comes instead of a part of the text; an empty part is where something is put in."""

    span: TextSpan
    text: str


class Spans:
    """The values of a text by path, and the places where more can be said.

    Raises LookupError for a text that cannot be followed; no valid text is known that cannot.
    """

    def __init__(self, text: str, kind: Kind) -> None:
        self.text = text
        self.kind = kind
        self.values: dict[Path, TextSpan] = {}
        self.starts: dict[Path, int] = {}
        """Where the name before each value begins."""
        self.tables: dict[Path, int] = {}
        """For each `[table]`, and for the top of a TOML file (the empty path), where the last thing in it ends."""
        self._repeated: dict[Path, int] = {}
        if kind == "json":
            start = _after_space(text, 0)
            self.values[()] = TextSpan(start, value_end(text, start))
            self._braces(start, ())
        else:
            self._document()

    def members(self, table: Path) -> list[Path]:
        """What stands directly in a table, in the order of the text."""
        return [path for path in self.values if len(path) == len(table) + 1 and path[:-1] == table]

    def below(self, path: Path) -> list[Path]:
        """The path itself and all that stands in it, however it is written."""
        return [inner for inner in self.values if inner[: len(path)] == path]

    def _document(self) -> None:
        table: Path = ()
        position = _after_space(self.text, 0)
        while position < len(self.text):
            if self.text[position] == "[":
                table, position = self._header(position)
            else:
                position = self._pair(position, table)
            self.tables[table] = position
            position = _after_space(self.text, position)

    def _header(self, position: int) -> tuple[Path, int]:
        """The table that `[a.b]` or `[[a.b]]` begins."""
        brackets = 2 if self.text.startswith("[[", position) else 1
        names, position = self._names(position + brackets)
        path = self._resolved(names if brackets == 1 else names[:-1])
        if brackets == 2:
            path = (*path, names[-1])
            count = self._repeated[path] = self._repeated.get(path, 0) + 1
            path = (*path, count - 1)
        return path, position + brackets

    def _resolved(self, names: Iterable[str]) -> Path:
        path: Path = ()
        for name in names:
            path = (*path, name)
            if path in self._repeated:
                path = (*path, self._repeated[path] - 1)
        return path

    def _pair(self, start: int, table: Path) -> int:
        """Note one name and its value; where the value ends."""
        names, position = self._names(start)
        value = _after_space(self.text, _after_space(self.text, position) + 1)
        end = value_end(self.text, value)
        path = (*table, *names)
        self.starts[path] = start
        self.values[path] = TextSpan(value, end)
        if self.text[value] == "{":
            self._braces(value, path)
        elif self.text[value] == "[" and self.text[_after_space(self.text, value + 1)] == "{":
            self._tables_in(TextSpan(value, end), path)
        return end

    def _tables_in(self, array: TextSpan, path: Path) -> None:
        """Tables that are written as a list, perhaps with texts between them."""
        for index, entry in enumerate(entries(self.text, array)):
            inner = (*path, index)
            self.starts[inner], self.values[inner] = entry.start, entry
            if self.text[entry.start] == "{":
                self._braces(entry.start, inner)

    def _braces(self, position: int, path: Path) -> None:
        position = _after_space(self.text, position + 1)
        while self.text[position] != "}":
            position = _after_comma(self.text, self._pair(position, path))

    def _names(self, position: int) -> tuple[list[str], int]:
        names: list[str] = []
        while True:
            found = _match(_NAME, self.text, position)
            names.append(self._plain(found["name"]))
            position = found.end()
            if not found["dot"]:
                return names, position

    def _plain(self, name: str) -> str:
        """A name without its quotation marks."""
        if name[0] not in "\"'":
            return name
        if self.kind == "json":
            from json import loads as json_loads

            return str(json_loads(name))
        from tomllib import loads

        return str(loads(f"name = {name}")["name"])


def value_end(text: str, start: int) -> int:
    """Where the value that begins at `start` ends."""
    if text[start] not in "[{":
        return _match(_SINGLE, text, start).end()
    depth = 0
    for part in _INSIDE.finditer(text, start):
        depth += 1 if part["open"] else -1 if part["close"] else 0
        if depth == 0:
            return part.end()
    return len(text)


def entries(text: str, array: TextSpan) -> list[TextSpan]:
    """The entries of the array, a matrix's rows or a row's numbers. Raises LookupError for what is no array."""
    if text[array.start] != "[":
        raise LookupError(f"no array at {array.start}")
    found: list[TextSpan] = []
    position = _after_space(text, array.start + 1)
    while text[position] != "]":
        end = value_end(text, position)
        found.append(TextSpan(position, end))
        position = _after_comma(text, end)
    return found


def replaced(text: str, replacements: Iterable[Replacement]) -> str:
    """The text with the replacements, which do not overlap."""
    parts: list[str] = []
    done = 0
    for (start, end), new in sorted(replacements):
        parts += text[done:start], new
        done = end
    return "".join((*parts, text[done:]))


def _after_space(text: str, position: int) -> int:
    return _match(_SPACE, text, position).end()


def _after_comma(text: str, position: int) -> int:
    position = _after_space(text, position)
    return _after_space(text, position + 1) if text[position] == "," else position


def _match(pattern: re.Pattern[str], text: str, position: int) -> re.Match[str]:
    found = pattern.match(text, position)
    if found is None:
        raise LookupError(f"nothing at {position} that could stand there")
    return found
