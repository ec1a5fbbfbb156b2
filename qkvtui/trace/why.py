"""One number, opened into its terms and those into theirs, down to the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import fsum, prod

import numpy as np

from ..engine.arrays import FloatArray
from .addresses import Address, format_address, value_at
from .cells import NO_GROUPS, Groups
from .learning_steps import GRADIENTS
from .operations import Operation
from .terms import (
    Copied,
    Exponential,
    Formula,
    Given,
    Masked,
    RowMaximum,
    RowSum,
    Scaled,
    SoftmaxShare,
    SumOfProducts,
    Terms,
    softmax_index,
    terms,
)
from .trace import Trace


@dataclass(frozen=True)
class Opened:
    """A number and the groups of numbers it was computed from.

    The numbers of a group are multiplied; the operation is then applied to the groups.
    """

    cell: Address
    operation: Operation
    groups: Groups = NO_GROUPS
    place: str = ""
    """Where a given number stands in the file."""

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


@dataclass(frozen=True)
class Node:
    """A number in the tree that `why` draws."""

    address: str
    value: float
    operation: Operation
    terms: tuple[Node, ...] = ()
    given: str = ""
    """Where a leaf stands in the file."""
    seen: bool = False
    """Whether its terms stand earlier in the tree and are not repeated."""
    closed: bool = False
    """Whether it has terms that were not asked for."""
    count: int = 0
    """For the rest of a sum: how many terms it stands for."""
    is_gradient: bool = False
    """Whether it is a gradient or has one as a factor: small, so that it is shown with more decimals."""


def opened(trace: Trace, cell: Address) -> Opened:
    """One level: what the number at `cell` was computed from."""
    origin = terms(trace, cell)
    if isinstance(origin, Given):
        return Opened(cell, Operation.GIVEN, place=origin.place)
    operation, groups = _groups(trace, cell, origin)
    return Opened(cell, operation, groups)


def why(trace: Trace, cell: Address, *, depth: int | None = None, most: int = 8) -> Node:
    """The whole tree below a cell, `depth` levels of it (None: all).

    Of a sum with more than `most` terms the largest are shown, the others as one number; of a maximum the term
    that it is. A number that occurs again is shown with its value but not opened again.
    """
    return _Opener(trace, most).node(cell, depth)


@dataclass
class _Opener:
    trace: Trace
    most: int
    seen: set[Address] = field(default_factory=set)

    def node(self, cell: Address, depth: int | None) -> Node:
        found = opened(self.trace, cell)
        node = Node(
            format_address(self.trace, cell),
            value_at(self.trace, cell),
            found.operation,
            is_gradient=cell.name in GRADIENTS,
        )
        if found.operation is Operation.GIVEN:
            return replace(node, given=found.place)
        if cell in self.seen:
            return replace(node, seen=True)
        if depth == 0:
            return replace(node, closed=True)
        self.seen.add(cell)
        below = None if depth is None else depth - 1
        kept, rest = self._largest(found)
        parts = tuple(self._group(group, below) for group in kept)
        if len(rest):
            total = fsum(rest.tolist())
            parts += (Node(f"+{len(rest)}", total, Operation.REST, count=len(rest), is_gradient=node.is_gradient),)
        return replace(node, terms=parts)

    def _group(self, group: tuple[Address, ...], depth: int | None) -> Node:
        nodes = tuple(self.node(operand, depth) for operand in group)
        if len(nodes) == 1:
            return nodes[0]
        name = " × ".join(node.address for node in nodes)
        small = any(node.is_gradient for node in nodes)
        return Node(name, self._value(group), Operation.PRODUCT, nodes, is_gradient=small)

    def _largest(self, found: Opened) -> tuple[list[tuple[Address, ...]], FloatArray]:
        """The groups to show, the largest first, and what the others come to; only sums are cut short."""
        groups = found.groups
        if found.operation is Operation.MAXIMUM:
            return [groups[int(np.argmax(groups.products(self.trace)))]], np.empty(0)
        if found.operation is not Operation.SUM:
            return list(groups), np.empty(0)
        products = groups.products(self.trace)
        if found.cell.name in GRADIENTS and len(groups) > 1 and not products.all():
            return self._without_zeros(groups, products)
        if len(groups) <= self.most:
            return list(groups), np.empty(0)
        order = np.argsort(-np.abs(products), kind="stable")[: self.most - 1]
        return [groups[index] for index in order.tolist()], np.delete(products, order)

    def _without_zeros(self, groups: Groups, products: FloatArray) -> tuple[list[tuple[Address, ...]], FloatArray]:
        """Of gradients many are 0, since most rows have no target: those are only counted."""
        some = np.flatnonzero(products)
        if len(some) > self.most:
            some = np.sort(np.argsort(-np.abs(products), kind="stable")[: self.most - 1])
        kept = some.tolist() or [0]
        return [groups[index] for index in kept], np.delete(products, kept)

    def _value(self, group: tuple[Address, ...]) -> float:
        return prod(value_at(self.trace, operand) for operand in group)


def _groups(trace: Trace, cell: Address, origin: Terms) -> tuple[Operation, Groups]:
    match origin:
        case SumOfProducts(left, right, bias):
            return Operation.SUM, Groups((left, right), () if bias is None else ((bias,),))
        case Scaled(score):
            return Operation.PRODUCT, Groups((), ((score,), (Address("scale", 0, 0),)))
        case Masked(score):
            return Operation.SUM, Groups((), ((score,), (Address("mask", cell.row, cell.column),)))
        case SoftmaxShare():
            line = Address("sum", softmax_index(trace, cell), 0, cell.head)
            return Operation.QUOTIENT, Groups((), ((Address("exp", cell.row, cell.column, cell.head),), (line,)))
        case Exponential(score, maximum):
            return Operation.EXPONENTIAL, Groups((), ((score,), (maximum,)))
        case RowSum(cells):
            return Operation.SUM, Groups((cells,))
        case RowMaximum(cells):
            return Operation.MAXIMUM, Groups((cells,))
        case Copied(source):
            return Operation.COPY, Groups((), ((source,),))
        case Formula(operation, operands):
            return operation, Groups((), tuple((operand,) for operand in operands))
        case _:
            raise AssertionError(origin)
