"""The matrix of a step as a whole: shaded and numbered, the triangle of a mask in sight, all heads as small maps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..narration.sentences import Role
from ..operations.operation import Drawing
from ..operations.tensors import Address, Axis
from ..trace.addresses import format_address
from ..trace.trace import Trace
from ..trace.walk import Place
from .fitted_map import map_that_fits
from .head_maps import head_maps, maps_beside
from .headings import heading_of
from .lines import Line, Pen, line_of
from .matrices import Matrix
from .matrix_map import MatrixMap, forbidden, forbidden_sign
from .operands import head_columns, step_matrix
from .page import GAP, Page, PageWords, said
from .room import PageRoom
from .scene import Scene
from .tables import Layout, lines_block


def whole_matrix_page(trace: Trace, place: Place, room: PageRoom) -> Page:
    """The step's own matrix; the weights at the summary. What does not fit is a window around the current cell."""
    scene = Scene(trace, place, room)
    at = scene.at
    words = [said("caption", [line], room) for line in _told(scene, at)]
    below = sum(part.height for part in words) + 1
    mapped = _map(scene.lower(below), at)
    drawn = lines_block(mapped.lines(room))
    parts: list[PageWords | Layout] = [drawn, GAP, *words]
    if trace.shape.heads > 1 and _is_by_pairs(scene, at):
        left = None if room.height is None else room.height - drawn.height - below - 2
        narrow = lines_block(replace(mapped, before=0).lines(room))
        beside_it = maps_beside(scene.lower(below), drawn) or maps_beside(scene.lower(below), narrow)
        if beside_it is not None:
            parts[0] = beside_it
        elif left is None or left > 0:
            maps = head_maps(scene.sized(room.width, left))
            parts += (
                [GAP, said("caption", [line_of(room.word("head_maps_short"), Role.DIM)], room), maps] if maps else []
            )
    return Page(tuple(parts), heading_of(trace, place, room))


def _is_by_pairs(scene: Scene, at: Address) -> bool:
    """Whether a row is who asks and a column who is looked at."""
    step = scene.trace.step(at.name).type
    return step.rows is Axis.QUERY and step.columns is Axis.KEY


def _told(scene: Scene, at: Address) -> Iterator[Line]:
    """The current number with its address, what rows and columns are, what the shades mean."""
    room, trace = scene.room, scene.trace
    pen = Pen().write(f"{format_address(trace, at, room.language)} = ", Role.DIM).write(scene.text(at), Role.MARKED)
    yield pen.line
    if _is_by_pairs(scene, at):
        yield line_of(room.word("matrix_of_pairs", forbidden=forbidden_sign(room)), Role.DIM)
    else:
        yield line_of(room.word("matrix_of_rows"), Role.DIM)


def _map(scene: Scene, at: Address) -> MatrixMap:
    """The map with its numbers written as finely as all columns have room for, else a window of it."""
    matrix = _matrix(scene, at)
    drawn = map_that_fits(matrix, scene.room).shaded(by_pairs=_is_by_pairs(scene, at))
    return replace(drawn, is_forbidden=forbidden(scene, at.head)) if matrix.shaded else drawn


def _matrix(scene: Scene, at: Address) -> Matrix:
    """The matrix without what it was before the last change: a number has little room here."""
    matrix = step_matrix(scene, at.name, at.head)
    if scene.trace.step(at.name).type.kind is Drawing.CONCATENATION:
        matrix = replace(matrix, column_labels=head_columns(scene))
    return replace(
        matrix,
        row=lambda row: replace(scene.row(at.name, row, at.head), before=None),
        marked_row=at.row,
        marked_column=at.column,
    )
