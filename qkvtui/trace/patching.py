"""Rows of another run put in the place of computed ones: what is computed from them goes on from there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import numpy as np

from ..engine.arrays import FloatArray
from ..graph.example import Example, Patch
from ..graph.rows import GraphRow
from ..operations.tensors import Address, Axis
from ..said import Phrase, say


class OfLayer(Protocol):
    """The numbers of one layer of the other run."""

    def matrix(self, step_id: str, head: int = 0) -> FloatArray:
        """All rows of a step."""


class Patching:
    """What is taken from other runs in one layer of an example."""

    def __init__(self, example: Example, other: Callable[[Patch], OfLayer]) -> None:
        self._patches = [patch for patch in example.patches if patch.layer == example.layer]
        self._other = other

    def __bool__(self) -> bool:
        return bool(self._patches)

    def settled(self, row: GraphRow, numbers: FloatArray, rows: slice) -> FloatArray:
        """(h | 1, rows, columns): a step's numbers with the rows of the other runs in them."""
        taken = [patch for patch in self._patches if patch.step == row.id]
        if not taken:
            return numbers
        numbers = np.array(numbers)
        start = rows.start if row.rows is Axis.QUERY else 0
        for patch in taken:
            self._put(patch, numbers, start)
        return numbers

    def entering(self, example: Example) -> Example:
        """The example whose X, where that is given, has the rows of the other runs in it."""
        taken = [patch for patch in self._patches if patch.step == "embeddings"]
        if not taken or "X" not in example.given:
            return example
        numbers = np.array(example.given["X"])[None]
        for patch in taken:
            self._put(patch, numbers, 0)
        numbers.setflags(write=False)
        return replace(example, inputs={**example.inputs, "X": numbers[0]})

    def place(self, cell: Address) -> Phrase | None:
        """Where a number was taken from; None for one that was not."""
        name = "embeddings" if cell.name == "X" else cell.name
        taken = [patch for patch in self._patches if patch.step == name and _takes(patch, cell)]
        return say("taken from {run}", run=taken[-1].run.name) if taken else None

    def _put(self, patch: Patch, numbers: FloatArray, start: int) -> None:
        """Write a patch's rows over the numbers of a block that begins at row `start`."""
        heads, count, _ = numbers.shape
        other = self._other(patch)
        for head in range(heads) if patch.head is None else (patch.head,):
            found = other.matrix(patch.step, head)
            stop = min(start + count, len(found))  # a token that was written on has no other run
            for row in range(start, stop) if patch.row is None else (patch.row,):
                if start <= row < stop:
                    numbers[head, row - start] = found[row]


def _takes(patch: Patch, cell: Address) -> bool:
    return patch.row in (None, cell.row) and patch.head in (None, cell.head)
