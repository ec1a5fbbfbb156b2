"""Pictures of a lesson, by name: each a page that is made where it is asked for."""

from __future__ import annotations

from typing import Literal

from ..trace.trace import Trace
from ..trace.walk import Place
from .page import Page
from .room import PageRoom

Picture = Literal["flow", "matrix", "arrows", "heads"]


def picture_page(name: Picture, trace: Trace, place: Place, room: PageRoom) -> Page:
    """The computation as a whole, the step's matrix as a whole, what a dot product looks like, or all heads."""
    match name:
        case "flow":
            from .flow import flow_page

            return flow_page(trace, place, room)
        case "matrix":
            from .whole_matrix import whole_matrix_page

            return whole_matrix_page(trace, place, room)
        case "arrows":
            from .arrows import arrows_page

            return arrows_page(trace, place, room)
        case "heads":
            from .heads import heads_page

            return heads_page(trace, place, room)
