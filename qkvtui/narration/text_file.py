"""The file of one language, whose tables are read when they are asked for."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any


class TextFile(Mapping[str, Any]):
    """Name → table, list of tables or text: TOML, but a page needs few of the tables, and reading all takes its time.

    A table begins with its name alone on a line, `[name]` or `[[name]]`, and nothing else looks like that. Raises
    tomllib.TOMLDecodeError where the part that is asked for is no TOML.
    """

    def __init__(self, text: str) -> None:
        head, *tables = re.split(r"(?m)^(?=\[\[?\w+\]\]?$)", text)
        self._read: dict[str, Any] = tomllib.loads(head)
        self._unread: dict[str, str] = {}
        for table in tables:
            name = table[: table.index("]")].lstrip("[")
            self._unread[name] = self._unread.get(name, "") + table

    def __getitem__(self, name: str) -> Any:
        if name in self._unread:
            self._read.update(tomllib.loads(self._unread.pop(name)))
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter([*self._read, *self._unread])

    def __len__(self) -> int:
        return len(self._read) + len(self._unread)


@cache
def text_file(language: str) -> Mapping[str, Any]:
    """The texts of a language of LANGUAGES."""
    with open(os.path.join(os.path.dirname(__file__), f"{language}.toml"), encoding="utf-8") as file:
        return TextFile(file.read())
