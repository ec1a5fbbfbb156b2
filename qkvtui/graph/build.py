"""An example → its graph."""

from __future__ import annotations

from .example import Example
from .rows import Graph, GraphRow, sizes_of
from .settings import settings_of
from .steps import STEPS


def graph_of(example: Example) -> Graph:
    """The way forward: every step of STEPS that the example has, and its settings."""
    graph = Graph(example, sizes_of(example))
    for kind in STEPS:
        operation = kind.made(graph)
        if operation is None:
            continue
        group = operation.group(graph)
        row = GraphRow(kind.id, kind.symbol, operation, kind.rows, kind.columns, kind.per_head, group)
        graph.add(row, kind.role)
    for setting in settings_of(graph):
        graph.add_setting(*setting)
    return graph
