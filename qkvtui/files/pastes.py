"""Numbers as they were printed elsewhere and pasted as a text: NumPy, PyTorch, TeX, MATLAB, lines of numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..said import say
from .figures import figure
from .numerals import plain_signs
from .pasteerrors import refuse, refuse_dots
from .phrases import quoted

_MAKERS = r"(?:[A-Za-z_]\w*\.)*(?:array|asarray|matrix|tensor|Tensor|Array|DeviceArray|Variable|Parameter)"
# Compiled when first looked for: in most files no text is pasted.
_BEFORE = (
    rf"\s*(?:[A-Za-z_]\w*\s*=\s*)?(?:Parameter containing:\s*)?(?:<tf\.(?:Tensor|Variable)[^>\[]*?numpy=\s*)?"
    rf"(?P<maker>(?:{_MAKERS}\(\s*)*)(?=[\[(])"
)
_BEHIND = r"\s*(?:,\s*[a-z_]+=[^\[\]]*)?[\s)>,;]*"
_TOKEN = (
    r"(?P<space>\s+)|(?P<open>[\[(])|(?P<close>[\])])|(?P<comma>,)|(?P<semicolon>;)|(?P<dots>\.\.\.|…)"
    r"|(?P<word>[^\s\[\](),;…]+)"
)
_IN_LINES = r"(?P<space>[^\S\n]+)|(?P<comma>,)|(?P<end>[;\n])|(?P<dots>\.\.\.|…)|(?P<word>[^\s,;…]+)"
_EITHER_COMMA = r"\d,\d"
_BLANK_BETWEEN = r"[\d.%][ \t]+[-+.\d]"
_NUMBER_FIRST = r"(?i)\s*(?:[-+≈]?\s*[.\d∞√]|[-+]?(?:inf|nan|true|false|none|null|infinity)\b|[?\[(\\$])"
_SEVERAL = r"[\s,;\[(&]"
_TEX = r"\\begin|\\frac|\\\\|&"
_DEEPEST = 3
"""Heads, rows and columns."""


class Paste(NamedTuple):
    """What a pasted text holds."""

    value: list[object]
    """Numbers, truth values and the like in lists as deep as the text has them."""
    in_lines: bool
    """Whether the text has no brackets of its own, but lines: a single line may then be a vector as well."""


def is_paste(text: str) -> bool:
    """Whether a text is meant as numbers; the name of an array is not."""
    plain = plain_signs(text)
    if re.match(_BEFORE, plain) or re.match(_NUMBER_FIRST, plain):
        return True
    return "\n" in plain.strip() or re.search(_TEX, plain) is not None


def is_single(text: str) -> bool:
    """Whether a text has nothing in it that would part one number from another."""
    return re.search(_SEVERAL, plain_signs(text).strip()) is None


def read_paste(text: str) -> Paste:
    """The numbers in the text. Raises PasteError where something else stands in it."""
    plain = plain_signs(text)
    if re.search(_TEX, plain):
        from .tex import tex_cells  # few files have any

        return Paste([[_number(text, *cell) for cell in row] for row in tex_cells(text, plain)], in_lines=True)
    _refuse_either_comma(text, plain)
    before = re.match(_BEFORE, plain)
    if before is not None:
        return _bracketed(text, plain, before.end(), is_made=bool(before["maker"]))
    return Paste(_lines(text, plain), in_lines=True)


def _number(text: str, position: int, word: str) -> object:
    try:
        return figure(word)
    except ValueError:
        problem = say("{word} is no number", word=quoted(word)) if word else say("a number is missing here")
        refuse(text, position, problem, say("numbers are like 0.25, -3, 1e-5, 2/5 or 40%"))


class _Level:
    """A list that is not closed yet."""

    def __init__(self) -> None:
        self.entries: list[object] = []
        self.rows: list[list[object]] = []
        self.after_comma = False

    def end_row(self) -> None:
        """A semicolon: what stood before it is a row."""
        self.rows.append(self.entries)
        self.entries = []

    @property
    def value(self) -> list[object]:
        """All there is in it."""
        if not self.rows:
            return self.entries
        rows = [row for row in (*self.rows, self.entries) if row]
        return [row[0] if len(row) == 1 and isinstance(row[0], list) else row for row in rows]


class _Brackets:
    """The lists of a text while it is read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._levels = [_Level()]

    @property
    def open(self) -> bool:
        """Whether a bracket is not closed."""
        return len(self._levels) > 1

    @property
    def lists(self) -> list[object]:
        """Those that are closed."""
        return self._levels[0].entries

    def take(self, kind: str, at: int, said: str) -> None:
        """The next token."""
        level = self._levels[-1]
        if kind == "open":
            self._deeper(at)
        elif kind == "close":
            self._levels.pop()
            self._levels[-1].entries.append(level.value)
        elif kind == "comma" and (level.after_comma or not level.entries):
            refuse(self._text, at, say("a number is missing before this comma"))
        elif kind == "semicolon":
            level.end_row()
        elif kind == "word":
            level.entries.append(_number(self._text, at, said))
        self._levels[-1].after_comma = level.after_comma = kind == "comma"

    def _deeper(self, at: int) -> None:
        if len(self._levels) > _DEEPEST:
            expected = say("there are heads, rows and columns")
            refuse(self._text, at, say("brackets stand too deep in each other here"), expected)
        self._levels.append(_Level())


