"""What the pages show of everything that can be added to attention: each number is the one that is there."""

from __future__ import annotations

import pytest

from qkvtui.narration.formats import cell_format
from qkvtui.operations.tensors import Address
from qkvtui.trace.addresses import value_at
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import start, to_step
from qkvtui.views.blocks import LineCell
from qkvtui.views.look import Look
from tests.variants.tasks import traces
from tests.views.drawings import body, step_block
from tests.views.pages import lines_of, widest

LOOKS = [Look(60), Look(100), Look(60, tokens_as="columns")]


def check(trace: Trace, step: int, look: Look) -> None:
    """Every number of a drawing that can be clicked, beside the number it leads to, as far as it is written finely."""
    place = to_step(trace, start(trace, head=trace.shape.heads - 1), step)
    block = step_block(trace, place, look)
    seen = 0
    for row in block.rows:
        for text in row:
            if isinstance(text, LineCell):
                continue
            cell = getattr(text.style, "meta", {}).get("cell")
            if cell is None:
                continue
            at, shown = Address(*cell), text.plain.strip(" []")
            value, digits = value_at(trace, at), len(shown.partition(".")[2])
            wanted = cell_format(trace, at, look.digits).text(value)
            near = shown[-1].isdigit() and abs(float(shown) - value) <= 0.51 * 10.0**-digits
            assert shown == look.signs(wanted) or near, (trace.steps[step].id, at, shown, value)
            seen += 1
    assert seen, trace.steps[step].id
    assert widest(lines_of(body(trace, place, look), look.width)) <= look.width


@pytest.mark.slow
@pytest.mark.parametrize("look", LOOKS, ids=["60", "100", "columns"])
def test_every_number_of_every_step_is_the_one_that_is_there(look: Look) -> None:
    """Below turned keys stood the values, in the listing for narrow terminals only."""
    for trace in traces():
        for step in range(len(trace.steps)):
            check(trace, step, look)
