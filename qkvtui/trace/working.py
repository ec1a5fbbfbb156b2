"""A graph being worked: the numbers of a block of rows, or of all, each computed when it is looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from threading import Lock
from typing import TypeVar

import numpy as np

from ..engine.arrays import FloatArray, read_only
from ..engine.stored import StoredTable
from ..graph.rows import Graph, GraphRow
from ..graph.stored import StoredArrays, table_in
from ..operations.tensors import Axis

Made = TypeVar("Made")
Settle = Callable[[GraphRow, FloatArray, slice], FloatArray]
"""(row, its numbers as computed, which queries they are of) → what the next rows are computed from."""

_BLOCKS_KEPT = 4
_OF_QUERIES = ("X", "Q", "S")
"""The inputs whose rows are queries."""


def as_computed(row: GraphRow, numbers: FloatArray, rows: slice) -> FloatArray:
    """Exact working: nothing is rounded, nothing replaced."""
    return numbers


class Working:
    """One way of working a graph: `settle` says what becomes of each row's numbers.

    A tensor with a number for each pair of tokens, and what is made of it row by row, is computed for a block of
    queries when one of them is looked at, and a few blocks are kept; everything else is computed whole, once.
    """

    def __init__(
        self,
        graph: Graph,
        leaves: Mapping[str, FloatArray],
        blocks: tuple[slice, ...],
        settle: Settle = as_computed,
        memo: Memo | None = None,
    ) -> None:
        self.graph = graph
        self._leaves = leaves  # (h | 1, rows, columns)
        self.memo = memo
        self.known: dict[str, int] = {}
        """What each tensor is, by number: of those that are equal by their making, the same."""
        self.blocks = blocks
        self.settle = settle
        self._by_pairs = _pairwise(graph)
        self._whole = Block(self, slice(0, graph.sizes.queries))
        self._kept: OrderedDict[int, Block] = OrderedDict()
        self._lock = Lock()  # a table is worked in a thread while the screen is drawn

    def whole(self, name: str) -> FloatArray:
        """(h | 1, rows, columns): all of a tensor."""
        if len(self.blocks) == 1 and self.is_by_pairs(name):
            return self.block(0).rows(name)
        return self._whole.rows(name)

    def block_of(self, row: int) -> tuple[Block, int]:
        """The block that a query is in, and its place there."""
        index = row // self.blocks[0].stop
        return self.block(index), row - self.blocks[index].start

    def block(self, index: int) -> Block:
        """A block of rows; the last few that were looked at are kept."""
        with self._lock:
            found = self._kept.get(index)
            if found is None:
                found = self._kept[index] = Block(self, self.blocks[index])
                if len(self._kept) > _BLOCKS_KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(index)
            return found

    def is_by_pairs(self, name: str) -> bool:
        """Whether it is computed block by block."""
        return name in self._by_pairs

    def leaf(self, name: str) -> FloatArray | None:
        """An input or a parameter, (h | 1, rows, columns)."""
        return self._leaves.get(name)

    def table(self, name: str) -> StoredTable | None:
        """A parameter that has a row for each word and stays in its file; None for any other."""
        return table_in(self.graph.example.parameters, name)

    def replace_leaf(self, name: str, numbers: FloatArray) -> None:
        """Other numbers for an input, from here on."""
        self._leaves = {**self._leaves, name: numbers}
        self.forget(name)

    def numbers(self, row: GraphRow, block: Block) -> FloatArray:
        """What a row's operation gives, before it is settled; from memory, where the same was made before."""
        with np.errstate(all="ignore"):
            if self.memo is None or (block is not self.block(0) and block is not self._whole):
                return row.operation.numbers(block)
            sources = tuple(self._identity(name, block) for name in row.operation.sources)
            number, found = self.memo.look_up((row.operation, sources), lambda: row.operation.numbers(block))
            self.known[row.id] = number
            return found

    def forget(self, name: str) -> None:
        """A tensor is no longer what it is made: nothing else is equal to it."""
        if self.memo is not None:
            self.known[name] = self.memo.number(object())

    def _identity(self, name: str, block: Block) -> int:
        if name not in self.known:
            if name in self._leaves:
                assert self.memo is not None
                self.known[name] = self.memo.number(name)
            else:
                block.rows(name)
        return self.known[name]


