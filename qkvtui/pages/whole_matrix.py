"""The matrix of a step as a whole: shaded and numbered, the triangle of a mask in sight, all heads as small maps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..narration.numbers import NumberFormat
from ..narration.sentences import Role
from ..operations.operation import Drawing
from ..operations.tensors import Address, Axis
from ..trace.addresses import format_address
from ..trace.trace import Trace
from ..trace.walk import Place
from .cut_names import LONGEST_COLUMN_LABEL
from .head_maps import head_maps, maps_beside
from .headings import heading_of
from .lines import Line, Pen, cell_len, line_of
from .matrices import Matrix, number_width
from .matrix_map import MatrixMap, ShareFormat, TenthsFormat, forbidden, forbidden_sign
from .operands import head_columns, step_matrix
from .page import GAP, Page, PageWords, said
from .room import PageRoom
from .scene import Scene
from .tables import Layout, lines_block
from .windows import around, whole

_LONGEST_LABEL = 10
_TO_COUNT = 7
"""Cells beside a window that say how many columns there are more."""


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
    matrix, by_pairs = _matrix(scene, at), _is_by_pairs(scene, at)
    down, across = matrix.shape
    row, column = matrix.shown_at(at.row, at.column)
    most = max(1, (scene.room.height or 64) - 1)
    rows = whole(down) if down <= most else around(row, down, most)
    label = 2 + min(_LONGEST_LABEL, max(cell_len(matrix.labels_down[index]) for index in rows.shown))
    label = max(label, 0 if rows.whole else len(f"+{down} "))
    left = scene.room.width - label
    wordings = _wordings(matrix)
    for number, written in enumerate((*wordings, wordings[min(1, len(wordings) - 1) if matrix.shaded else 0])):
        has_brackets = not (matrix.shaded and number)
        each = number_width(replace(matrix, written=written), rows, scene.room) + 1 + has_brackets
        if each * across + (not has_brackets) <= left:
            break
    is_whole = each * across + (not has_brackets) <= left
    columns = whole(across) if is_whole else around(column, across, max(1, (left - _TO_COUNT) // each))
    before = _before(matrix, each, left, has_brackets) if is_whole else 0
    drawn = MatrixMap(matrix, rows, columns, written, label, each, has_brackets=has_brackets, before=before)
    drawn = drawn.shaded(by_pairs=by_pairs)
    return replace(drawn, is_forbidden=forbidden(scene, at.head)) if matrix.shaded else drawn


def _before(matrix: Matrix, each: int, left: int, has_brackets: bool) -> int:
    """Cells before each column of a whole matrix, so that its labels are seen as far as there is room."""
    labels = min(LONGEST_COLUMN_LABEL, max(map(cell_len, matrix.labels_across)))
    wanted = labels + len("▾ ") + has_brackets
    return max(0, min(wanted, (left - (not has_brackets)) // len(matrix.labels_across)) - each)


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


def _wordings(matrix: Matrix) -> list[NumberFormat]:
    """How the numbers may be written, the finest first."""
    if matrix.shaded:
        return [matrix.written, ShareFormat(2), TenthsFormat(1)]
    if matrix.written.exponent:
        return [matrix.written]
    return [NumberFormat(decimals) for decimals in range(matrix.written.decimals, -1, -1)]
