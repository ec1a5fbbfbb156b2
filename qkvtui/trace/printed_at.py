"""Where a published number stands in its file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from ..errors import UsageError
from ..files.spans import Path, Spans, TextSpan, entries
from .addresses import find_token, parse_address
from .published import Comparison
from .trace import Trace

_PUBLISHED = "published"


class FilePosition(NamedTuple):
    """A place in a text; both are counted from 1."""

    line: int
    column: int


class PrintedPositions:
    """Finds published numbers in the text that an example was read from."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        document = trace.example.document
        self._spans: Spans | None = None
        if document is not None:
            with suppress(LookupError):  # a text that cannot be followed: no place is told
                self._spans = Spans(document.text, document.kind)

    def of(self, one: Comparison) -> FilePosition | None:
        """Where it stands, as nearly as can be told: for a number from a file of arrays, where that is named."""
        if self._spans is None:
            return None
        return next((self._at(span.start) for span in self._spans_of(self._spans, one)), None)

    def _spans_of(self, spans: Spans, one: Comparison) -> Iterator[TextSpan]:
        """The number, or what it stands in; the best place first."""
        found = list(self._inside(spans, one))
        yield from reversed(found)

    def _inside(self, spans: Spans, one: Comparison) -> Iterator[TextSpan]:
        for path in spans.values:
            if path[:1] == (_PUBLISHED,) and len(path) > 1 and self._names(str(path[1]), one):
                yield from self._of_value(spans, path, one)

    def _of_value(self, spans: Spans, path: Path, one: Comparison) -> Iterator[TextSpan]:
        """A matrix, a row of it that is named, or a number, and what is found inside."""
        value, text = spans.values[path], spans.text
        if len(path) == 2 and text[value.start] == "{":
            yield value
            return
        if len(path) > 2 and not self._is_row(str(path[2]), one):
            return
        yield value
        indices = (one.row, one.column) if len(path) == 2 else (one.column,)
        for index in indices if text[value.start] == "[" else ():
            with suppress(LookupError):
                value = entries(text, value)[index]
                yield value

    def _names(self, name: str, one: Comparison) -> bool:
        """Whether a name of the table is that of the step, or of this number alone."""
        layer = self._trace.example.layer
        step, _, at = name.partition("@")
        before, _, last = at.rpartition(".") if self._trace.layers is None or "." in at else (at, "", "0")
        if step == one.step and f"{before}{last or 0}".isdecimal():
            return (int(before or 0), int(last or 0)) == (layer, one.head)
        if "[" not in name:
            return False
        try:
            cell = parse_address(self._trace, name)
        except UsageError:
            return False
        is_here = cell.layer in (None, layer)
        return is_here and (cell.name, cell.head, cell.row, cell.column) == (one.step, one.head, one.row, one.column)

    def _is_row(self, name: str, one: Comparison) -> bool:
        rows = self._trace.step(one.step).row_labels
        try:
            return find_token(rows, name) == one.row
        except UsageError:
            return False

    def _at(self, offset: int) -> FilePosition:
        assert self._spans is not None
        before = self._spans.text[:offset]
        return FilePosition(before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)
