"""Several queries side by side: attention depends on who asks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..narration.numbers import percent
from ..narration.sentences import Role, Span, joined, quoted
from ..operations.operation import Drawing
from ..operations.tensors import Address, Axis
from ..trace.attends import Attends
from ..trace.trace import Trace
from ..trace.walk import Place
from .headings import heading_of
from .lines import Line
from .operands import matrix_of
from .page import GAP, Page, said
from .room import PageRoom
from .row_steps import several_queries
from .scene import Scene
from .worked import wrong_axis_lines

_MOST_WEIGHTS = 1 << 19
"""How many weights are looked through for the query that looks elsewhere most."""


def compared_page(trace: Trace, place: Place, others: Sequence[int], room: PageRoom) -> Page:
    """The step's row for the query and for the others; the weights where the step has no number for each key.

    Nothing is said of whom they look at where a weight is hidden.
    """
    scene = Scene(trace, place, room)
    step = scene.step.type
    by_key = step.rows is Axis.QUERY and step.columns is Axis.KEY and step.kind is not Drawing.SUMMARY
    told = [
        _looks_at(scene, query, seen) for query in (place.query, *others) if (seen := scene.attends(query, place.head))
    ]
    words = said("sentences", [*wrong_axis_lines(scene), *told], room)
    below = scene.sized(room.width, None if room.height is None else max(3, room.height - words.height - 1))
    drawn = several_queries(below, others, step.id if by_key else "weights")
    return Page((drawn, GAP, words), heading_of(trace, place, room))


def matrix_page(trace: Trace, place: Place, room: PageRoom) -> Page:
    """The step for all queries at once; weights are shaded."""
    scene = Scene(trace, place, room)
    name = "weights" if scene.step.type.kind is Drawing.SUMMARY else scene.step.id
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
