"""The last steps of a lesson, which are told in words: where its numbers come from, and its end."""

from __future__ import annotations

from collections.abc import Iterator

from ..operations.join import Repeated
from ..operations.operation import Drawing
from ..operations.tensors import Axis
from .example import Example
from .rows import Graph, GraphRow

SOURCE, END = "source", "end"
CLOSING = (SOURCE, END)
"""Their ids, in their order."""
_SIGNS = {SOURCE: "§", END: "■"}


def closing_rows(graph: Graph) -> tuple[GraphRow, ...]:
    """Those that the example has. They stand behind everything that is computed, and have no numbers of their own."""
    weights = graph.roles["weights"]
    told = Repeated(weights, graph.rows[weights].operation, Drawing.TOLD)
    return tuple(
        GraphRow(name, _SIGNS[name], told, Axis.QUERY, Axis.KEY)
        for name in _those_of(graph.example)
        if _ends_here(graph)
    )


def _ends_here(graph: Graph) -> bool:
    """Whether the walk through all layers ends in this one: with the update, or the last one without any."""
    if graph.goes_back:
        return "update" in graph.rows
    return graph.example.layer >= len(graph.example.layers) - 1


def _those_of(example: Example) -> Iterator[str]:
    if example.source is not None or example.errata is not None or example.published is not None:
        yield SOURCE
    if example.is_bundled or example.learned is not None or example.experiment is not None or example.questions:
        yield END
