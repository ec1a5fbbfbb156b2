"""The rows of a graph: each a tensor with its operation, and what its rows and columns stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from ..operations.join import Repeated
from ..operations.operation import Drawing, Heads, Operation
from ..operations.tensors import Axis
from ..records import record
from .example import Example
from .moving import movable
from .stored import shape_in

PARAMETERS = (
    *("E", "positions", "types", "g_E", "b_En", "W_E", "b_E", "g_1", "b_1n"),
    *("W_Q", "b_Q", "W_K", "b_K", "W_V", "b_V"),
    *("g_Q", "g_K", "W_S", "v_S"),
    *("W_O", "b_O", "g_3", "b_3n"),
    *("g_2", "b_2n", "W_1", "b_1", "W_G", "b_G", "W_2", "b_2", "g_4", "b_4n"),
    *("W_R", "b_R"),
    *("g_U", "b_Un", "W_U", "b_U"),
)
"""The parameters there can be, in the order in which their gradients stand."""
INPUTS: Mapping[str, Axis] = {"X": Axis.QUERY, "Y": Axis.KEY, "Z": Axis.KEY}
"""The inputs that can be trained, and what their rows stand for."""


@record(frozen=True)
class GraphRow:
    """One tensor of a graph."""

    id: str
    symbol: str
    operation: Operation
    rows: Axis
    columns: Axis
    per_head: bool = False
    group: int = 1
    """Query heads that share the same numbers, where each head has its own."""
    is_step: bool = True
    """False for a stage inside a step, a setting, or what an optimiser remembers."""
    is_setting: bool = False
    """Whether a setting gives it: it is no number that a learner would look behind."""
    learns: bool = False
    """Whether it belongs to learning: after the walk forward, and not where that is wrong or rounded on purpose."""
    is_gradient: bool = False
    """Whether its numbers are gradients: small, many of them 0."""
    of_parameter: bool = False
    """Whether it is the gradient by a parameter, which is never turned over on a page."""

    @property
    def kind(self) -> Drawing:
        """How it is drawn."""
        return self.operation.drawing

    @property
    def has_numbers(self) -> bool:
        """Whether its numbers are its own: not those of the summary, nor of what is only told."""
        return self.kind not in (Drawing.SUMMARY, Drawing.TOLD)


@record(frozen=True)
class StepType:
    """One row of STEPS: a step that examples may have, and what makes it there."""

    id: str
    symbol: str
    rows: Axis
    columns: Axis
    made: Callable[[Draft], Operation | None]
    """Its operation in the example whose graph is being drafted; None where the example has no such step."""
    role: str = ""
    """What the steps after it take it for, instead of what was that before: `scores` for the scaled ones too."""
    per_head: bool = True
    learns: bool = False
    has_gradient: bool = True
    """Whether a gradient by it is a step of its own; not where it only hands on what comes back to it."""
    width: str = ""
    """Where its columns are features, their length: `m`, `k`, `keys`, `v`, `side_by_side` or `projected`."""
    needs: str = ""
    """What an example must have for the step to be there, one of those that files/plan.py tells of; empty: nothing."""
    is_published: bool = True
    """Whether a source can have printed its numbers."""


class Graph:
    """A graph, ready to be worked: an operation's `Plan`.

    The leaves are the arrays of the file; every other tensor is a row.
    """

    def __init__(self, example: Example, sizes: Sizes) -> None:
        self.example = example
        self.sizes = sizes
        self._rows: dict[str, GraphRow] = {}
        self.roles: dict[str, str] = (
            dict.fromkeys(("queries", "keys", "values"), "embeddings") if is_plain(example) else {}
        )
        """The tensor that is now taken for the queries, the keys, the values, the scores, the weights, the result."""

    @property
    def rows(self) -> Mapping[str, GraphRow]:
        """All rows by id, in the order of the computation."""
        return MappingProxyType(self._rows)

    @property
    def goes_back(self) -> bool:
        """Whether the way back from a loss leads through it."""
        return any(row.is_gradient for row in self._rows.values())

    @property
    def steps(self) -> tuple[GraphRow, ...]:
        """The rows that are steps."""
        return tuple(row for row in self._rows.values() if row.is_step)

    def add(self, row: GraphRow, role: str = "") -> None:
        """One more row, with the tensors behind it that have addresses of their own."""
        for extra in row.operation.extras():
            self._rows[extra.name] = GraphRow(
                extra.name,
                extra.name,
                extra.operation,
                extra.rows,
                extra.columns,
                extra.per_head,
                is_step=False,
                is_setting=extra.is_setting,
                learns=row.learns,
                is_gradient=extra.is_gradient,
            )
        self._rows[row.id] = row
        if role:
            self.roles[role] = row.id

    def add_setting(self, name: str, operation: Operation, rows: Axis, columns: Axis, per_head: bool = False) -> None:
        """What a setting of the file gives."""
        self._rows[name] = GraphRow(name, name, operation, rows, columns, per_head, is_step=False, is_setting=True)

    def replaced(self, changes: Mapping[str, Operation]) -> Graph:
        """The same graph with other operations in some rows."""
        changed = Graph(self.example, self.sizes)
        changed.roles = dict(self.roles)
        for name, row in self._rows.items():
            operation = changes.get(name, row.operation)
            if isinstance(operation, Repeated):  # what repeats a changed row is opened like that one
                operation = replace(operation, made=changed._rows[operation.source].operation)
            if operation is not row.operation:
                changed.add(replace(row, operation=operation))
            elif row.is_step or name not in changed._rows:
                changed._rows[name] = row
        return changed

    def roles_of(self, *roles: str) -> tuple[str, ...]:
        """The tensors that are now taken for these, as far as there are any."""
        return tuple(self.roles[role] for role in roles if role in self.roles)

    @property
    def d_k(self) -> int | None:
        """How many numbers a query has; None where the scores are given."""
        return None if "S" in self.sizes.leaves else self.shape("X" if is_plain(self.example) else "queries")[1]

    def symbol(self, name: str) -> str:
        """The sign of a tensor."""
        return self._rows[name].symbol if name in self._rows else name

    def is_parameter(self, name: str) -> bool:
        """Whether it is a parameter."""
        return name in self.example.parameters

    def operation(self, name: str) -> Operation | None:
        """What makes a tensor; None for an array of the file."""
        return self._rows[name].operation if name in self._rows else None

    def heads_of(self, name: str) -> Heads | None:
        """How its columns are divided among heads."""
        if name in self._rows:
            row = self._rows[name]
            if not row.per_head:
                return None
            return Heads(self.sizes.heads, row.group, self.shape(name)[1] if row.columns is Axis.FEATURE else 1)
        array = self.sizes.leaves.get(name)
        return Heads(self.sizes.heads, 1, array[-1]) if array is not None and len(array) == 3 else None

    def shape(self, name: str) -> tuple[int, int]:
        """(rows, columns), in one head."""
        if name in self.sizes.leaves:
            *rows, columns = self.sizes.leaves[name]
            return (rows[-1] if rows else 1), columns
        row = self._rows[name]
        return self._length(row.rows, row), self._length(row.columns, row)

    def _length(self, axis: Axis, row: GraphRow) -> int:
        match axis:
            case Axis.QUERY:
                return self.sizes.queries
            case Axis.KEY:
                return self.sizes.keys
            case Axis.POSITION:
                return max(self.sizes.queries, self.sizes.keys)
            case Axis.LABEL:
                return self.sizes.labels
            case Axis.ENTRY:
                return self.sizes.entries
            case Axis.PARAMETER:
                return self.shape(row.id.removeprefix("d_").partition("_by_")[0])[0]
            case Axis.FEATURE:
                return row.operation.width(self)
            case _:
                return 1


Draft = Graph


def is_plain(example: Example) -> bool:
    """Whether there are no projections: the rows of X themselves ask, are found and are handed over."""
    return "X" in example.inputs and "W_Q" not in example.parameters


@record(frozen=True)
class Sizes:
    """How long the axes are."""

    queries: int  # t
    keys: int  # s
    heads: int  # h
    kv_heads: int
    leaves: Mapping[str, tuple[int, ...]]
    """The shapes of the inputs and parameters."""
    labels: int = 0
    entries: int = 0
    """Numbers that move."""


def sizes_of(example: Example) -> Sizes:
    """The lengths of an example's axes."""
    leaves = {name: array.shape for name, array in example.given.items()}
    leaves |= {name: shape_in(example.parameters, name) for name in example.parameters}
    learn = example.learn
    if learn is not None and learn.vocabulary is not None:
        leaves["E"] = learn.vocabulary.embeddings.shape
    count = 0
    if learn is not None:
        arrays = movable(example)
        count = sum(arrays[name].size for name in learn.train if name in arrays)
    settings = example.attention
    labels = 0 if learn is None else len(learn.labels)
    if example.readout is not None and example.vocabulary is not None:
        labels = len(example.vocabulary.words)
    return Sizes(len(example.tokens), len(example.keys), settings.heads, settings.kv_heads, leaves, labels, count)