class Block:
    """The rows of a block of queries (an operation's `At`)."""

    def __init__(self, working: Working, rows: slice) -> None:
        self._working = working
        self.slice = rows
        self._numbers: dict[str, FloatArray] = {}
        self._made: dict[object, object] = {}

    def rows(self, name: str) -> FloatArray:
        """The rows of this block; of a tensor whose rows are no queries, all."""
        leaf = self._working.leaf(name)
        if leaf is not None:  # not kept here: a model's would fill the memory
            return leaf[:, self.slice] if name in _OF_QUERIES else leaf
        if name not in self._numbers:
            self._numbers[name] = self._compute(name)
        return self._numbers[name]

    def table(self, name: str) -> StoredTable | None:
        """A parameter that has a row for each word and stays in its file; None for any other."""
        return self._working.table(name)

    def whole(self, name: str) -> FloatArray:
        """All rows."""
        return self._working.whole(name)

    def number(self, name: str) -> float:
        """A setting that is one number."""
        return float(self.rows(name)[0, 0, 0])

    def once(self, name: object, make: Callable[[], Made]) -> Made:
        """What `make` gives, made only once."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]  # type: ignore[return-value]

    def _compute(self, name: str) -> FloatArray:
        working = self._working
        row = working.graph.rows[name]
        if not working.is_by_pairs(name) and self is not working._whole:
            found = working.whole(name)
            return found[:, self.slice] if row.rows is Axis.QUERY else found
        computed = working.numbers(row, self)
        settled = working.settle(row, computed, self.slice)
        if settled is not computed:
            working.forget(name)
        return read_only(settled)


class Memo:
    """What was made, by what makes it: ways of calculating that differ in one step share all steps before it."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}
        self._next = count()  # two threads never get the same number
        self._arrays: dict[int, FloatArray] = {}
        self._room = _MEMORY

    def number(self, what: object) -> int:
        """The number by which this is known."""
        return self._numbers.setdefault(what, next(self._next))

    def look_up(self, what: object, make: Callable[[], FloatArray]) -> tuple[int, FloatArray]:
        """Its number, and its array: as it was made before, or made now."""
        number = self.number(what)
        if number in self._arrays:
            return number, self._arrays[number]
        made = make()
        if made.nbytes <= self._room:
            self._arrays[number] = made
            self._room -= made.nbytes
        return number, made


_MEMORY = 1 << 25
"""Bytes of arrays that are kept."""


def _pairwise(graph: Graph) -> frozenset[str]:
    """The tensors with a number for each pair of tokens, and those made of them row by row."""
    found: set[str] = set()
    for name, row in graph.rows.items():
        if row.learns or row.rows is not Axis.QUERY:
            continue
        if row.columns is Axis.KEY or not found.isdisjoint(row.operation.sources):
            found.add(name)
    return frozenset(found)


def leaves_of(graph: Graph) -> Mapping[str, FloatArray]:
    """Inputs and parameters as (h | 1, rows, columns); those in a model's file are read when they are looked at."""
    example = graph.example
    if isinstance(example.parameters, StoredArrays):
        return _StoredLeaves(example.given, example.parameters)
    found = {**example.given, **example.parameters}
    if example.learn is not None and example.learn.vocabulary is not None:
        found["E"] = example.learn.vocabulary.embeddings
    return {name: _three_axes(array) for name, array in found.items()}


class _StoredLeaves(Mapping[str, FloatArray]):
    def __init__(self, given: Mapping[str, FloatArray], parameters: StoredArrays) -> None:
        self._given = given
        self._parameters = parameters

    def __getitem__(self, name: str) -> FloatArray:
        return _three_axes(self._given[name] if name in self._given else self._parameters[name])

    def __iter__(self) -> Iterator[str]:
        return iter((*self._given, *self._parameters))

    def __len__(self) -> int:
        return len(self._given) + len(self._parameters)

    def __contains__(self, name: object) -> bool:
        return name in self._given or name in self._parameters


def _three_axes(array: FloatArray) -> FloatArray:
    if array.ndim == 3:
        return array
    return np.atleast_2d(array)[None]
