"""The steps of learning, drawn as what the current cell was computed by: a product, a formula a line, a sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import overload

import numpy as np

from ..engine.arrays import FloatArray
from ..narration.formats import MORE_DIGITS, cell_format, operand_format, step_format
from ..narration.numbers import NumberFormat, format_for, number
from ..operations.rules import Rule
from ..operations.tensors import Address
from ..trace.addresses import format_address, labels_of, value_at
from ..trace.changes import row_before
from ..trace.terms import opened
from ..trace.trace import Trace
from ..trace.walk import Place
from .blocks import Block, left_cell
from .gradient_products import gradient_product
from .listings import Column, Listing, Marks, listing_block
from .look import SLOT, Look
from .matrix_steps import matrix_of
from .products import product_block, product_row_block

_SYMBOLS = {"target": "T", "count": "n"}
_BAR = 20


def gradient(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    """A gradient: the whole product it comes from where it fits, or its row, a formula for each number."""
    if len(opened(trace, at).groups.lines) == 2:
        product = gradient_product(trace, at, look)
        return product_block(product, look) or product_row_block(product, look)
    return _line_by_line(trace, at, look)


def gradient_row(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    """Only the current row of it."""
    if len(opened(trace, at).groups.lines) == 2:
        return product_row_block(gradient_product(trace, at, look), look)
    return _line_by_line(trace, at, look)


def loss(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    """The parts of the loss of one query's row, and what they add up to."""
    return _line_by_line(trace, at, look, bottom=True)


