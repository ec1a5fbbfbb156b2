"""Parameters that stay in the file of a model, and what is asked of parameters wherever they are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping

import numpy as np

from ..engine.arrays import FloatArray
from ..engine.stored import StoredTable
from ..said import Phrase


class StoredArrays(Mapping[str, FloatArray], ABC):
    """Parameters of one layer by name; each is read when it is looked at, and not kept for good."""

    @abstractmethod
    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of one, which is not read."""

    @abstractmethod
    def table(self, name: str) -> StoredTable | None:
        """One that has a row or column for each word, which is never read whole; None for any other."""

    @abstractmethod
    def place(self, name: str, row: int, column: int) -> Phrase:
        """Where one number stands: the file, the tensor in it, row and column there. A vector has row 0."""


class ChangedArrays(StoredArrays):
    """The same with other numbers in some."""

    def __init__(self, others: StoredArrays, changed: Mapping[str, FloatArray | StoredTable]) -> None:
        self._others = others
        self.changed = dict(changed)

    def __getitem__(self, name: str) -> FloatArray:
        """The changed one, or that of the file."""
        found = self.changed.get(name)
        if found is None:
            return self._others[name]
        return found.whole() if isinstance(found, StoredTable) else found

    def __contains__(self, name: object) -> bool:
        return name in self._others  # without reading it

    def __iter__(self) -> Iterator[str]:
        return iter(self._others)

    def __len__(self) -> int:
        return len(self._others)

    def shape(self, name: str) -> tuple[int, ...]:
        """As the file has it."""
        return self._others.shape(name)

    def table(self, name: str) -> StoredTable | None:
        """The changed one, or that of the file."""
        found = self.changed.get(name)
        return found if isinstance(found, StoredTable) else self._others.table(name)

    def place(self, name: str, row: int, column: int) -> Phrase:
        """As the file has it."""
        return self._others.place(name, row, column)


def shape_in(arrays: Mapping[str, FloatArray], name: str) -> tuple[int, ...]:
    """The shape of one of them; no file is read for it."""
    return arrays.shape(name) if isinstance(arrays, StoredArrays) else arrays[name].shape


def table_in(arrays: Mapping[str, FloatArray], name: str) -> StoredTable | None:
    """One that stays in a file because it has a row or column for each word; None for any other."""
    return arrays.table(name) if isinstance(arrays, StoredArrays) and name in arrays else None


def with_array(arrays: Mapping[str, FloatArray], name: str, array: FloatArray) -> Mapping[str, FloatArray]:
    """The same with one of them replaced."""
    return ChangedArrays(arrays, {name: array}) if isinstance(arrays, StoredArrays) else {**arrays, name: array}


def with_number(
    arrays: Mapping[str, FloatArray], name: str, index: tuple[int, ...], value: float
) -> Mapping[str, FloatArray]:
    """The same with another number at one place of one of them."""
    table = table_in(arrays, name)
    if table is not None and isinstance(arrays, StoredArrays):
        return ChangedArrays(arrays, {name: table.with_number(index[0], index[1], value)})
    array = arrays[name].copy()
    with np.errstate(over="ignore"):  # what is too large for float32 is refused when it is computed with
        array[index] = value
    array.setflags(write=False)
    return with_array(arrays, name, array)


def shared_with(
    arrays: Mapping[str, FloatArray], others: Mapping[str, FloatArray], name: str
) -> Mapping[str, FloatArray]:
    """`arrays` with the array `name` of `others`, which both have."""
    table = table_in(others, name)
    if table is not None and isinstance(arrays, StoredArrays):
        same = table is arrays.table(name)
        return arrays if same else ChangedArrays(arrays, {name: table})
    return with_array(arrays, name, others[name])
