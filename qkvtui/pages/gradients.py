"""The steps of learning, drawn as what the current cell was computed by: a product, a formula a line, a sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import overload

import numpy as np

from ..engine.arrays import FloatArray
from ..narration.formats import MORE_DIGITS, cell_format, operand_format
from ..narration.numbers import NumberFormat, format_for, number
from ..narration.tells import SLOT
from ..operations.elementwise import Scaled
from ..operations.loss import Probabilities
from ..operations.operation import Drawing
from ..operations.rules import Rule
from ..operations.tensors import Address
from ..trace.addresses import format_address, value_at
from ..trace.labels import labels_of
from ..trace.terms import opened
from ..trace.trace import Trace
from .gradient_products import gradient_product
from .listings import Column, Listing, Marks, bars, fitting_table, lines_in_sight
from .operands import matrix_of, shares_of_words
from .products import product_layout, product_row_layout
from .scene import Scene, ShownNumbers, derived
from .tables import Layout

_SYMBOLS = {"target": "T", "count": "n"}


def learning_drawing(kind: Drawing, scene: Scene, at: Address, *, smallest: bool) -> Layout:
    """A step of learning; of a product only the current row where the `smallest` drawing is asked for."""
    if kind is Drawing.LABELS:
        return _probabilities(scene, at)
    if kind is Drawing.UPDATE:
        return _update(scene, at)
    if kind is Drawing.LOSS:
        return _line_by_line(scene, at, is_sum=True)
    if len(opened(scene.trace, at).groups.lines) != 2:
        return _line_by_line(scene, at)
    product = gradient_product(scene, at)
    return (None if smallest else product_layout(product, scene.room)) or product_row_layout(product, scene.room)


def _probabilities(scene: Scene, at: Address) -> Layout:
    """The labels, with what softmax makes of their logits."""
    room, written = scene.room, NumberFormat(scene.room.digits)
    operation = scene.trace.graph.rows["probabilities"].operation
    assert isinstance(operation, Probabilities)
    source = operation.source
    logits, result = _step_column(scene, source, at), _step_column(scene, "probabilities", at)
    shifted = derived(logits.numbers.values - logits.numbers.values.max(), logits.numbers)
    powers = derived(np.exp(shifted.values), shifted)
    columns = (
        replace(logits, current=""),
        Column(f"{logits.header} − {room.word('maximum')}", shifted, written),
        Column("exp", powers, written, bottom=number(float(powers.values.sum()), room.digits)),
        replace(result, header=f"p = exp ÷ {room.word('total')}", shaded=True, bottom=number(1.0, room.digits)),
    )
    shares = shares_of_words(scene, at)
    return _listing(scene, at, columns, room.word("total"), marks=(bars(result.numbers, room),), shares=shares)


def _update(scene: Scene, at: Address) -> Layout:
    """Every number that moves: as it was, its gradient, and as it is after the update."""
    trace, room, back = scene.trace, scene.room, scene.trace.backward
    operands = tuple(opened(trace, at).operands)
    direction = {"momentum": "u", "adam": "m̂/√v̂"}.get(back.learn.optimizer, room.word("gradient"))
    written = cell_format(trace, operands[2], room.digits)
    fine = format_for(back.gradient, room.digits + MORE_DIGITS)
    moved = scene.format("update")
    columns = (
        *((Column(room.word("gradient"), ShownNumbers(back.gradient), fine),) if back.learn.optimizer != "sgd" else ()),
        Column(room.word("old"), ShownNumbers(back.old), moved),
        Column(direction, ShownNumbers(back.direction), written, sign=f"− {back.learn.rate:g} ×"),
        replace(_step_column(scene, "update", at, down=True), header=room.word("new"), sign="="),
    )
    return _listing(scene, at, columns, labels=_Moving(trace, room.language), line=at.row)


class _Moving(Sequence[str]):
    """The addresses of the numbers that move, each made when it is looked at: there may be many thousands."""

    def __init__(self, trace: Trace, language: str) -> None:
        self._trace, self._language = trace, language

    def __len__(self) -> int:
        return len(self._trace.backward.old)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[one] for one in range(len(self))[index]]
        cell = self._trace.backward.address_of(range(len(self))[index])
        return format_address(self._trace, cell, self._language)


def _line_by_line(scene: Scene, at: Address, *, is_sum: bool = False) -> Layout:
    """A line for each number of the row, with the numbers that make it beside it."""
    found = opened(scene.trace, at)
    result = _step_column(scene, at.name, at)
    if found.rule is Rule.PRODUCT and isinstance(scene.trace.graph.rows[at.name].operation, Scaled):
        score, scale = found.operands
        source = _step_column(scene, score.name, at)
        factor = ShownNumbers(np.full(len(source.numbers.values), scene.trace.value(scale)))
        times = Column(scene.room.word("scale"), factor, NumberFormat(max(4, scene.room.digits)), sign="×")
        return _listing(scene, at, (replace(source, current=""), times, replace(result, sign="=")))
    if found.groups.lines or found.rule in (Rule.GIVEN, Rule.COPY):
        return matrix_of(scene, at)
    if found.rule is Rule.JACOBIAN:
        return _through_softmax(scene, at)
    shares = shares_of_words(scene, at)
    total = scene.room.word("total") if is_sum else ""
    names = labels_of(scene.trace, at.name, scene.room.language, at.head)[1]
    probe = _listed(names, at.column, [result], total, shares=shares)
    lines = range(len(names)) if is_sum else lines_in_sight(probe, scene.room)
    formulas = _formulas(scene.trace, at, lines)
    told = np.zeros(len(names), dtype=np.bool_)
    told[list(lines)] = [any(map(scene.hides, operands)) for operands in formulas]
    shown = replace(result, numbers=result.numbers.veiled(told if told.any() else None))
    if is_sum:
        is_told = shown.numbers.hidden is not None
        bottom = SLOT if is_told else shown.written.text(float(shown.numbers.values.sum()))
        shown = replace(shown, bottom=bottom, summed=True)
    columns = [*_operands(scene, at, formulas, lines, len(names)), shown]
    return _listing(scene, at, columns, total, shares=shares)


def _operands(
    scene: Scene, at: Address, formulas: Sequence[tuple[Address, ...]], lines: Sequence[int], count: int
) -> list[Column]:
    """What the formulas of the `lines` in sight are made of, as far as it differs from line to line."""
    trace, columns = scene.trace, []
    for position in range(max(map(len, formulas))):
        operands = [one[position] if position < len(one) else None for one in formulas]
        is_single = len(set(operands)) == 1 and len(formulas) > 1
        if is_single and (trace.step(at.name).type.learns or operands[0] == Address("epsilon", 0, 0)):
            continue
        first = next(one for one in operands if one is not None)
        values = np.full(count, np.nan)
        values[list(lines)] = [np.nan if one is None else value_at(trace, one) for one in operands]
        written = operand_format(trace, first, scene.room.digits, at.name)
        hidden, mask = scene.mask_of(operands), None
        if hidden is not None:
            mask = np.zeros(count, dtype=np.bool_)
            mask[list(lines)] = hidden
        numbers = ShownNumbers(values).veiled(mask)
        columns.append(Column(_header(scene, first.name), numbers, written))
    return columns


_STAGES = {"mean_": "mean", "variance_": "variance", "mean_square_": "mean_square"}
"""How the stages of a norm are called, by how their names begin."""


def _header(scene: Scene, name: str) -> str:
    """What stands above the numbers of an operand: its name, or the sign of its tensor."""
    if name == "bias":
        return scene.room.word("bias")
    stage = name.rpartition("_")[0] + "_"
    if stage in _STAGES and not scene.trace.has(name) and name in scene.trace.graph.rows:
        return scene.room.word(_STAGES[stage])
    return scene.room.symbols(_symbol(scene.trace, name))


def _formulas(trace: Trace, at: Address, lines: Sequence[int]) -> list[tuple[Address, ...]]:
    """The operands of some numbers of the row; none for one that no formula gives."""
    return [tuple(opened(trace, replace(at, column=line)).operands) for line in lines]


def _through_softmax(scene: Scene, at: Address) -> Layout:
    """Weight × (its gradient − the weighted mean of all gradients), as it is worked out."""
    weights, gradients = (_step_column(scene, name, at) for name in ("weights", "d_weights"))
    shares, of_weights = weights.numbers, gradients.numbers
    mean = np.array([value_at(scene.trace, Address("mean", at.row, 0, at.head))])
    told = shares.hidden is not None or of_weights.hidden is not None
    shown = ShownNumbers(mean).veiled(np.array([True]) if told else None)
    # What is never looked at has no part in the mean.
    products = np.where(shares.values == 0, 0.0, shares.values * np.where(shares.values == 0, 0.0, of_weights.values))
    bottom = shown.written(gradients.written, scene.room)[0]
    columns = (
        replace(weights, current="", shaded=True, written=NumberFormat(scene.room.digits + MORE_DIGITS)),
        replace(gradients, current=""),
        Column(
            scene.room.symbols("A · dA"),
            derived(products, shares, of_weights),
            gradients.written,
            bottom=bottom,
            summed=True,
        ),
        Column(
            f"{scene.room.symbols('dA')} − {scene.room.word('mean')}",
            derived(of_weights.values - shown.values, shares, of_weights),
            gradients.written,
        ),
        replace(_step_column(scene, at.name, at), sign="="),
    )
    return _listing(scene, at, columns, scene.room.word("mean"))


def _step_column(scene: Scene, step_id: str, at: Address, *, down: bool = False) -> Column:
    """A row of a step as a column of a listing; or, `down`, its only column as it is."""
    trace = scene.trace
    head = at.head if trace.step(step_id).type.per_head else 0
    if down:
        values = trace.column(step_id, 0)
        hidden = scene.mask(step_id, 0, ((line, 0) for line in range(len(values))))
        numbers = ShownNumbers(values).veiled(hidden)
    else:
        numbers = scene.row(step_id, at.row, head)
    return Column(
        scene.room.symbols(trace.step(step_id).symbol),
        numbers,
        scene.format(step_id, head),
        lambda line: Address(step_id, *((line, 0) if down else (at.row, line)), head),
        current="rows",
    )


def _symbol(trace: Trace, name: str) -> str:
    if name in _SYMBOLS:
        return _SYMBOLS[name]
    return trace.step(name).symbol if trace.has(name) else name


def _listing(
    scene: Scene,
    at: Address,
    columns: Sequence[Column],
    bottom_label: str = "",
    *,
    labels: Sequence[str] | None = None,
    line: int | None = None,
    marks: Sequence[Marks] = (),
    shares: FloatArray | None = None,
) -> Layout:
    """The listing with what fits of it; a line for each column of the step, unless it has other `labels`."""
    names = labels_of(scene.trace, at.name, scene.room.language, at.head)[1] if labels is None else labels
    at_line = at.column if line is None else line
    return fitting_table(_listed(names, at_line, columns, bottom_label, marks, shares), scene.room)


def _listed(
    names: Sequence[str],
    line: int,
    columns: Sequence[Column],
    bottom_label: str = "",
    marks: Sequence[Marks] = (),
    shares: FloatArray | None = None,
) -> Listing:
    order = None if shares is None else range(len(names))
    return Listing(names, line, columns, marks, order, shares, bottom_label=bottom_label)
