"""Products: of a row with a parameter, of queries with keys, of weights with values, and all gradients of these."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from enum import Enum
from functools import reduce

import numpy as np

from ..engine.arrays import FloatArray, quiet
from ..engine.heads import share_heads, share_heads_backward, split_heads
from ..engine.stored import StoredTable
from ..records import record
from .operation import At, Drawing, Heads, Made, Operation, Plan, joined_heads
from .rules import Rule
from .tensors import Address, Cells, Groups, Line, Opened, Tensors, in_turn


class Of(Enum):
    """Which heads of a tensor a factor is."""

    OWN = "the head's own"
    WIDE = "all heads side by side"
    TALL = "all heads one below the other"
    GROUP = "one below the other those heads that share"


@record(frozen=True)
class Factor:
    """One side of a product: a tensor, maybe turned over, and which of its heads."""

    name: str
    turned: bool = False
    of: Of = Of.OWN
    heads: Heads | None = None
    """How heads stand side by side; only for others than the head's own."""

    @property
    def over(self) -> Factor:
        """The same turned over."""
        return replace(self, turned=not self.turned)

    def width(self, plan: Plan) -> int:
        """How many columns it has, as it stands."""
        columns = plan.shape(self.name)[not self.turned]
        return columns if self.of is not Of.WIDE or self.heads is None else columns * len(self.heads.firsts)

    def array(self, at: At, *, aligned: bool) -> FloatArray:
        """(h, rows, columns); `aligned` with the block's rows, else whole."""
        found = at.rows(self.name) if aligned and not self.turned else at.whole(self.name)
        if self.of is Of.WIDE:
            assert self.heads is not None
            found = joined_heads(found, self.heads)
        if self.of is Of.TALL:
            found = found.reshape(1, -1, found.shape[-1])
        return found.mT if self.turned else found

    def row(self, table: Tensors, index: int, head: int) -> Line:
        """The cells of one row, as the factor stands."""
        return self._down(table, index, head) if self.turned else self._across(table, index, head)

    def column(self, table: Tensors, index: int, head: int) -> Line:
        """The cells of one column, as the factor stands."""
        return self._across(table, index, head) if self.turned else self._down(table, index, head)

    def _across(self, table: Tensors, row: int, head: int) -> Line:
        size = table.size_of(self.name)[1]
        if self.of is Of.WIDE:
            assert self.heads is not None
            return in_turn(Cells(self.name, size, row=row, head=one) for one in self.heads.firsts)
        return Cells(self.name, size, row=row, head=head if table.per_head(self.name) else 0)

    def _down(self, table: Tensors, column: int, head: int) -> Line:
        size = table.size_of(self.name)[0]
        if self.of is Of.WIDE:
            assert self.heads is not None
            head, column = self.heads.place(column)
        elif self.of in (Of.TALL, Of.GROUP):
            assert self.heads is not None
            sharing = range(self.heads.count) if self.of is Of.TALL else self.heads.sharing(head)
            return in_turn(Cells(self.name, size, column=column, head=one) for one in sharing)
        return Cells(self.name, size, column=column, head=head if table.per_head(self.name) else 0)


Pair = tuple[Factor, Factor]


