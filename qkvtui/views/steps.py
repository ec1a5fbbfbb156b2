"""A step's drawing, chosen by what the step does: full where there is room, else the query's row or a window."""

from __future__ import annotations

from collections.abc import Callable

from ..operations.operation import Drawing
from ..operations.tensors import Address, Axis
from ..trace.addresses import is_behind_step, leaf_array
from ..trace.terms import projection_source
from ..trace.trace import Trace
from ..trace.walk import Place, cell_of, step_at
from . import gradients, matrix_steps, row_steps
from .blocks import Block
from .look import Look
from .products import fits

Draw = Callable[[Trace, Place, Address, Look], Block]


def step_block(trace: Trace, place: Place, look: Look) -> Block:
    """The drawing of the step one is at, no wider than the room `look` gives, and no higher where that can be.

    Only the query's row where the rows of all queries are hidden.
    """
    if look.hidden and _hides_all_queries(trace, place, look):
        return row_block(trace, place, look)
    drawn = _BY_KIND[step_at(trace, place).type.kind](trace, place, cell_of(trace, place), look)
    return drawn if drawn.width <= look.width else row_block(trace, place, look)


def _hides_all_queries(trace: Trace, place: Place, look: Look) -> bool:
    """Whether a matrix with a row for each query, in the drawing of this step, is hidden altogether."""
    step = step_at(trace, place)
    if step.type.rows is not Axis.QUERY or step.type.kind not in _SMALLEST:
        return False
    source = step.type.operation.sources[0] if step.type.kind is Drawing.SCORES else projection_source(trace, step.id)
    names = [step.id] if source is None else [step.id, source]
    return any(look.hidden.covers(name, head) for name in names for head in {0, place.head})


def row_block(trace: Trace, place: Place, look: Look) -> Block:
    """The smallest drawing of the step: only the row of the current cell, and that in a window if need be.

    Where not even what it was computed from fits, the step's own numbers: at least three lines.
    """
    kind, at = step_at(trace, place).type.kind, cell_of(trace, place)
    drawn = _SMALLEST.get(kind, _BY_KIND[kind])(trace, place, at, look)
    return drawn if fits(drawn, look) else matrix_steps.matrix_of(trace, at, look)


def cell_block(trace: Trace, place: Place, cell: Address, look: Look) -> Block:
    """The drawing in which a cell stands, wherever that is: a step, a stage of softmax, an input or a parameter."""
    if leaf_array(trace, cell.name) is not None:
        return matrix_steps.parameter(trace, cell, look)
    if cell.name == "scale":
        return row_steps.scaling(trace, place, Address("scale", place.query, place.key, place.head), look)
    if cell.name in _BY_NAME:
        return _BY_NAME[cell.name](trace, place, cell, look)
    if is_behind_step(trace, cell.name):  # drawn with the step at which it is seen
        return _BY_KIND[step_at(trace, place).type.kind](trace, place, cell_of(trace, place), look)
    return _BY_KIND[trace.step(cell.name).type.kind](trace, place, cell, look)


_BY_KIND: dict[Drawing, Draw] = {
    Drawing.GIVEN: matrix_steps.given,
    Drawing.PROJECTION: matrix_steps.projected,
    Drawing.SCORES: row_steps.scores,
    Drawing.SCALE: row_steps.scaling,
    Drawing.MASK: row_steps.masking,
    Drawing.SOFTMAX: row_steps.softmax,
    Drawing.WEIGHTED_SUM: row_steps.weighted_sum,
    Drawing.CONCATENATION: matrix_steps.concatenation,
    Drawing.SUMMARY: row_steps.summary,
    Drawing.LABELS: gradients.probabilities,
    Drawing.LOSS: gradients.loss,
    Drawing.ELEMENTWISE: gradients.gradient,
    Drawing.GRADIENT: gradients.gradient,
    Drawing.UPDATE: gradients.update,
}

_SMALLEST: dict[Drawing, Draw] = {
    Drawing.PROJECTION: matrix_steps.projected_row,
    Drawing.SCORES: row_steps.score_listing,
    Drawing.ELEMENTWISE: gradients.gradient_row,
    Drawing.GRADIENT: gradients.gradient_row,
}

_BY_NAME: dict[str, Draw] = {
    "exp": row_steps.softmax,
    "sum": row_steps.softmax,
    "max": row_steps.softmax,
    "mask": row_steps.masking,
}
