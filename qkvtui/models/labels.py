"""The words of a model's table as a person reads them, each made readable when it is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import overload

from .sentence import readable_words
from .tokenizer import SentenceTokenizer


class WordLabels(Sequence[str]):
    """A label for each of `count` rows."""

    def __init__(self, tokenizer: SentenceTokenizer, count: int) -> None:
        self._tokenizer = tokenizer
        self._count = count

    @cached_property
    def _all(self) -> tuple[str, ...]:
        return readable_words(self._tokenizer.tokenizer, self._count)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        return self._all[index]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return self._count
