"""The numbers of a graph that is worked, by the names of its tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from ..engine.arrays import FloatArray
from ..graph.block import OUTSIDE_BLOCKS, WORDS
from ..graph.example import Example
from ..graph.rows import Graph
from ..graph.stored import StoredArrays
from ..operations.file_places import column_place, entry
from ..operations.tensors import Address
from ..said import Phrase, say
from .full import full_output
from .working import Settle, Working, leaves_of

Made = TypeVar("Made")


_SAMPLE = 64


class Numbers:
    """What is behind every address (an operation's `Table`)."""

    def __init__(
        self, example: Example, graph: Graph, blocks: tuple[slice, ...], settle: Settle, *, exact: bool
    ) -> None:
        self.example = example
        self.graph = graph
        self._leaves = leaves_of(graph)
        self.working = Working(graph, self._leaves, blocks, settle)
        self._made: dict[object, object] = {}
        self._exact = exact
        """Whether nothing is rounded: then all of attention can go the fast way."""

    def once(self, name: object, make: Callable[[], Made]) -> Made:
        """What `make` gives, made only once for these numbers."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]  # type: ignore[return-value]

    def value(self, cell: Address) -> float:
        """One number: of a step, of a stage inside one, of a setting, an input or a parameter."""
        return float(self.row(cell.name, cell.row, cell.head)[cell.column])

    def row(self, name: str, row: int, head: int = 0) -> FloatArray:
        """One row of a tensor, 1-D; `head` matters only where each head has its own."""
        stored = self.working.table(name)
        if stored is not None:
            return stored.row(row)
        if name not in self._leaves and self.working.is_by_pairs(name):
            block, place = self.working.block_of(row)
            return self._of_head(block.rows(name)[:, place], head)
        return self._of_head(self._all_of(name)[:, row], head)

    def column(self, name: str, column: int, head: int = 0) -> FloatArray:
        """One column of a tensor, 1-D."""
        stored = self.working.table(name)
        if stored is not None:
            return stored.column(column)
        if name not in self._leaves and self.working.is_by_pairs(name):
            rows = range(self.graph.sizes.queries)
            return np.array([self.row(name, row, head)[column] for row in rows])
        return self._of_head(self._all_of(name), head)[:, column]

    def matrix(self, step_id: str, head: int = 0) -> FloatArray:
        """A whole step, (rows, columns). For an (t, s) step of a long example that is a lot of memory."""
        if not self.working.is_by_pairs(step_id):
            return self._of_head(self._all_of(step_id), head)
        output = full_output(self.working, step_id) if len(self.working.blocks) > 1 and self._exact else None
        if output is not None:
            return self._of_head(output, head)
        blocks = (self.working.block(index) for index in range(len(self.working.blocks)))
        return np.concatenate([self._of_head(block.rows(step_id), head) for block in blocks])

    def per_head(self, name: str) -> bool:
        """Whether each head has a tensor of this name for itself."""
        if name in self._leaves:
            return len(self.leaf_shape(name)) == 3
        return self.graph.rows[name].per_head

    def is_gradient(self, name: str) -> bool:
        """Whether its numbers are gradients or made of such: small, many of them 0."""
        return name in self.graph.rows and self.graph.rows[name].is_gradient

    def is_leaf(self, name: str) -> bool:
        """Whether it is an input or a parameter."""
        return name in self._leaves

    def leaf(self, name: str) -> FloatArray:
        """An input or a parameter as the file gives it, or another run. Raises KeyError."""
        example = self.graph.example
        if name == WORDS and example.learn is not None and example.learn.vocabulary is not None:
            return example.learn.vocabulary.embeddings
        return example.given[name] if name in example.given else example.parameters[name]

    def leaf_shape(self, name: str) -> tuple[int, ...]:
        """The shape of an input or a parameter; nothing is read for it."""
        return self.graph.sizes.leaves[name]

    def leaf_sample(self, name: str) -> FloatArray:
        """The numbers that tell how those of an input or a parameter are written: all, or of a model's some rows."""
        stored = self.working.table(name)
        if stored is not None:
            return stored.sample(_SAMPLE)
        return self.leaf(name)[:_SAMPLE] if isinstance(self.example.parameters, StoredArrays) else self.leaf(name)

    def size_of(self, name: str) -> tuple[int, int]:
        """(rows, columns) of any tensor, in one head."""
        return self.graph.shape(name)

    def place(self, cell: Address) -> Phrase:
        """Where a number of an input or a parameter stands in the file."""
        learn = self.example.learn
        if learn is not None and learn.vocabulary is not None and cell.name in (WORDS, "X"):
            word = learn.vocabulary.words[cell.row] if cell.name == WORDS else self.example.tokens[cell.row]
            return say("learn.vocabulary, {word}, column {column}", word=word, column=cell.column)
        if isinstance(self.example.parameters, StoredArrays) and cell.name in self.example.parameters:
            return self.example.parameters.place(cell.name, cell.row, cell.column)
        name = f"{self._table_of(cell.name)}.{cell.name}"
        axes = len(self.leaf_shape(cell.name))
        if axes == 1:
            return column_place(name, cell.column)
        return entry(name, cell.row, cell.column, cell.head if axes == 3 else None)

    def _table_of(self, name: str) -> str:
        """The table of the file that an input or a parameter stands in."""
        if name in self.example.given:
            return "inputs"
        if self.example.block is None:
            return "parameters"
        return OUTSIDE_BLOCKS.get(name) or f"blocks[{self.example.layer}].parameters"

    def _all_of(self, name: str) -> FloatArray:
        return self._leaves[name] if name in self._leaves else self.working.whole(name)

    def _of_head(self, array: FloatArray, head: int) -> FloatArray:
        found: FloatArray = array[head if len(array) > 1 else 0]
        return found
