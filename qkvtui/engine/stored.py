"""A table with a row of numbers for each word that stays in its file: rows are read when they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from .arrays import FloatArray

_AT_ONCE = 1 << 21
"""So many numbers are read at a time while all words are gone through."""

ReadRows = Callable[[int, int], FloatArray]
"""(first word, the one behind the last) → (words, m)."""


class StoredTable:
    """A row for each word, (n, m), or where it is `turned` a column for each, (m, n)."""

    def __init__(
        self, read: ReadRows, words: int, width: int, *, turned: bool = False, changed: Mapping[tuple[int, int], float]
    ) -> None:
        """`changed` has other numbers than the file, by (word, place in its row)."""
        self._read = read
        self._words = words
        self._width = width
        self.is_turned = turned
        self._changed = dict(changed)

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return (self._width, self._words) if self.is_turned else (self._words, self._width)

    def of_words(self, words: Sequence[int]) -> FloatArray:
        """(words, m): the numbers of these words."""
        read = {word: self._part(word, word + 1) for word in set(words)}
        return np.concatenate([read[word] for word in words])

    def row(self, index: int) -> FloatArray:
        """One row."""
        return self._across(index) if self.is_turned else self.of_words((index,))[0]

    def column(self, index: int) -> FloatArray:
        """One column."""
        return self.of_words((index,))[0] if self.is_turned else self._across(index)

    def compared(self, rows: FloatArray) -> FloatArray:
        """(…, t, m) → (…, t, n): each row times the numbers of each word."""
        found = [rows @ part.T for part in self._parts()]
        return np.concatenate(found, axis=-1)

    def whole(self) -> FloatArray:
        """All of it at once."""
        found = np.concatenate(list(self._parts()))
        return found.T if self.is_turned else found

    def sample(self, most: int) -> FloatArray:
        """The numbers of the first words, (at most `most`, m)."""
        return self._part(0, min(most, self._words))

    def with_number(self, row: int, column: int, value: float) -> StoredTable:
        """The same with another number in one place."""
        place = (column, row) if self.is_turned else (row, column)
        changed = {**self._changed, place: value}
        return StoredTable(self._read, self._words, self._width, turned=self.is_turned, changed=changed)

    def _across(self, place: int) -> FloatArray:
        return np.concatenate([part[:, place] for part in self._parts()])

    def _parts(self) -> Iterator[FloatArray]:
        step = max(1, _AT_ONCE // self._width)
        return (self._part(start, min(start + step, self._words)) for start in range(0, self._words, step))

    def _part(self, start: int, stop: int) -> FloatArray:
        found = self._read(start, stop)
        inside = {place: value for place, value in self._changed.items() if start <= place[0] < stop}
        if inside:
            found = found.copy()
            with np.errstate(over="ignore"):
                for (word, place), value in inside.items():
                    found[word - start, place] = value
        return found
