"""Pictures in place of steps: of the steps that are asked for, else of the one that shows most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..operations.operation import Drawing
from ..operations.tensors import Axis
from ..pages.flow import flow_page
from ..pages.page import Page
from ..pages.pictures import Picture, picture_page
from ..pages.room import PageRoom
from ..trace.parts import Step
from ..trace.trace import Trace
from ..trace.walk import Place


def unasked_pictures(picture: Picture, trace: Trace, place: Place, room: PageRoom, heads: range) -> Iterator[Page]:
    """The flow with nothing marked, the weights as a matrix, or the scores as arrows, in these heads.

    Of the step of `place` where that is not the first: the example was to start at one of its numbers.
    """
    if picture == "flow" and not place.step:
        yield flow_page(trace, None, room)
        return
    shown = next(step.number - 1 for step in trace.steps if _shows_most(step, picture))
    for head in heads:
        yield picture_page(picture, trace, replace(place, step=place.step or shown, head=head), room)


def _shows_most(step: Step, picture: Picture) -> bool:
    return step.type.kind is Drawing.SOFTMAX if picture == "matrix" else step.type.columns is Axis.KEY
