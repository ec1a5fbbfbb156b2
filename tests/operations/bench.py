"""A bench to try one operation on: tensors by name, as whole blocks, as a table and as a plan, without a graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np

from qkvtui.engine.arrays import FloatArray
from qkvtui.engine.stored import StoredTable
from qkvtui.operations.operation import Heads, Operation
from qkvtui.operations.tensors import Address

Made = TypeVar("Made")


class Bench:
    """Tensors (h, rows, columns), h = 1 where no head has its own, and the operations that make some of them."""

    def __init__(
        self,
        tensors: Mapping[str, FloatArray],
        operations: Mapping[str, Operation] | None = None,
        heads: Mapping[str, Heads] | None = None,
    ) -> None:
        self._tensors = {name: _three_axes(np.asarray(array)) for name, array in tensors.items()}
        self._operations = dict(operations or {})
        self._heads = dict(heads or {})
        self._made: dict[object, object] = {}

    def make(self, name: str, operation: Operation) -> FloatArray:
        """The numbers of one more tensor and of what is behind it, (h, rows, columns)."""
        self._operations[name] = operation
        for extra in operation.extras():
            self._tensors[extra.name] = extra.operation.numbers(self)
        self._tensors[name] = operation.numbers(self)
        return self._tensors[name]

    @property
    def slice(self) -> slice:
        """All rows."""
        return slice(0, max(array.shape[1] for array in self._tensors.values()))

    def rows(self, name: str) -> FloatArray:
        """All rows: there is one block."""
        return self._tensors[name]

    def whole(self, name: str) -> FloatArray:
        """All rows."""
        return self._tensors[name]

    def table(self, name: str) -> StoredTable | None:
        """None: nothing stays in a file."""
        return None

    def number(self, name: str) -> float:
        """A setting that is one number."""
        return float(self._tensors[name][0, 0, 0])

    def once(self, name: object, make: Callable[[], Made]) -> Made:
        """What `make` gives, made once."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]  # type: ignore[return-value]

    def value(self, cell: Address) -> float:
        """One number."""
        return float(self._tensors[cell.name][cell.head, cell.row, cell.column])

    def row(self, name: str, row: int, head: int = 0) -> FloatArray:
        """(columns,)."""
        found: FloatArray = self._tensors[name][head, row]
        return found

    def column(self, name: str, column: int, head: int = 0) -> FloatArray:
        """(rows,)."""
        found: FloatArray = self._tensors[name][head, :, column]
        return found

    def size_of(self, name: str) -> tuple[int, int]:
        """(rows, columns), in one head."""
        return self.shape(name)

    def per_head(self, name: str) -> bool:
        """Whether each head has its own."""
        return len(self._tensors[name]) > 1

    def place(self, cell: Address) -> str:
        """On a bench everything lies open."""
        return f"{cell.name}, row {cell.row}, column {cell.column}"

    def symbol(self, name: str) -> str:
        """Its name."""
        return name

    def is_parameter(self, name: str) -> bool:
        """As in a file."""
        return name.startswith(("W_", "b_"))

    def operation(self, name: str) -> Operation | None:
        """What makes it; None for what lies there."""
        return self._operations.get(name)

    def heads_of(self, name: str) -> Heads | None:
        """How its columns are divided among heads, where that was said."""
        return self._heads.get(name)

    def shape(self, name: str) -> tuple[int, int]:
        """(rows, columns), in one head."""
        _, rows, columns = self._tensors[name].shape
        return rows, columns


def _three_axes(array: FloatArray) -> FloatArray:
    return array if array.ndim == 3 else np.atleast_2d(array)[None]
