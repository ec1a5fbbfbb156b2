"""How the numbers of a step or of one cell are written: the same in its table, its arithmetic and its sentences."""

from __future__ import annotations

import numpy as np

from ..engine.arrays import FloatArray
from ..operations.tensors import Address, Axis, Cells, Line
from ..trace.addresses import at_layer_of, value_at
from ..trace.before import value_before
from ..trace.published import disagreeing
from ..trace.trace import Trace
from .numbers import NumberFormat, decimals_of, digits_apart, format_for

MORE_DIGITS = 2
"""Gradients are small: they are shown with more decimals than what they change."""
_WRITTEN_OUT = 1e-3
"""A smaller ε is written with an exponent."""
NOTHING = 1e-12
"""A gradient that is only rounding pulls nowhere."""


def more_digits(trace: Trace, name: str) -> int:
    """How many more decimals than asked for the numbers of a step are shown with."""
    return MORE_DIGITS if trace.has(name) and trace.is_gradient(name) else 0


def telling_digits(trace: Trace, step: str, head: int, digits: int) -> int:
    """With how many decimals, at least `digits`, no number of a step looks like a printed one that it is not."""
    return max((digits_apart(*pair, digits) for pair in disagreeing(trace, step, head)), default=digits)


def cell_format(trace: Trace, cell: Address, digits: int) -> NumberFormat:
    """The format of the row a cell stands in: the same that its table uses, unless that hides a small gradient."""
    trace, cell = at_layer_of(trace, cell)
    if trace.is_leaf(cell.name):
        return leaf_format(trace, cell.name, digits)
    if trace.graph.rows[cell.name].is_step:
        written = step_format(trace, cell.name, cell.head, digits)
    else:
        written = _derived_format(trace, cell, digits)
    return _finer(trace, cell, written) if trace.is_gradient(cell.name) and not written.exponent else written


def _finer(trace: Trace, cell: Address, written: NumberFormat) -> NumberFormat:
    """With more decimals where a gradient would read as 0 that is not, or an update as none."""
    value = value_at(trace, cell)
    if cell.name == "update":
        old = float(trace.backward.old[cell.row])
        return NumberFormat(digits_apart(old, value, written.decimals))
    hidden = abs(value) > NOTHING and not written.text(value).strip("-0.")
    return NumberFormat(decimals_of(value)) if hidden else written


def leaf_format(trace: Trace, name: str, digits: int, *, with_before: bool = False) -> NumberFormat:
    """How the numbers of an input or a parameter are written, or these and those before the last change."""
    before = trace.compared_to if with_before else None
    return trace.once(("written", name, digits, with_before), lambda: _leaf_format(trace, before, name, digits))


def _leaf_format(trace: Trace, before: Trace | None, name: str, digits: int) -> NumberFormat:
    samples = [one.leaf_sample(name) for one in (trace, before) if one is not None and one.is_leaf(name)]
    return format_for(np.concatenate([sample.ravel() for sample in samples]), digits)


def line_format(trace: Trace, line: Line, digits: int) -> NumberFormat:
    """How the numbers of a row or column are written; of several in turn all alike, whichever heads they are of."""
    if isinstance(line, Cells):
        return cell_format(trace, line[0], digits)
    more = MORE_DIGITS if trace.is_gradient(line.name) else 0
    return format_for(np.concatenate([_all_of(trace, part).ravel() for part in line.parts]), digits + more)


def _all_of(trace: Trace, part: Cells) -> FloatArray:
    return trace.leaf_sample(part.name) if trace.is_leaf(part.name) else trace.matrix(part.name, part.head)


def operand_format(trace: Trace, operand: Address, digits: int, of: str) -> NumberFormat:
    """How a number is written in the formula of a number of the step `of`: as finely as that where it is a gradient."""
    if not trace.is_gradient(of) or trace.is_leaf(operand.name):
        return cell_format(trace, operand, digits)
    if operand.name in ("rate", "count"):
        return NumberFormat(_decimals(value_at(trace, operand)))
    return cell_format(trace, operand, digits if trace.is_gradient(operand.name) else digits + MORE_DIGITS)


def _decimals(value: float) -> int:
    """As many as a setting was written with."""
    return len(f"{value:.12f}".rstrip("0").partition(".")[2])


def _derived_format(trace: Trace, cell: Address, digits: int) -> NumberFormat:
    row = trace.graph.rows[cell.name]
    match cell.name:
        case "exp" | "sum" | "max" | "exp_sink" | "word_exp" | "word_sum" | "word_max":
            return NumberFormat(digits)
        case "epsilon":
            value = value_at(trace, cell)
            return NumberFormat(_decimals(value)) if value >= _WRITTEN_OUT else NumberFormat(0, exponent=True)
        case "cos" | "sin":
            return NumberFormat(max(4, digits))
        case "softcap" | "bias" | "target" | "count" | "rate":
            return format_for([value_at(trace, cell)], digits)
        case "m_share" | "v_share":
            return format_for([value_at(trace, cell)], max(digits, 4))
        case "mean":
            return step_format(trace, "d_weights", cell.head, digits)
        case _ if row.is_setting and not row.learns:  # one number, or a table of them
            return NumberFormat(digits if trace.labels(cell.name) else max(4, digits))
        case _ if not row.learns:
            return format_for(trace.row(cell.name, cell.row, cell.head), digits)
        case _ if row.rows is not Axis.ENTRY:
            return format_for(trace.row(cell.name, cell.row, cell.head), digits + MORE_DIGITS)
        case _:
            return format_for(trace.backward.gradient, digits + MORE_DIGITS)


def text_before(trace: Trace, cell: Address, digits: int) -> str | None:
    """The cell as it was before the last change, where that changed it visibly."""
    before = value_before(trace, cell)
    if before is None:
        return None
    written = cell_format(trace, cell, digits)
    old, new = written.text(before), written.text(value_at(trace, cell))
    return old if old != new else None


def step_format(trace: Trace, step_id: str, head: int, digits: int) -> NumberFormat:
    """One format for a whole step; a long step is judged by its first rows, one of learning by all of them."""
    return trace.once(("written", step_id, head, digits), lambda: _step_format(trace, step_id, head, digits))


def _step_format(trace: Trace, step_id: str, head: int, digits: int) -> NumberFormat:
    digits = telling_digits(trace, step_id, head, digits + more_digits(trace, step_id))
    if step_id == "weights":
        return NumberFormat(digits)
    step = trace.step(step_id)
    rows, columns = step.shape
    if step.type.learns:  # whose first rows may be nothing but zeros
        return format_for(trace.matrix(step_id, head), digits)
    sample = range(min(rows, max(1, 4096 // columns)))
    found = [trace.row(step_id, row, head) for row in sample]
    before = trace.compared_to
    if before is not None and before.has(step_id) and before.step(step_id).shape == step.shape:
        found += [before.row(step_id, row, head) for row in sample]  # both stand beside each other: 0.99 → 0.00
    return format_for(np.concatenate(found), digits)
