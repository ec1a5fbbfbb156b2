"""The numbers of an example as arrays that know their labels, and single ones that know where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from ..engine.arrays import FloatArray
from ..operations.tensors import Address
from ..report.labelled import numbers_table
from ..report.whys import why_as_text
from ..trace.addresses import find_place, format_address
from ..trace.labels import axes_of
from ..trace.trace import Trace
from ..trace.why import Node, why
from ..views.look import Look
from ..views.tree import why_tree

Index = int | str
"""A place along an axis: an index, negative ones from the end, or the token's text or the column's name."""


class LabelledArray(NDArrayOperatorsMixin):
    """The numbers of a step, an input or a parameter: an array of NumPy that knows its tokens and columns.

    NumPy takes it wherever an array goes (`trace["weights"] @ trace["values"]`). Arrays are read-only.

    >>> import qkvtui
    >>> weights = qkvtui.load("animal")["weights"]
    >>> weights["it"].round(2).tolist()
    [0.16, 0.26, 0.19, 0.2, 0.2]
    >>> float(weights[:, 1].max()) == weights["animal", "animal"]
    True
    """

    def __init__(self, trace: Trace, name: str, head: int, look: Look) -> None:
        self._trace = trace
        self._look = look
        self.name = name
        """The step, input or parameter."""
        self.head = head
        """Which head; 0 where it is no single head's."""
        self.labels = tuple(tuple(axis) for axis in axes_of(trace, name, look.language, head))
        """Along each axis, what its places are called: tokens, names of columns, or indices."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(rows, columns); one of the two for a bias or a row's maximum, none for a single number."""
        return tuple(map(len, self.labels))

    @property
    def ndim(self) -> int:
        """How many axes it has."""
        return len(self.labels)

    @property
    def dtype(self) -> np.dtype[Any]:
        """float64, or float32 where the file's arrays are."""
        return self.values.dtype

    @cached_property
    def values(self) -> FloatArray:
        """The numbers as an array, read-only; all of a large step are computed now."""
        leaf = self._trace.leaf(self.name) if self._trace.is_leaf(self.name) else None
        if leaf is None:
            whole = self._trace.matrix(self.name, self.head)
        else:
            whole = leaf[self.head] if leaf.ndim == 3 else leaf
        found: FloatArray = whole.reshape(self.shape).view()
        found.setflags(write=False)
        return found

    def tolist(self) -> Any:
        """As lists of Python's own numbers."""
        return self.values.tolist()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> FloatArray:
        return np.array(self.values, dtype=dtype, copy=copy)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **more: Any) -> Any:
        arrays = (one.values if isinstance(one, LabelledArray) else one for one in inputs)
        return getattr(ufunc, method)(*arrays, **more)

    def __float__(self) -> float:
        return float(self.values)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Any) -> Any:
        """One number by its token or index along each axis, as TracedNumber; one row; or whatever NumPy understands.

        Raises QkvtuiError for a text that names no place or several, IndexError for an index out of range.
        """
        places = key if isinstance(key, tuple) else (key,)
        if len(places) <= self.ndim and any(isinstance(one, str) for one in places):
            named = [one if isinstance(one, int | str) else None for one in places]
            if len(places) == self.ndim and None not in named:
                return self._number(places)
            axes = zip(places, self.labels, strict=False)
            return self.values[tuple(self._index(at, one, axis) for at, (one, axis) in enumerate(axes))]
        if len(places) == self.ndim and all(isinstance(one, int | np.integer) for one in places):
            return self._number(places)
        return self.values[key]

    def _number(self, places: Sequence[Index]) -> TracedNumber:
        names = [place_name(one, len(axis)) for one, axis in zip(places, self.labels, strict=True)]
        return TracedNumber(self._trace, find_place(self._trace, self.name, names, self.head), self._look)

    def _index(self, axis: int, place: Any, labels: Sequence[str]) -> Any:
        """A text as the index it stands for; what NumPy understands as it is."""
        if not isinstance(place, str):
            return place
        names = ["#0"] * self.ndim
        names[axis] = place
        found = find_place(self._trace, self.name, names, self.head)
        return found.row if self.ndim == 2 and axis == 0 else found.column

    def __repr__(self) -> str:
        return numbers_table(self._trace, self.name, self.head, self._look).text(self._look)

    def __rich__(self) -> object:
        return numbers_table(self._trace, self.name, self.head, self._look).drawn(self._look)

    def _repr_html_(self) -> str:
        return numbers_table(self._trace, self.name, self.head, self._look).html()


class TracedNumber(float):
    """One number of an example: a float that knows where it stands and where it comes from.

    >>> import qkvtui
    >>> number = qkvtui.load("animal")["queries"]["it", 0]
    >>> number.value, number.address
    (0.5, 'queries[it,0]')
    """

    address: str
    """As `qkvtui why` and the application take it."""

    def __new__(cls, trace: Trace, cell: Address, look: Look) -> TracedNumber:
        """The number at a cell of a trace."""
        made = super().__new__(cls, trace.value(cell))
        made._trace, made._cell, made._look = trace, cell, look
        made.address = format_address(trace, cell)
        return made

    _trace: Trace
    _cell: Address
    _look: Look

    @property
    def value(self) -> float:
        """The number alone, in full precision."""
        return float(self)

    def why(self, depth: int | None = None) -> Derivation:
        """What it was computed from, down to the file, or `depth` levels of it.

        >>> import qkvtui
        >>> print(qkvtui.load("animal").at("scores[it,animal]").why(depth=1))
        scores[it,animal]  0.85 = 0.45 + 0.40
        ├── queries[it,0] × keys[animal,0]  0.45 = 0.50 × 0.90
        │   ├── queries[it,0]  0.50  …
        │   └── keys[animal,0]  0.90  …
        └── queries[it,1] × keys[animal,1]  0.40 = 0.50 × 0.80
            ├── queries[it,1]  0.50  …
            └── keys[animal,1]  0.80  …
        """
        return Derivation(why(self._trace, self._cell, self._look.language, depth=depth), self._look)


class Derivation:
    """A number opened into the terms that it was computed from, each of which is opened too."""

    def __init__(self, node: Node, look: Look) -> None:
        self._node = node
        self._look = look

    @property
    def address(self) -> str:
        """Which number; of a product the addresses of its factors."""
        return self._node.address

    @property
    def value(self) -> float:
        """The number."""
        return self._node.value

    @property
    def operation(self) -> str:
        """How it comes from its terms: `sum`, `product`, …; `given` for a number of the file."""
        return self._node.operation.value

    @property
    def terms(self) -> tuple[Derivation, ...]:
        """What it was computed from; empty for what the file gives, or what was not opened."""
        return tuple(Derivation(term, self._look) for term in self._node.terms)

    def __repr__(self) -> str:
        return why_as_text(self._node, self._look, None, False).rstrip("\n")

    def __rich__(self) -> object:
        return why_tree(self._node, self._look)

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(repr(self))}</pre>"


def place_name(place: Index, count: int) -> str:
    """A place as addresses name it. Raises IndexError for an index out of range."""
    if isinstance(place, str):
        return place
    if not -count <= place < count:
        raise IndexError(f"index {place} is out of range for {count}")
    return f"#{place % count}"
