"""Many cells at once: a row or a column of numbers that one number was computed from, never a tuple of thousands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from ..engine.arrays import FloatArray
from .addresses import Address, leaf_array, value_at
from .learning_steps import LEARNING_IDS
from .trace import Trace


@dataclass(frozen=True)
class Cells(Sequence[Address]):
    """The first `size` cells of a row or of a column; each address is made when it is looked at."""

    name: str
    """A step id, a stage of softmax (`exp`), or the name of an input or parameter."""
    size: int
    row: int | None = None
    """The row they are in; None: they are below each other."""
    column: int | None = None
    """The column they are in, where `row` is None."""
    head: int = 0

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, index: int) -> Address: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Address, ...]: ...
    def __getitem__(self, index: int | slice) -> Address | tuple[Address, ...]:
        if isinstance(index, slice):
            return tuple(self._at(one) for one in range(self.size)[index])
        return self._at(range(self.size)[index])

    def _at(self, index: int) -> Address:
        if self.row is not None:
            return Address(self.name, self.row, index, self.head)
        return Address(self.name, index, self.column or 0, self.head)

    def values(self, trace: Trace) -> FloatArray:
        """(size,): their numbers, in float64."""
        found = self._row(trace) if self.row is not None else self._column(trace)
        return found[: self.size].astype(np.float64)

    def _row(self, trace: Trace) -> FloatArray:
        assert self.row is not None
        array = leaf_array(trace, self.name)
        if array is None:
            if self.name == "exp":
                return trace.softmax_row(self.row, self.head).exponentials
            return trace.row(self.name, self.row, self.head)
        found: FloatArray = np.atleast_2d(array[self.head] if array.ndim == 3 else array)[self.row]
        return found

    def _column(self, trace: Trace) -> FloatArray:
        array = leaf_array(trace, self.name)
        if array is not None:
            found: FloatArray = (array[self.head] if array.ndim == 3 else array)[:, self.column]
            return found
        if self.name in ("keys", "values"):
            vectors = trace.keys(self.head) if self.name == "keys" else trace.values(self.head)
            return vectors[:, self.column]
        if self.name in LEARNING_IDS:
            return trace.backward.matrix(self.name, self.head)[:, self.column]
        return np.array([value_at(trace, self._at(index)) for index in range(self.size)])


@dataclass(frozen=True)
class CellsInTurn(Sequence[Address]):
    """Several rows or columns of numbers, one after the other: what a sum over heads goes along."""

    parts: tuple[Cells, ...]

    @property
    def name(self) -> str:
        """The name of the first."""
        return self.parts[0].name

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    @overload
    def __getitem__(self, index: int) -> Address: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Address, ...]: ...
    def __getitem__(self, index: int | slice) -> Address | tuple[Address, ...]:
        if isinstance(index, slice):
            return tuple(self[one] for one in range(len(self))[index])
        index = range(len(self))[index]
        for part in self.parts:
            if index < len(part):
                return part[index]
            index -= len(part)
        raise IndexError(index)

    def values(self, trace: Trace) -> FloatArray:
        """Their numbers, in float64."""
        return np.concatenate([part.values(trace) for part in self.parts])


Line = Cells | CellsInTurn


@dataclass(frozen=True)
class Groups(Sequence[tuple[Address, ...]]):
    """Cells side by side, one of each line to a group, and single groups behind them."""

    lines: tuple[Line, ...]
    more: tuple[tuple[Address, ...], ...] = ()

    def __len__(self) -> int:
        return (len(self.lines[0]) if self.lines else 0) + len(self.more)

    @overload
    def __getitem__(self, index: int) -> tuple[Address, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[tuple[Address, ...], ...]: ...
    def __getitem__(self, index: int | slice) -> tuple[Address, ...] | tuple[tuple[Address, ...], ...]:
        if isinstance(index, slice):
            return tuple(self[one] for one in range(len(self))[index])
        index = range(len(self))[index]
        count = len(self) - len(self.more)
        return tuple(line[index] for line in self.lines) if index < count else self.more[index - count]

    @property
    def operands(self) -> int:
        """How many cells there are in all groups."""
        return sum(len(line) for line in self.lines) + sum(len(group) for group in self.more)

    def place_of(self, operand: int) -> tuple[int, int]:
        """(index of its group, index in the group) of a cell counted over all; IndexError where there is none."""
        in_lines = sum(len(line) for line in self.lines)
        if operand < in_lines:
            return divmod(operand, len(self.lines))
        index, operand = len(self) - len(self.more), operand - in_lines
        for group in self.more:
            if operand < len(group):
                return index, operand
            index, operand = index + 1, operand - len(group)
        raise IndexError(operand)

    def first_of(self, group: int) -> int:
        """The first cell of a group, counted over all groups."""
        count = len(self) - len(self.more)
        before = sum(len(one) for one in self.more[: max(0, group - count)])
        return min(group, count) * len(self.lines) + before

    def products(self, trace: Trace) -> FloatArray:
        """(len,): what the numbers of each group come to, multiplied."""
        single = [np.prod([value_at(trace, cell) for cell in group]) for group in self.more]
        if not self.lines:
            return np.array(single, dtype=np.float64)
        product = np.prod([line.values(trace) for line in self.lines], axis=0)
        return np.concatenate([product, single])


NO_GROUPS = Groups(())


def largest(values: FloatArray, most: int) -> list[int]:
    """The indices of the `most` numbers that are largest whatever their sign, in their own order; ties by position."""
    if len(values) <= most:
        return list(range(len(values)))
    size = np.abs(values)
    least = np.partition(size, len(size) - most)[len(size) - most]
    above = np.flatnonzero(size > least)
    indices: list[int] = sorted([*above.tolist(), *np.flatnonzero(size == least)[: most - len(above)].tolist()])
    return indices
