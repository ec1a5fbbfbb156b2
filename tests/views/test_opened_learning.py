"""Every number behind a step of learning can be opened, wherever it stands."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from qkvtui.operations.tensors import Address
from qkvtui.trace.addresses import format_address
from qkvtui.trace.shown_at import to_address
from qkvtui.trace.terms import opened
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import start
from qkvtui.views.look import Look
from tests import samples
from tests.trace.behind import BEHIND
from tests.views.drawings import opened_body
from tests.views.pages import lines_of

NAMES = tuple(name for name in samples.LESSONS if samples.example(name).learn is not None)


def below(trace: Trace) -> set[Address]:
    """A cell of each step of learning, and everything behind it; of a sum, its first terms."""
    waiting = [Address(step.id, *start_of(trace, step.id)) for step in trace.steps if step.type.learns]
    seen = set(waiting)
    while waiting:
        cell = waiting.pop()
        if cell.layer is not None:
            continue  # the trace of that layer opens it
        groups = opened(trace, cell).groups
        operands = [cell for index in range(min(3, len(groups))) for cell in groups[index]]
        fresh = {cell for cell in operands if cell not in seen}
        seen |= fresh
        waiting.extend(fresh)
    return seen


def start_of(trace: Trace, step_id: str) -> tuple[int, int]:
    """The query's row, or the first of a parameter."""
    rows, columns = trace.step(step_id).shape
    return (trace.example.query if rows == trace.shape.queries else rows - 1), columns - 1


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", samples.each(NAMES, ("learn_reading", "animal-learn")))
def test_a_gradient_is_opened_down_to_the_file_without_a_gap(name: str) -> None:
    """Enter on a target, the mean of a row's gradients or the rate ended the program with a traceback."""
    trace = samples.trace(name)
    found = below(trace)
    for cell in (one for one in found if one.layer is None):
        place = to_address(trace, start(trace), cell)
        lines = lines_of(opened_body(trace, place, (cell,), 0, Look(80, 18)), 80)
        assert len(lines) <= 18, cell
        assert max(map(cell_len, lines)) <= 80, cell
        assert any(line.startswith(format_address(trace, cell, "en")) for line in lines), cell
    assert any(cell.name in BEHIND for cell in found)


def test_the_samples_open_every_derived_number_of_learning() -> None:
    """A kind of number that no sample has was opened by nobody."""
    found = {cell.name for name in NAMES for cell in below(samples.trace(name))}
    assert {name for name in BEHIND if name != "mask"} <= found | {"max", "sum", "exp", "scale"}