@record(frozen=True)
class Product(Operation):
    """left (r, n) · right (n, c) + bias, or the sum of several such products.

    With `split`, the columns of the result are divided among heads, and shared within a group.
    """

    pairs: tuple[Pair, ...]
    bias: str | None = None
    split: Heads | None = None
    drawing: Drawing = Drawing.GRADIENT
    """A product is drawn by what it is for."""

    @property
    def sources(self) -> tuple[str, ...]:
        """All factors, then the bias."""
        names = [factor.name for pair in self.pairs for factor in pair]
        return (*names, *([] if self.bias is None else [self.bias]))

    @quiet
    def numbers(self, at: At) -> FloatArray:
        """The products added up from the last one on."""
        products = [self._product(at, left, right) for left, right in self.pairs]
        found = reduce(lambda total, one: one + total, reversed(products))
        if self.bias is not None:
            found = found + at.whole(self.bias)
        if self.split is None:
            return found
        return share_heads(split_heads(found[0], self.split.count // self.split.group), self.split.count)

    def _product(self, at: At, left: Factor, right: Factor) -> FloatArray:
        one, stored = left.array(at, aligned=True), at.table(right.name)
        if stored is not None:
            return stored.compared(one)
        other = right.array(at, aligned=False)
        product: FloatArray = one @ (other[0] if len(other) == 1 else other)
        if left.of is Of.GROUP:
            assert left.heads is not None
            groups = left.heads.count // left.heads.group
            product = share_heads(share_heads_backward(product, groups), left.heads.count)
        return product

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """A row of the left side with a column of the right side, and the bias."""
        column = cell.column if self.split is None else self.split.column(cell.head, cell.column)
        left = in_turn(one.row(table, cell.row, cell.head) for one, _ in self.pairs)
        right = in_turn(other.column(table, column, cell.head) for _, other in self.pairs)
        more = () if self.bias is None else ((Address(self.bias, 0, column),),)
        return Opened(cell, Rule.SUM, Groups((left, right), more))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`X W_Q + b_Q`; turned over, the factors change sides and only parameters get a ᵀ."""
        left, right = self.pairs[0]
        signs = [_sign(factor, plan, in_columns) for factor in ((right, left) if in_columns else (left, right))]
        more = "" if len(self.pairs) == 1 else " + …"
        return f"{' '.join(signs)}{more}{'' if self.bias is None else f' + {self.bias}'}"

    def width(self, plan: Plan) -> int:
        """The columns of the right side, or one head's."""
        columns = self.pairs[0][1].width(plan)
        return columns if self.split is None else self.split.width

    def group(self, plan: Plan) -> int:
        """What the columns are shared by."""
        return 1 if self.split is None else self.split.group

    def back(self, plan: Plan, made: str, gradient: str) -> Iterator[tuple[str, Operation]]:
        """Of C = A B: dA = dC Bᵀ and dB = Aᵀ dC; a bias gets the sum of the rows."""
        heads = self.split or plan.heads_of(made)
        for left, right in self.pairs:
            result = Factor(gradient) if self.split is None else Factor(gradient, of=Of.WIDE, heads=self.split)
            yield left.name, self._back_to(plan, left, (result, right.over))
            yield right.name, self._back_to(plan, right, (left.over, result))
        if self.bias is not None:
            whole = Factor(gradient) if heads is None else Factor(gradient, of=Of.WIDE, heads=heads)
            yield self.bias, Total(whole)

    def _back_to(self, plan: Plan, factor: Factor, pair: Pair) -> Operation:
        if factor.turned:  # (dC Bᵀ)ᵀ = B dCᵀ
            pair = (pair[1].over, pair[0].over)
        heads = plan.heads_of(factor.name)
        if heads is not None and heads.group > 1:  # a shared key or value gets what every head that uses it sends
            pair = (replace(pair[0], of=Of.GROUP, heads=heads), replace(pair[1], of=Of.GROUP, heads=heads))
        elif heads is None and self.split is None and plan.heads_of(pair[0].name) is not None:
            pair = self._over_all_heads(plan, pair)
        return Product((pair,))

    def _over_all_heads(self, plan: Plan, pair: Pair) -> Pair:
        """What all heads use in common gets what each of them sends."""
        heads = plan.heads_of(pair[0].name)
        return replace(pair[0], of=Of.TALL, heads=heads), replace(pair[1], of=Of.TALL, heads=heads)

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        """|left|·δright + δleft·|right| + δleft·δright."""
        total: FloatArray | None = None
        for left, right in self.pairs:
            values, doubt = _Given(at, np.abs), _Given(at, lambda array: np.zeros_like(array), of)
            terms = (
                self._mixed(values, doubt, left, right)
                + self._mixed(doubt, values, left, right)
                + self._mixed(doubt, doubt, left, right)
            )
            total = terms if total is None else total + terms
        assert total is not None
        if self.bias is not None and self.bias in of:
            total = total + of[self.bias]
        if self.split is None:
            return total
        return share_heads(split_heads(total[0], self.split.count // self.split.group), self.split.count)

    def _mixed(self, on_left: At, on_right: At, left: Factor, right: Factor) -> FloatArray:
        one, other = left.array(on_left, aligned=True), right.array(on_right, aligned=False)
        product: FloatArray = one @ (other[0] if len(other) == 1 else other)
        return product


@record(frozen=True)
class Total(Operation):
    """Σ of the rows of a tensor: what a bias gets back."""

    summed: Factor

    @property
    def sources(self) -> tuple[str, ...]:
        """What is added up."""
        return (self.summed.name,)

    def numbers(self, at: At) -> FloatArray:
        """(1, 1, columns)."""
        found: FloatArray = self.summed.array(at, aligned=False).sum(axis=-2, keepdims=True)
        return found

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The numbers of the column."""
        return Opened(cell, Rule.SUM, Groups((self.summed.column(table, cell.column, cell.head),)))

    def width(self, plan: Plan) -> int:
        """As many as are added up."""
        return self.summed.width(plan)

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`Σ dQ`."""
        return f"Σ {plan.symbol(self.summed.name)}"


class _Given:
    """A block with other numbers in it: of the tensors that are named those, of the others what `other` makes."""

    def __init__(
        self, at: At, other: Callable[[FloatArray], FloatArray], named: Mapping[str, FloatArray] | None = None
    ) -> None:
        self._at, self._other, self._named = at, other, named or {}

    @property
    def slice(self) -> slice:
        return self._at.slice

    def rows(self, name: str) -> FloatArray:
        return self._named[name] if name in self._named else self._other(self._at.rows(name))

    def whole(self, name: str) -> FloatArray:
        return self._named[name] if name in self._named else self._other(self._at.whole(name))

    def table(self, name: str) -> StoredTable | None:
        return None

    def number(self, name: str) -> float:
        return self._at.number(name)

    def once(self, name: object, make: Callable[[], Made]) -> Made:
        return make()


def _sign(factor: Factor, plan: Plan, in_columns: bool) -> str:
    turned = factor.turned is not (in_columns and plan.is_parameter(factor.name))
    return f"{plan.symbol(factor.name)}{'ᵀ' if turned else ''}"