def probabilities(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    """The labels, with what softmax makes of their logits."""
    logits, result = _step_column(trace, "logits", at, look), _step_column(trace, "probabilities", at, look)
    shifted = logits.values - logits.values.max()
    powers = np.exp(shifted)
    written = NumberFormat(look.digits)
    total = number(float(powers.sum()), look.digits)
    columns = (
        replace(logits, current=False),
        Column("Z − max", shifted, written),
        Column("exp", powers, written, bottom=total),
        replace(result, header=f"p = exp ÷ {look.word('total')}", shaded=True, bottom=number(1.0, look.digits)),
    )
    return _narrowed(trace, at, columns, look, look.word("total"), marks=(_bars(result.values, look),))


def update(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    """Every number that moves: as it was, its gradient, and as it is after the update."""
    back = trace.backward
    operands = tuple(opened(trace, at).operands)
    direction = {"momentum": "u", "adam": "m̂/√v̂"}.get(back.learn.optimizer, look.word("gradient"))
    written = cell_format(trace, operands[2], look.digits)
    gradients = Column(look.word("gradient"), back.gradient, format_for(back.gradient, look.digits + MORE_DIGITS))
    moved = step_format(trace, "update", 0, look.digits)
    columns = (
        *((gradients,) if back.learn.optimizer != "sgd" else ()),
        Column(look.word("old"), back.old, moved),
        Column(direction, back.direction, written, sign=f"− {back.learn.rate:g} ×"),
        replace(_step_column(trace, "update", at, look, down=True), header=look.word("new"), sign="="),
    )
    return _narrowed(trace, at, columns, look, labels=_Moving(trace), line=at.row)


class _Moving(Sequence[str]):
    """The addresses of the numbers that move, each made when it is looked at: there may be many thousands."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def __len__(self) -> int:
        return len(self._trace.backward.old)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[one] for one in range(len(self))[index]]
        return format_address(self._trace, Address(*self._trace.backward.entry(range(len(self))[index])))


def _line_by_line(trace: Trace, at: Address, look: Look, bottom: bool = False) -> Block:
    """A line for each number of the row, with the numbers that make it beside it."""
    found = opened(trace, at)
    if found.rule is Rule.PRODUCT:
        score, scale = found.operands
        source = _step_column(trace, score.name, at, look)
        factor = np.full(len(source.values), trace.value(scale))
        times = Column("scale", factor, NumberFormat(max(4, look.digits)), sign="×")
        return _narrowed(trace, at, (replace(source, current=False), times, _result(trace, at, look, "=")), look)
    if found.groups.lines or found.rule in (Rule.GIVEN, Rule.COPY):
        return matrix_of(trace, at, look)
    if found.rule is Rule.JACOBIAN:
        return _through_softmax(trace, at, look)
    result = _result(trace, at, look)
    formulas = _formulas(trace, at)
    told = {line for line, operands in enumerate(formulas) if any(map(look.hides_cell, operands))}
    own = {column for column in range(len(formulas)) if look.hides_cell(replace(at, column=column))}
    columns = [*_operands(trace, at, look), replace(result, hides=lambda line: line in told | own)]
    if not bottom:
        return _narrowed(trace, at, columns, look)
    total = float(columns[-1].values.sum())
    columns[-1] = replace(
        result if not told | own else columns[-1], bottom=_unless(told | own, result, total), summed=True
    )
    return _narrowed(trace, at, columns, look, look.word("total"))


def _unless(hidden: set[int], column: Column, total: float) -> str:
    """A sum, or a blank where one of its numbers is hidden."""
    return SLOT if hidden else column.written.text(total)


def _operands(trace: Trace, at: Address, look: Look) -> list[Column]:
    """What the formulas of a row are made of, as far as it differs from line to line."""
    rows = _formulas(trace, at)
    columns = []
    for position in range(max(map(len, rows))):
        operands = [one[position] if position < len(one) else None for one in rows]
        if len(set(operands)) == 1 and len(rows) > 1 and trace.step(at.name).type.learns:
            continue
        first = next(one for one in operands if one is not None)
        values = np.array([np.nan if one is None else value_at(trace, one) for one in operands])
        written = operand_format(trace, first, look.digits, at.name)
        columns.append(Column(_symbol(trace, first.name), values, written, hides=_hidden_among(operands, look)))
    return columns


def _formulas(trace: Trace, at: Address) -> list[tuple[Address, ...]]:
    """The operands of each number of the row; none for one that no formula gives."""
    return [tuple(opened(trace, replace(at, column=column)).operands) for column in range(trace.step(at.name).shape[1])]


def _hidden_among(operands: Sequence[Address | None], look: Look) -> Callable[[int], bool]:
    def hides(line: int) -> bool:
        operand = operands[line]
        return operand is not None and look.hides_cell(operand)

    return hides


def _through_softmax(trace: Trace, at: Address, look: Look) -> Block:
    """Weight × (its gradient − the weighted mean of all gradients), as it is worked out."""
    weights = _step_column(trace, "weights", at, look)
    gradients = _step_column(trace, "d_weights", at, look)
    mean = value_at(trace, Address("mean", at.row, 0, at.head))
    written = gradients.written
    columns = (
        replace(weights, current=False, shaded=True, written=NumberFormat(look.digits + MORE_DIGITS)),
        replace(gradients, current=False),
        Column("A · dA", _times(weights.values, gradients.values), written, bottom=written.text(mean), summed=True),
        Column(f"dA − {look.word('mean')}", gradients.values - mean, written),
        _result(trace, at, look, "="),
    )
    return _narrowed(trace, at, columns, look, look.word("mean"))


def _times(weights: FloatArray, gradients: FloatArray) -> FloatArray:
    """The products, 0 where a weight is 0: what is never looked at has no part in the mean."""
    return np.where(weights == 0, 0.0, weights * np.where(weights == 0, 0.0, gradients))


def _result(trace: Trace, at: Address, look: Look, sign: str = "") -> Column:
    return replace(_step_column(trace, at.name, at, look), sign=sign)


def _step_column(trace: Trace, step_id: str, at: Address, look: Look, *, down: bool = False) -> Column:
    """A row of a step as a column of a listing; or, `down`, its only column as it is."""
    head = at.head if trace.step(step_id).type.per_head else 0
    values = trace.column(step_id, 0) if down else trace.row(step_id, at.row, head)
    return Column(
        trace.step(step_id).symbol,
        values,
        step_format(trace, step_id, head, look.digits),
        before=None if down else row_before(trace, step_id, at.row, head),
        name=step_id,
        at=(lambda line: (line, 0)) if down else (lambda line: (at.row, line)),
        head=head,
        current=True,
    )


def _symbol(trace: Trace, name: str) -> str:
    if name in _SYMBOLS:
        return _SYMBOLS[name]
    return trace.step(name).symbol if trace.has(name) else name


def _bars(shares: FloatArray, look: Look) -> Marks:
    return Marks("", lambda line: left_cell(" " + look.signs("█") * round(_BAR * float(shares[line]))))


def _narrowed(
    trace: Trace,
    at: Address,
    columns: Sequence[Column],
    look: Look,
    bottom_label: str = "",
    *,
    labels: Sequence[str] | None = None,
    line: int | None = None,
    marks: Sequence[Marks] = (),
) -> Block:
    """The listing with as many of its columns as fit, the last ones longest."""
    names = labels_of(trace, at.name)[1] if labels is None else labels
    shown, kept = list(columns), list(marks)
    while True:
        drawn = listing_block(
            Listing(names, at.column if line is None else line, shown, kept, bottom_label=bottom_label), look
        )
        if drawn.width <= look.width or (not kept and len(shown) == 1):
            return drawn
        if kept:
            kept.pop()
        else:
            shown.pop(0)
