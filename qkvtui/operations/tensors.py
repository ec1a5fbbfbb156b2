"""Tensors and their cells: names for one number, for a line of numbers, and for what a number was computed from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Protocol, overload

import numpy as np

from ..engine.arrays import FloatArray
from ..records import record
from ..said import Phrase
from .rules import Rule


class Axis(Enum):
    """What the rows or the columns of a tensor stand for."""

    QUERY = "query"
    KEY = "key"
    POSITION = "position"
    """Of queries and keys alike."""
    FEATURE = "feature"
    PARAMETER = "row of a parameter"
    LABEL = "label"
    ENTRY = "number that moves"
    NEW = "new number"
    ONE = "a single one"
    """An address leaves it out."""


@record(frozen=True)
class Address:
    """Where one number stands. A row vector (`b_Q`) has row 0."""

    name: str
    """A step id, a stage of one (`exp`), a setting (`scale`), or an input or parameter (`X`, `W_Q`)."""
    row: int
    column: int
    head: int = 0
    layer: int | None = None
    """Of a model with layers, which one; None: the one that is looked at."""


class Tensors(Protocol):
    """Where the numbers behind addresses are: a graph that is worked."""

    def value(self, cell: Address) -> float:
        """One number."""

    def row(self, name: str, row: int, head: int = 0) -> FloatArray:
        """(columns,): one row of a tensor."""

    def column(self, name: str, column: int, head: int = 0) -> FloatArray:
        """(rows,): one column of a tensor."""

    def size_of(self, name: str) -> tuple[int, int]:
        """(rows, columns) of a tensor, in one head."""

    def per_head(self, name: str) -> bool:
        """Whether each head has a tensor of this name for itself."""

    def place(self, cell: Address) -> Phrase:
        """Where a number of an input or a parameter stands in the file."""


@record(frozen=True)
class Cells(Sequence[Address]):
    """The first `size` cells of a row or of a column; each address is made when it is looked at."""

    name: str
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

    def values(self, table: Tensors) -> FloatArray:
        """(size,): their numbers, in float64."""
        if self.row is not None:
            found = table.row(self.name, self.row, self.head)
        else:
            found = table.column(self.name, self.column or 0, self.head)
        return found[: self.size].astype(np.float64)


@record(frozen=True)
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

    def values(self, table: Tensors) -> FloatArray:
        """Their numbers, in float64."""
        return np.concatenate([part.values(table) for part in self.parts])


Line = Cells | CellsInTurn


def in_turn(lines: Iterable[Line]) -> Line:
    """The lines one after the other, as one."""
    parts = [part for line in lines for part in (line.parts if isinstance(line, CellsInTurn) else (line,))]
    return parts[0] if len(parts) == 1 else CellsInTurn(tuple(parts))


@record(frozen=True)
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

    def products(self, table: Tensors) -> FloatArray:
        """(len,): what the numbers of each group come to, multiplied."""
        single = [np.prod([table.value(cell) for cell in group]) for group in self.more]
        if not self.lines:
            return np.array(single, dtype=np.float64)
        product = np.prod([line.values(table) for line in self.lines], axis=0)
        return np.concatenate([product, single])


NO_GROUPS = Groups(())


@record(frozen=True)
class Opened:
    """A number and the groups of numbers it was computed from.

    The numbers of a group are multiplied; the rule is then applied to the groups.
    """

    cell: Address
    rule: Rule
    groups: Groups = NO_GROUPS
    places: tuple[Phrase, ...] = ()
    """Where a given number stands in the file; of a mask, each that takes part."""

    @property
    def operands(self) -> Iterator[Address]:
        """All numbers it was computed from, in order."""
        return (operand for group in self.groups for operand in group)

    def operand(self, index: int) -> Address | None:
        """One of them, or the last one; None for a number from the file."""
        count = self.groups.operands
        if count == 0:
            return None
        group, position = self.groups.place_of(min(index, count - 1))
        return self.groups[group][position]


def given(cell: Address, *places: Phrase) -> Opened:
    """A number that nothing was computed from."""
    return Opened(cell, Rule.GIVEN, places=places)


def made_of(cell: Address, rule: Rule, *operands: Address) -> Opened:
    """A number that a rule makes of a few others."""
    return Opened(cell, rule, Groups((), tuple((operand,) for operand in operands)))


def largest(values: FloatArray, most: int) -> list[int]:
    """The indices of the `most` numbers that are largest whatever their sign, in their own order; ties by position."""
    if len(values) <= most:
        return list(range(len(values)))
    size = np.abs(values)
    least = np.partition(size, len(size) - most)[len(size) - most]
    above = np.flatnonzero(size > least)
    indices: list[int] = sorted([*above.tolist(), *np.flatnonzero(size == least)[: most - len(above)].tolist()])
    return indices


def split_name(name: str) -> tuple[str, int | None]:
    """`W_Q@1`: the name of what moves in its layer, and that layer; None where a name says none."""
    plain, _, layer = name.partition("@")
    return plain, int(layer) if layer else None


def named_address(name: str, row: int, column: int, own: int | None) -> Address:
    """A number of what a name with or without a layer stands for, seen from the layer `own`; a row vector has row 0."""
    plain, layer = split_name(name)
    return Address(plain, row, column, layer=None if layer == own else layer)
