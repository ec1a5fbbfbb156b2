"""The parameters of a model's layers, read from its tensors when they are looked at; a few are kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from threading import Lock

import numpy as np

from ..engine.arrays import FloatArray, read_only
from ..engine.stored import StoredTable
from ..graph.stored import StoredArrays
from ..records import record
from ..said import Phrase, say
from .weights import Weights

_KEPT = 32 << 20
"""Bytes of parameters that are kept: a few layers of a small model."""


@record(frozen=True, eq=False)
class TensorPart:
    """Where one of our parameters is: a tensor, or some of its outputs."""

    tensor: str
    shape: tuple[int, ...]
    """Of the tensor."""
    outputs: Sequence[int]
    """Which of the tensor's outputs are ours, in our order; of a vector, which numbers."""
    in_out: bool = False
    """Whether the tensor lies as (in, out); else as (out, in), and a W is that turned over."""
    less: float = 0.0
    """What the numbers are less in the file than they are."""
    is_row: bool = False
    """Whether our parameter is a vector, and the tensor a matrix that has it as its only row."""

    @property
    def own_shape(self) -> tuple[int, ...]:
        """Of our parameter: (in, out), or (out,)."""
        if len(self.shape) == 1 or self.is_row:
            return (len(self.outputs),)
        return (self.shape[0] if self.in_out else self.shape[1], len(self.outputs))

    def read(self, weights: Weights) -> FloatArray:
        """Our parameter. Raises UsageError where the tensor is missing or of another shape."""
        own = self.outputs
        if self.is_row:
            found = weights.array(self.tensor, self.shape)[0]
        elif len(self.shape) == 1:
            found = weights.array(self.tensor, self.shape)[list(own)] + np.float32(self.less)
        elif self.in_out:
            whole = weights.array(self.tensor, self.shape)
            found = whole if len(own) == self.shape[1] else np.ascontiguousarray(whole[:, list(own)])
        elif isinstance(own, range):
            found = weights.part(self.tensor, self.shape, own.start, own.stop).T
        else:
            found = weights.array(self.tensor, self.shape)[list(own)].T
        return read_only(found)

    def place(self, weights: Weights, row: int, column: int) -> Phrase:
        """Where one number of our parameter stands."""
        output = self.outputs[column]
        if self.is_row:
            return weights.place(self.tensor, 0, output)
        if len(self.shape) == 1:
            place = weights.place(self.tensor, 0, output)
            return say("{place}, and {number} more", place=place, number=f"{self.less:g}") if self.less else place
        return weights.place(self.tensor, *((row, output) if self.in_out else (output, row)))


class KeptArrays:
    """The parameters that were looked at last, of all layers; several threads may look at them."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self._kept: OrderedDict[TensorPart, FloatArray] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def array(self, piece: TensorPart) -> FloatArray:
        """A parameter, from memory where it is still there."""
        with self._lock:
            found = self._kept.get(piece)
            if found is not None:
                self._kept.move_to_end(piece)
                return found
        found = piece.read(self.weights)  # others need not wait for the file
        with self._lock:
            if piece not in self._kept:
                self._kept[piece] = found
                self._size += found.nbytes
            while self._size > _KEPT and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._size -= dropped.nbytes
        return found


@record(frozen=True, eq=False)
class TableOfRows:
    """A table with a row for each word, place or type; `tensor` has it as it is."""

    tensor: str
    table: StoredTable


class LayerParameters(StoredArrays):
    """The parameters of one layer."""

    def __init__(self, kept: KeptArrays, pieces: Mapping[str, TensorPart], tables: Mapping[str, TableOfRows]) -> None:
        self._kept = kept
        self._pieces = dict(pieces)
        self._tables = dict(tables)

    def __getitem__(self, name: str) -> FloatArray:
        """One of them, read now or a short while ago. Raises UsageError where the file does not hold it."""
        if name in self._tables:
            return self._tables[name].table.whole()
        return self._kept.array(self._pieces[name])

    def __contains__(self, name: object) -> bool:
        return name in self._pieces or name in self._tables

    def __iter__(self) -> Iterator[str]:
        return iter((*self._tables, *self._pieces))

    def __len__(self) -> int:
        return len(self._tables) + len(self._pieces)

    def shape(self, name: str) -> tuple[int, ...]:
        """As the model's settings have it."""
        return self._tables[name].table.shape if name in self._tables else self._pieces[name].own_shape

    def table(self, name: str) -> StoredTable | None:
        """A table with a row for each word, place or type; None for anything else."""
        return self._tables[name].table if name in self._tables else None

    def place(self, name: str, row: int, column: int) -> Phrase:
        """The file, the tensor in it, row and column there."""
        if name not in self._tables:
            return self._pieces[name].place(self._kept.weights, row, column)
        of_file = (column, row) if self._tables[name].table.is_turned else (row, column)
        return self._kept.weights.place(self._tables[name].tensor, *of_file)
