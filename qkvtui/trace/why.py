"""One number, opened into its terms and those into theirs, down to the file."""

from __future__ import annotations

import itertools
from contextlib import suppress
from copy import copy
from dataclasses import replace
from math import fsum, prod

import numpy as np

from ..engine.arrays import FloatArray
from ..operations.rules import Rule
from ..operations.tensors import Address, Groups, Opened
from ..records import record
from ..said import Phrase
from .addresses import at_layer_of, format_address
from .terms import opened
from .trace import Trace


@record(frozen=True)
class Node:
    """A number in the tree that `why` draws."""

    address: str
    value: float
    operation: Rule
    terms: tuple[Node, ...] = ()
    given: tuple[Phrase, ...] = ()
    """Where a leaf stands in the file."""
    seen: bool = False
    """Whether its terms stand earlier in the tree and are not repeated."""
    closed: bool = False
    """Whether it has terms that were not asked for."""
    count: int = 0
    """For the rest of a sum: how many terms it stands for."""
    is_gradient: bool = False
    """Whether it is a gradient or has one as a factor: small, so that it is shown with more decimals."""


MOST_OF_A_MODEL = 300
"""Numbers in a tree that goes down into a model's own file."""


def why(trace: Trace, cell: Address, language: str = "", *, depth: int | None = None, most: int = 8) -> Node:
    """The whole tree below a cell, `depth` levels of it (None: all; of a model's own file, as many whole levels as have
    no more than MOST_OF_A_MODEL numbers, since every number of a late layer hangs on all below).

    Of a sum with more than `most` terms the largest are shown, the others as one number; of a maximum the term
    that it is. A number that occurs again is shown with its value but not opened again. Columns are called by their
    names in a `language`.
    """
    if depth is not None or not trace.example.is_stored:
        return _Opener(trace, most, language).node(cell, depth)
    found = _Opener(trace, most, language).node(cell, 1)
    with suppress(_TooLargeError):
        for level in itertools.count(2):
            deeper = _Opener(trace, most, language, room=[MOST_OF_A_MODEL]).node(cell, level)
            if deeper == found:
                break
            found = deeper
    return found


class _TooLargeError(Exception):
    """A tree has more numbers than there is room for."""


class _Opener:
    """`room`: how many numbers there is still room for; None: for all."""

    def __init__(self, trace: Trace, most: int, language: str, room: list[int] | None = None) -> None:
        self.trace, self.most, self.language, self.room = trace, most, language, room
        self.seen: set[Address] = set()
        self.others: dict[int, set[Address]] = {}

    def node(self, cell: Address, depth: int | None) -> Node:
        """A number with its terms; in another layer, those of that layer. Raises _TooLargeError."""
        if self.room is not None:
            self.room[0] -= 1
            if self.room[0] < 0:
                raise _TooLargeError
        if cell.layer is not None:
            there, own = at_layer_of(self.trace, cell)
            other = copy(self)
            other.trace, other.seen = there, self._seen_in(cell.layer)
            return other.node(own, depth)
        found = opened(self.trace, cell)
        node = Node(
            format_address(self.trace, cell, self.language),
            self.trace.value(cell),
            found.rule,
            is_gradient=self.trace.is_gradient(cell.name),
        )
        if found.rule is Rule.GIVEN:
            return replace(node, given=found.places)
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
            parts += (Node(f"+{len(rest)}", total, Rule.REST, count=len(rest), is_gradient=node.is_gradient),)
        return replace(node, terms=parts)

    def _seen_in(self, layer: int) -> set[Address]:
        """The numbers of another layer that stand in the tree."""
        return self.others.setdefault(layer, set())

    def _group(self, group: tuple[Address, ...], depth: int | None) -> Node:
        nodes = tuple(self.node(operand, depth) for operand in group)
        if len(nodes) == 1:
            return nodes[0]
        name = " × ".join(node.address for node in nodes)
        small = any(node.is_gradient for node in nodes)
        return Node(name, self._value(group), Rule.PRODUCT, nodes, is_gradient=small)

    def _largest(self, found: Opened) -> tuple[list[tuple[Address, ...]], FloatArray]:
        """The groups to show, the largest first, and what the others come to; only sums are cut short."""
        groups = found.groups
        if found.rule is Rule.MAXIMUM:
            return [groups[int(np.argmax(groups.products(self.trace)))]], np.empty(0)
        if found.rule is not Rule.SUM:
            return list(groups), np.empty(0)
        products = groups.products(self.trace)
        if self.trace.is_gradient(found.cell.name) and len(groups) > 1 and not products.all():
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
        return prod(self.trace.value(operand) for operand in group)
