"""Several queries side by side: attention depends on who asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..narration.numbers import percent
from ..narration.sentences import Role, Span, joined, quoted
from ..operations.tensors import Address, Axis
from ..trace.attends import Attends
from ..trace.trace import Trace
from ..trace.walk import Place
from .headings import heading_of
from .lines import Line, line_of, stripped
from .matrices import matrix_that_fits
from .operands import matrix_of, step_matrix
from .page import GAP, Page, PageWords, said
from .room import PageRoom
from .row_steps import several_queries
from .scene import Scene
from .step_page import narration_of
from .steps import step_drawing
from .tables import Layout
from .worked import worked_cell, worked_line, wrong_axis_lines

_MOST_WEIGHTS = 1 << 19
"""How many weights are looked through for the query that looks elsewhere most."""


def compared_page(
    trace: Trace,
    place: Place,
    others: Sequence[int],
    room: PageRoom,
    turned: int = 0,
    *,
    is_told: bool = False,
) -> Page:
    """What the step makes for the query and for the others, and how their numbers are computed.

    From the weights on, whom they look at; nothing of that where a weight is hidden. With the narration where it
    `is_told`, as far as it fits, so many times `turned`.
    """
    scene = Scene(trace, place, room)
    queries = (place.query, *others)
    told = [] if _is_before_weights(scene) else [*wrong_axis_lines(scene), *_looks(scene, queries)]
    words = said("worked", [*_worked(scene, queries), *told], room)
    below = scene.sized(room.width, None if room.height is None else max(3, room.height - words.height - 1))
    drawn = _drawing(below, others)
    parts: list[PageWords | Layout] = [drawn, GAP, words]
    if is_told:
        left = None if room.height is None else room.height - drawn.height - words.height - 2
        parts.extend([GAP, narration_of(trace, place, room.sized(room.width, left), turned)])
    return Page(tuple(parts), heading_of(trace, place, room))


def _is_before_weights(scene: Scene) -> bool:
    return scene.step.number < scene.trace.step("weights").number


def _drawing(scene: Scene, others: Sequence[int]) -> Layout:
    """One step's rows of the queries; the step itself where its rows are not of those who ask."""
    step = scene.step
    if not step.type.has_numbers:
        return several_queries(scene, others, "weights")
    if step.type.rows is not Axis.QUERY:
        return step_drawing(scene)
    if step.type.columns is Axis.KEY:
        return several_queries(scene, others, step.id)
    queries, at = (scene.place.query, *others), scene.at
    matrix = step_matrix(scene, step.id, at.head)
    rows = replace(
        matrix,
        row_labels=[matrix.row_labels[query] for query in queries],
        row=lambda row: matrix.row(queries[row]),
        name="",
    )
    return matrix_that_fits(rows, replace(at, row=0), scene.room)


def _worked(scene: Scene, queries: Sequence[int]) -> list[Line]:
    """Each query's number in the current column, worked out; that such a step is the same for all."""
    if scene.step.type.rows is not Axis.QUERY:
        return [line_of(scene.room.word("same_for_all"))]
    cells = (replace(scene.at, row=query) for query in queries)
    return [stripped(worked_line(worked_cell(scene, cell), scene)) for cell in cells]


def _looks(scene: Scene, queries: Sequence[int]) -> list[Line]:
    """Whom each of them looks at."""
    head = scene.place.head
    return [_looks_at(scene, query, seen) for query in queries if (seen := scene.attends(query, head))]


def matrix_page(trace: Trace, place: Place, room: PageRoom) -> Page:
    """The step for all queries at once; weights are shaded."""
    scene = Scene(trace, place, room)
    name = scene.step.id if scene.step.type.has_numbers else "weights"
    drawn = matrix_of(scene, Address(name, place.query, scene.at.column, place.head))
    return Page((drawn,), heading_of(trace, place, room))


def most_different(trace: Trace, query: int, head: int = 0) -> int:
    """The query whose weights differ most from this one's (half the sum of the absolute differences).

    Of thousands of tokens only the first few are looked at: it is to take no longer than any other move.
    """
    own = trace.row("weights", query, head)
    count = min(trace.shape.queries, max(2, _MOST_WEIGHTS // trace.shape.keys))
    distances = [float(np.abs(trace.row("weights", other, head) - own).sum()) / 2 for other in range(count)]
    return int(np.argmax(distances))


def _looks_at(scene: Scene, query: int, seen: Attends) -> Line:
    """`“it” looks at “animal” 26%, “it” 20%, “tired” 20%`."""
    room = scene.room
    asking = quoted(scene.trace.example.tokens[query], room.texts.quotes, Role.QUERY)
    if seen.blind:
        return room.filled_word("looks_at_nothing", query=asking)
    shares = (
        (*quoted(one.token, room.texts.quotes, Role.KEY), Span(f" {percent(one.weight)}", Role.MARKED))
        for one in seen.ranked[:3]
    )
    return room.filled_word("looks_at", query=asking, tokens=joined(shares, room.texts.list_separator))
