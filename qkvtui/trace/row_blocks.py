"""Which rows of a graph are computed together."""

from __future__ import annotations

from ..engine.attention import row_blocks
from ..errors import UsageError
from ..graph.rows import Graph
from ..operations.softmax import Over
from ..said import say

LARGEST_OVER_COLUMNS = 1 << 20
"""Scores that may be held at once to take softmax over columns."""


def blocks_of(graph: Graph, softmax_over: Over) -> tuple[slice, ...]:
    """Blocks of queries; all of them at once where softmax goes down the columns, or where something is learned."""
    queries, keys = graph.sizes.queries, graph.sizes.keys
    if softmax_over == "columns":
        if queries * keys > LARGEST_OVER_COLUMNS:
            raise UsageError(say("softmax over columns needs all rows at once; this example is too long for that"))
        return (slice(0, queries),)
    if graph.goes_back:
        return (slice(0, queries),)
    return tuple(row_blocks(queries, keys * graph.sizes.heads))
