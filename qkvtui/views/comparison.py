"""Several queries side by side: attention depends on who asks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.console import Group, RenderableType
from rich.text import Text

from ..narration.numbers import percent
from ..operations.tensors import Address, Axis
from ..trace.attends import attends
from ..trace.trace import Trace
from ..trace.walk import Place, cell_of, step_at
from .blocks import as_table, cell
from .look import Look
from .matrix_steps import matrix_of
from .page import BLANK_LINE, as_lines
from .row_steps import several_queries
from .wrapping import wrap

_MOST_WEIGHTS = 1 << 19
"""How many weights are looked through for the query that looks elsewhere most."""


def compared_body(trace: Trace, place: Place, others: Sequence[int], look: Look) -> RenderableType:
    """The step's row for the query and for the others; the weights where the step has no number for each key.

    Nothing is said of whom they look at where a weight is hidden.
    """
    step = step_at(trace, place)
    by_key = step.type.rows is Axis.QUERY and step.type.columns is Axis.KEY
    step_id = step.id if by_key and trace.has(step.id) and step.id != "summary" else "weights"
    sentences = [
        line
        for query in (place.query, *others)
        if not look.hidden.touches("weights", place.head)
        for line in wrap(_looks_at(trace, query, place.head, look), look.width)
    ]
    room = None if look.height is None else max(3, look.height - len(sentences) - 1)
    drawn = several_queries(trace, place, others, step_id, look.sized(look.width, room))
    return Group(as_table(drawn), BLANK_LINE, as_lines(sentences))


def whole_matrix(trace: Trace, place: Place, look: Look) -> RenderableType:
    """The step for all queries at once; weights are shaded."""
    step = step_at(trace, place)
    step_id = "weights" if step.id == "summary" else step.id
    return as_table(matrix_of(trace, Address(step_id, place.query, cell_of(trace, place).column, place.head), look))


def most_different(trace: Trace, query: int, head: int = 0) -> int:
    """The query whose weights differ most from this one's (half the sum of the absolute differences).

    Of thousands of tokens only the first few are looked at: it is to take no longer than any other move.
    """
    own = trace.row("weights", query, head)
    count = min(trace.shape.queries, max(2, _MOST_WEIGHTS // trace.shape.keys))
    distances = [float(np.abs(trace.row("weights", other, head) - own).sum()) / 2 for other in range(count)]
    return int(np.argmax(distances))


def _looks_at(trace: Trace, query: int, head: int, look: Look) -> Text:
    """`“it” looks at animal 26%, it 20%, tired 20%`."""
    opening, closing = (look.signs(quote) for quote in look.texts.quotes)
    line = cell(opening)
    line.append(trace.example.tokens[query], look.palette.query)
    line.append(f"{closing} {look.word('looks_at')} ")
    seen = attends(trace, query, head)
    if seen.blind:
        line.append(look.word("nothing"))
        return line
    for index, one in enumerate(seen.ranked[:3]):
        line.append(look.signs(look.texts.list_separator) if index else "")
        line.append(one.token, look.palette.key)
        line.append(f" {percent(one.weight)}", look.palette.marked)
    return line
