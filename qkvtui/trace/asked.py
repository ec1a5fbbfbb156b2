"""What a lesson asks, in its trace: what is right, and what is not shown until it is answered."""

from __future__ import annotations

from math import isclose

from ..graph.proposals import LessonQuestion
from ..operations.tensors import Address
from .addresses import parse_address
from .blanks import left_blank
from .hidden import Hidden, hidden_number
from .told import after
from .trace import Trace
from .walk import Place

GROWS, SHRINKS, STAYS = range(3)
"""What can become of a number that is watched."""


def right_choice(trace: Trace, question: LessonQuestion) -> int:
    """The place of the right answer among those to choose from; of a watched number, what becomes of it."""
    if not question.watch:
        return question.right
    cell = parse_address(trace.as_written, question.watch)
    before, then = trace.as_written.value(cell), after(trace, question.change).value(cell)
    if isclose(before, then, rel_tol=1e-9, abs_tol=1e-12):
        return STAYS
    return GROWS if then > before else SHRINKS


def predicted_cell(trace: Trace, question: LessonQuestion) -> Address:
    """The number that is to be predicted."""
    return parse_address(trace, question.predict)


def hidden_by(trace: Trace, question: LessonQuestion | None, steps: tuple[str, ...], place: Place) -> Hidden:
    """What is not shown meanwhile: the number asked for, unless it is one after a change, and steps that are blank."""
    number = Hidden()
    if question is not None and question.predict and not question.change:
        number = hidden_number(trace, predicted_cell(trace, question))
    if not steps:
        return number
    return Hidden((*left_blank(trace, place, steps).parts, *number.parts))
