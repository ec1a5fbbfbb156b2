"""What every operation says of itself: its numbers, what one cell is made of, its gradient, its formula."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import ClassVar, Protocol, TypeVar

import numpy as np

from ..engine.arrays import FloatArray
from ..engine.stored import StoredTable
from ..records import record
from .tensors import Address, Axis, Opened, Tensors

Made = TypeVar("Made")


class Drawing(Enum):
    """The few ways in which a step is drawn."""

    GIVEN = "given"
    PROJECTION = "projection"
    SCORES = "scores"
    SCALE = "scale"
    MASK = "mask"
    SOFTMAX = "softmax"
    WEIGHTED_SUM = "weighted sum"
    CONCATENATION = "concatenation"
    SUMMARY = "summary"
    TOLD = "only told"
    LABELS = "probabilities of labels"
    LOSS = "loss"
    ELEMENTWISE = "a formula for each number"
    GRADIENT = "gradient"
    UPDATE = "update"


class At(Protocol):
    """The rows of a graph that are being worked: those of a block of queries, or all of them.

    Arrays are (h, rows, columns), with h = 1 for a tensor that is no single head's.
    """

    @property
    def slice(self) -> slice:
        """Which queries the block is of."""

    def rows(self, name: str) -> FloatArray:
        """The rows of this block; of a tensor whose rows are no queries, all."""

    def whole(self, name: str) -> FloatArray:
        """All rows."""

    def table(self, name: str) -> StoredTable | None:
        """A parameter that has a row for each word and stays in its file; None for any other."""

    def number(self, name: str) -> float:
        """A setting that is one number."""

    def once(self, name: object, make: Callable[[], Made]) -> Made:
        """What `make` gives, made only once for this block."""


class Plan(Protocol):
    """What an operation has to know of the graph it stands in."""

    def symbol(self, name: str) -> str:
        """The sign of a tensor (`S′`)."""

    def is_parameter(self, name: str) -> bool:
        """Whether it is a parameter, which is never turned over on a page."""

    def operation(self, name: str) -> Operation | None:
        """What makes a tensor; None for what nothing makes."""

    def heads_of(self, name: str) -> Heads | None:
        """How its columns are divided among heads; None for a tensor that is no single head's."""

    def shape(self, name: str) -> tuple[int, int]:
        """(rows, columns), in one head."""


@record(frozen=True)
class Heads:
    """Heads side by side: head i owns the columns i·width … (i+1)·width, and `group` query heads in turn share one."""

    count: int
    """h, the query heads."""
    group: int
    """Query heads that share the same numbers: 1, or more for the keys and values of grouped-query attention."""
    width: int

    @property
    def firsts(self) -> range:
        """The first query head of each group."""
        return range(0, self.count, self.group)

    def sharing(self, head: int) -> range:
        """The query heads that share this one's numbers."""
        first = head // self.group * self.group
        return range(first, first + self.group)

    def column(self, head: int, column: int) -> int:
        """Where a head's column stands, side by side."""
        return head // self.group * self.width + column

    def place(self, column: int) -> tuple[int, int]:
        """(first query head, column there) of a column side by side."""
        head, column = divmod(column, self.width)
        return head * self.group, column


@record(frozen=True)
class Extra:
    """A tensor behind a step that is no step itself: a stage of softmax, a setting, what an optimiser remembers."""

    name: str
    operation: Operation
    rows: Axis = Axis.ONE
    columns: Axis = Axis.ONE
    per_head: bool = False
    is_setting: bool = False
    """Whether a setting gives it: it is no number that a learner would look behind."""
    is_gradient: bool = False
    """Whether its numbers are gradients: small, many of them 0."""


class Operation(ABC):
    """One way of making a tensor from others. Subclasses are frozen dataclasses, so that equal ones compare equal."""

    drawing: Drawing = Drawing.GRADIENT
    passes_gradient: ClassVar[bool] = False
    """Whether the gradient by the (first) source is that by the result, unchanged."""

    @property
    @abstractmethod
    def sources(self) -> tuple[str, ...]:
        """The tensors it is made of."""

    @abstractmethod
    def numbers(self, at: At) -> FloatArray:
        """(h, rows, columns): the rows of a block, or all rows."""

    @abstractmethod
    def opened(self, table: Tensors, cell: Address) -> Opened:
        """What the number at `cell` was computed from."""

    @abstractmethod
    def formula(self, plan: Plan, in_columns: bool) -> str:
        """What stands behind the = of its formula, for tokens as rows or as columns."""

    def equation(self, plan: Plan, symbol: str, in_columns: bool = False) -> str:
        """The whole formula; only the sign of what nothing is computed for."""
        formula = self.formula(plan, in_columns)
        return f"{symbol} = {formula}" if formula else symbol

    def width(self, plan: Plan) -> int:
        """How many columns it has in one head, where those are features; those of its first source."""
        return plan.shape(self.sources[0])[1]

    def group(self, plan: Plan) -> int:
        """Query heads that share the same numbers, where each head has its own."""
        return 1

    def back(self, plan: Plan, made: str, gradient: str) -> Iterator[tuple[str, Operation]]:
        """For each source, how its gradient is made from `gradient`, that by the result `made`; none where constant."""
        return iter(())

    def extras(self) -> tuple[Extra, ...]:
        """The tensors behind it that have addresses of their own."""
        return ()

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        """How far each number may be off, to first order and a little more, where its sources may be off by `of`."""
        raise NotImplementedError(f"{type(self).__name__} carries no doubt")


def same(name: str, cell: Address, table: Tensors) -> Address:
    """The cell at the same place in another tensor."""
    return Address(name, cell.row, cell.column, cell.head if table.per_head(name) else 0)


def joined_heads(array: FloatArray, heads: Heads) -> FloatArray:
    """(h, r, d) → (1, r, g·d): one head of each group, side by side."""
    apart = array[list(heads.firsts)] if heads.group > 1 else array
    groups, rows, width = apart.shape
    side_by_side: FloatArray = np.moveaxis(apart, 0, 1).reshape(1, rows, groups * width)
    return side_by_side


def shared_as(plan: Plan, name: str) -> int:
    """Query heads that share the numbers of a tensor, where each head has its own."""
    heads = plan.heads_of(name)
    return 1 if heads is None else heads.group
