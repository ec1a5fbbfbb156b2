"""How somebody calculates attention: the right way, or with mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from ...graph.rows import Graph
from ...operations.operation import Operation
from ...records import record
from ..rounding import Ties


@record(frozen=True)
class Rounding:
    """Rounding between the steps, as somebody does who writes each step down."""

    decimals: int
    ties: Ties = "up"
    steps: frozenset[str] | None = None
    """The steps that are rounded; None: all that are computed."""


@record(frozen=True)
class Method:
    """One way of calculating: the example's graph with other operations in some rows. As it stands, the right one."""

    changes: Mapping[str, Operation] = field(default_factory=dict)
    """By the id of the row."""
    rounding: Rounding | None = None
    cut: bool = False
    """Whether digits are cut off where numbers are written down, not rounded."""

    def operation(self, graph: Graph, row: str) -> Operation:
        """What makes a row by this method."""
        return self.changes.get(row) or graph.rows[row].operation

    def with_changes(self, changes: Mapping[str, Operation]) -> Method:
        """The same with more mistakes in it."""
        return replace(self, changes={**self.changes, **changes})


RIGHT = Method()
