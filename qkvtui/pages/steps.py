"""A step's drawing, chosen by what the step does: full where there is room, else the query's row or a window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..operations.operation import Drawing
from ..operations.tensors import Address, Axis
from ..trace.addresses import is_behind_step
from ..trace.terms import projection_source
from . import row_steps
from .matrices import matrix_table, matrix_that_fits
from .operands import head_columns, leaf_matrix, matrix_of, projection, step_matrix
from .products import product_layout, product_row_layout
from .scene import Scene
from .tables import Layout, beside, fits, gap
from .windows import whole

Draw = Callable[[Scene, Address], Layout]

_LARGEST_MATRIX = 64


def step_drawing(scene: Scene) -> Layout:
    """The drawing of the step one is at, no wider than its room, and no higher where that can be.

    Only the query's row where the rows of all queries are hidden.
    """
    if scene.room.hidden and _hides_all_queries(scene):
        return row_drawing(scene)
    drawn = _drawn(scene.step.type.kind, scene, scene.at)
    return drawn if drawn.width <= scene.room.width else row_drawing(scene)


def _hides_all_queries(scene: Scene) -> bool:
    """Whether a matrix with a row for each query, in the drawing of this step, is hidden altogether."""
    step = scene.step
    if step.type.rows is not Axis.QUERY or step.type.kind not in (*_SMALLEST, Drawing.GRADIENT):
        return False
    of_scores = step.type.kind is Drawing.SCORES
    source = step.type.operation.sources[0] if of_scores else projection_source(scene.trace, step.id)
    names = [step.id] if source is None else [step.id, source]
    return any(scene.room.hidden.covers(name, head) for name in names for head in {0, scene.place.head})


def row_drawing(scene: Scene) -> Layout:
    """The smallest drawing of the step: only the row of the current cell, and that in a window if need be.

    Where not even what it was computed from fits, the step's own numbers: at least three lines.
    """
    kind, at = scene.step.type.kind, scene.at
    drawn = _SMALLEST[kind](scene, at) if kind in _SMALLEST else _drawn(kind, scene, at, smallest=True)
    return drawn if fits(drawn, scene.room) else matrix_of(scene, at)


def cell_drawing(scene: Scene, cell: Address) -> Layout:
    """The drawing in which a cell stands, wherever that is: a step, a stage of softmax, an input or a parameter."""
    if scene.trace.is_leaf(cell.name):
        return matrix_that_fits(leaf_matrix(scene, cell.name, cell.head), cell, scene.room)
    if cell.name == "scale":
        return row_steps.scaling(scene, Address("scale", scene.place.query, scene.place.key, scene.place.head))
    if cell.name in _BY_NAME:
        return _BY_NAME[cell.name](scene, cell)
    if is_behind_step(scene.trace, cell.name):  # drawn with the step at which it is seen
        return _drawn(scene.step.type.kind, scene, scene.at)
    return _drawn(scene.trace.step(cell.name).type.kind, scene, cell)


def matrix_of_all(scene: Scene) -> Layout | None:
    """The step's numbers of all queries as one matrix, weights shaded; or None where it does not fit."""
    shape, place = scene.trace.shape, scene.place
    if max(shape.queries, shape.keys) > _LARGEST_MATRIX:
        return None
    matrix = step_matrix(scene, scene.step.id, place.head)
    matrix = replace(matrix, marked_row=place.query, marked_column=place.key)
    rows, columns = (whole(count) for count in matrix.shape)
    drawn = matrix_table(matrix, rows, columns, scene.room)
    return drawn if fits(drawn, scene.room) else None


def _given(scene: Scene, at: Address) -> Layout:
    """X, and Y beside it where there is a context."""
    x = matrix_of(scene, at)
    other = scene.room.sized(scene.room.width - x.width - 4, scene.room.height)
    if "Y" not in scene.trace.example.inputs or other.width < 20:
        return x
    y = matrix_that_fits(leaf_matrix(scene, "Y"), Address("Y", scene.place.key, at.column), other, current=False)
    return beside(x, gap(4), y) if y.width <= other.width else x


def _projected(scene: Scene, at: Address) -> Layout:
    """A projection X × W = Q; the result alone where the file gives it."""
    product = projection(scene, at)
    if product is None:
        return matrix_of(scene, at)
    return product_layout(product, scene.room) or product_row_layout(product, scene.room)


def _projected_row(scene: Scene, at: Address) -> Layout:
    """The current row of a projection only."""
    product = projection(scene, at)
    return matrix_of(scene, at) if product is None else product_row_layout(product, scene.room)


def _concatenation(scene: Scene, at: Address) -> Layout:
    """The heads' outputs side by side; a column `1:0` is head 1's first. One token's only where numbers are hidden."""
    matrix = replace(step_matrix(scene, at.name), column_labels=head_columns(scene))
    return matrix_that_fits(matrix, at, scene.room, one_token=scene.touches(at.name))


def _drawn(kind: Drawing, scene: Scene, at: Address, *, smallest: bool = False) -> Layout:
    if kind in _BY_KIND:
        return _BY_KIND[kind](scene, at)
    from .gradients import learning_drawing  # only here: few examples learn, and few readers look

    return learning_drawing(kind, scene, at, smallest=smallest)


_BY_KIND: dict[Drawing, Draw] = {
    Drawing.GIVEN: _given,
    Drawing.PROJECTION: _projected,
    Drawing.SCORES: row_steps.scores,
    Drawing.SCALE: row_steps.scaling,
    Drawing.MASK: row_steps.masking,
    Drawing.SOFTMAX: row_steps.softmax,
    Drawing.WEIGHTED_SUM: row_steps.weighted_sum,
    Drawing.CONCATENATION: _concatenation,
    Drawing.SUMMARY: row_steps.summary,
}

_SMALLEST: dict[Drawing, Draw] = {
    Drawing.PROJECTION: _projected_row,
    Drawing.SCORES: row_steps.score_listing,
}

_BY_NAME: dict[str, Draw] = {
    "exp": row_steps.softmax,
    "sum": row_steps.softmax,
    "max": row_steps.softmax,
    "mask": row_steps.masking,
}