def _bracketed(text: str, plain: str, start: int, *, is_made: bool) -> Paste:
    """Lists in brackets; several of them below each other are the rows of one."""
    brackets, end = _Brackets(text), start
    for found in _tokens(re.compile(_TOKEN), text, plain, start):
        kind = found.lastgroup or ""
        if kind == "space":
            continue
        if kind != "open" and not brackets.open:
            break
        brackets.take(kind, found.start(), found[0])
        end = found.end()
    if brackets.open:
        refuse(text, len(text.rstrip()), say("a ] is missing here"), say("each bracket is closed"))
    behind = re.compile(_BEHIND).fullmatch(plain, end)
    if behind is None or (behind[0].strip(" \t\r\n,;") and not is_made):
        refuse(text, end + len(plain[end:]) - len(plain[end:].lstrip()), say("something stands behind the numbers"))
    return Paste(_rows_below(brackets.lists), in_lines=False)


def _rows_below(lists: list[object]) -> list[object]:
    """The one list; of rows that were printed one by one, all."""
    only = lists[0]
    return only if len(lists) == 1 and isinstance(only, list) else lists


def _lines(text: str, plain: str) -> list[object]:
    rows: list[object] = []
    row: list[object] = []
    after_comma = False
    for found in _tokens(re.compile(_IN_LINES), text, plain, 0):
        kind = found.lastgroup
        if kind == "comma":
            if after_comma or not row:
                refuse(text, found.start(), say("a number is missing before this comma"))
        elif kind == "word":
            row.append(_number(text, found.start(), found[0]))
        elif kind == "end" and row:
            rows.append(row)
            row = []
        if kind != "space":
            after_comma = kind == "comma"
    return [*rows, row] if row else rows


def _refuse_either_comma(text: str, plain: str) -> None:
    """`0,5 0,3` may be two numbers or four."""
    position = 0
    for line in plain.split("\n"):
        found = re.search(_EITHER_COMMA, line)
        if found is not None and re.search(_BLANK_BETWEEN, line):
            expected = say("write a point for the decimals, or the same between all numbers")
            refuse(
                text, position + found.start(), say("this comma may stand before decimals or between numbers"), expected
            )
        position += len(line) + 1


def _tokens(pattern: re.Pattern[str], text: str, plain: str, start: int) -> Iterator[re.Match[str]]:
    position = start
    while position < len(plain):
        found = pattern.match(plain, position)
        assert found is not None  # each pattern has a place for every character
        if found.lastgroup == "dots":
            refuse_dots(text, position)
        position = found.end()
        yield found
