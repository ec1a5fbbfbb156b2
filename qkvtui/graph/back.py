"""The way back: the gradient of every tensor on a way to something that moves, as rows of the graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from ..operations.operation import Drawing, Operation
from ..operations.product import Product
from ..operations.residual import Copied, SentDown, Summed
from ..operations.tensors import Axis
from ..records import record
from .block import WORDS
from .rows import INPUTS, PARAMETERS, Graph, GraphRow


def go_back(graph: Graph, loss: str, moving: Iterable[str]) -> None:
    """Adds the gradients by all that lies between the loss and what moves, then those by what moves itself."""
    _Back(graph, loss, frozenset(moving)).run("")


def go_on_back(graph: Graph, moving: Iterable[str], left: SentDown, table: SentDown | None) -> None:
    """The same from what the layer above sends back of what this one left.

    `table` is what a later layer sends back of the table of words, where it reads with that again.
    """
    back = _Back(graph, "left", frozenset(moving))
    back.add_left(left)
    if table is not None:
        back.add_table(table)
    back.run("d_left")


@record(frozen=True)
class _Sent:
    """What one row sends back to one of its sources."""

    by: int
    """The place of that row in the graph."""
    operation: Operation


class _Back:
    def __init__(self, graph: Graph, loss: str, moving: frozenset[str]) -> None:
        self._graph = graph
        self._loss = loss
        self._forward = [row for row in graph.rows.values() if row.is_step]
        self._place = {row.id: place for place, row in enumerate(self._forward)}
        self._reaching = self._reach(moving)
        self._moving = moving
        self._sent: dict[str, list[_Sent]] = defaultdict(list)
        self._waiting = self._users()

    def add_left(self, left: SentDown) -> None:
        """What is sent back of what the layer left: all that follows from it is this layer's."""
        row = self._graph.rows["left"]
        self._graph.add(self._row("d_left", f"d{row.symbol}", left, row))

    def add_table(self, table: SentDown) -> None:
        """What is sent back of the table of words, one of the ways by which it gets something."""
        way = self._way(f"{table.step}_by_logits", table, WORDS, None)
        self._graph.add(way)
        self._sent[WORDS].append(_Sent(len(self._forward), Copied(way.id)))

    def run(self, gradient: str) -> None:
        """From the loss on, or from a gradient, each tensor as soon as all that use it have sent something back."""
        self._send(self._loss, gradient)
        leaves = [*self._graph.example.parameters, *self._graph.example.inputs]
        order = [*(name for name in PARAMETERS if name in leaves), *(name for name in leaves if name in INPUTS)]
        for name in order:
            if self._sent[name] and self._wanted(name):
                self._add_leaf(name)

    def _wanted(self, leaf: str) -> bool:
        return leaf in self._moving or (leaf == "X" and "E" in self._moving)

    def _reach(self, moving: frozenset[str]) -> frozenset[str]:
        """The tensors through which something that moves goes."""
        found = {*moving, *(["X"] if "E" in moving else [])}
        for row in self._forward:
            if found.intersection(row.operation.sources):
                found.add(row.id)
        return frozenset(found)

    def _users(self) -> dict[str, int]:
        """For each tensor, how many rows on the way from the loss use it."""
        on_the_way, counts = {self._loss}, dict[str, int]()
        for row in reversed(self._forward):
            if row.id in on_the_way:
                for source in dict.fromkeys(self._targets(row)):
                    counts[source] = counts.get(source, 0) + 1
                    on_the_way.add(source)
        return counts

    def _targets(self, row: GraphRow) -> Iterable[str]:
        """The tensors that a row sends something back to."""
        if row.operation.passes_gradient:
            return (row.operation.sources[0],)
        return (name for name, _ in row.operation.back(self._graph, row.id, "") if name in self._reaching)

    def _send(self, made: str, gradient: str) -> None:
        """What the row `made` sends to its sources; then those go on that have got everything."""
        row = self._graph.rows[made]
        sent: dict[str, list[Operation]] = defaultdict(list)
        for name, operation in row.operation.back(self._graph, made, gradient):
            if name in self._reaching:
                sent[name].append(operation)
        for name, operations in sent.items():
            self._got(name, [_Sent(self._place[made], operation) for operation in operations])
        for name in sorted(sent, key=self._depth):
            self._go_on(name)

    def _got(self, name: str, sent: list[_Sent]) -> None:
        self._sent[name].extend(sent)
        self._waiting[name] -= 1

    def _go_on(self, name: str) -> None:
        if self._waiting.get(name) != 0 or name not in self._place:
            return
        row = self._graph.rows[name]
        if row.operation.passes_gradient:  # what comes back to a sum comes back to what was added to
            source = row.operation.sources[0]
            self._got(source, self._sent[name])
            self._go_on(source)
            return
        self._graph.add(self._row(f"d_{name}", f"d{row.symbol}", self._merged(name, row), row))
        self._send(name, f"d_{name}")

    def _row(self, name: str, symbol: str, operation: Operation, like: GraphRow) -> GraphRow:
        """The gradient by the tensor of a row."""
        return GraphRow(
            name, symbol, operation, like.rows, like.columns, like.per_head, like.group, learns=True, is_gradient=True
        )

    def _add_leaf(self, name: str) -> None:
        row = GraphRow(
            f"d_{name}",
            f"d{name}",
            self._merged(name),
            INPUTS.get(name, Axis.PARAMETER),
            Axis.FEATURE,
            learns=True,
            is_gradient=True,
            of_parameter=name not in INPUTS,
        )
        self._graph.add(row)

    def _merged(self, name: str, row: GraphRow | None = None) -> Operation:
        """What several rows send, added up in the order in which they stand.

        Products are one longer sum of products; where something else comes back too, each way has a tensor of its own.
        """
        sent = sorted(self._sent[name], key=lambda one: one.by)
        operations = [one.operation for one in sent]
        if len(operations) == 1:
            return operations[0]
        products = [one for one in operations if isinstance(one, Product)]
        if len(products) == len(operations):
            return replace(products[0], pairs=tuple(pair for one in products for pair in one.pairs))
        addends: dict[str, Operation] = {}
        for one in sent:
            if isinstance(one.operation, Copied):
                addends[one.operation.source] = one.operation
                continue
            way = f"d_{name}_by_{self._forward[one.by].id}"
            same_way = addends.get(way)
            if isinstance(same_way, Product) and isinstance(one.operation, Product):
                addends[way] = replace(same_way, pairs=(*same_way.pairs, *one.operation.pairs))
            else:
                addends[way] = one.operation
        for way, operation in addends.items():
            if not isinstance(operation, Copied):
                self._graph.add(self._way(way, operation, name, row))
        return Summed(tuple(addends), Drawing.GRADIENT)

    def _way(self, way: str, operation: Operation, name: str, row: GraphRow | None) -> GraphRow:
        """One of several ways that a gradient comes back."""
        rows, columns = (INPUTS.get(name, Axis.PARAMETER), Axis.FEATURE) if row is None else (row.rows, row.columns)
        per_head, group = (False, 1) if row is None else (row.per_head, row.group)
        return GraphRow(
            way, way, operation, rows, columns, per_head, group, is_step=False, learns=True, is_gradient=True
        )

    def _depth(self, name: str) -> int:
        """How many steps lie before a tensor: those with few go first, being done at once."""
        if name not in self._place:
            return 0
        return 1 + max(map(self._depth, self._graph.rows[name].operation.sources), default=0)
