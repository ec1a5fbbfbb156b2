"""What each token adds to an output, beside the attention that it gets."""

from __future__ import annotations

import math

import pytest

from qkvtui.files.read import load
from qkvtui.trace.attends import contributions
from qkvtui.trace.trace import Trace


@pytest.mark.parametrize(("name", "sink", "animal"), [("minilm-tired", 0.006, 0.78), ("minilm-wide", 0.025, 0.47)])
def test_a_sink_of_a_real_head_adds_next_to_nothing(name: str, sink: float, animal: float) -> None:
    """A tenth of the attention, or a third, was told as a tenth or a third of what comes out."""
    trace = Trace(load(name))
    found = contributions(trace, trace.example.query)
    assert found[0] == pytest.approx(sink, abs=0.001)
    assert found[trace.example.tokens.index("animal")] == pytest.approx(animal, abs=0.005)


def test_the_parts_are_those_of_the_lengths() -> None:
    """The numbers of another head, or of the values alone, were shown."""
    trace = Trace(load("two-heads"))
    for head in range(trace.shape.heads):
        weights, values = trace.row("weights", 2, head), trace.matrix("values", head)
        lengths = [a * math.sqrt(sum(x * x for x in row)) for a, row in zip(weights, values.tolist(), strict=True)]
        assert contributions(trace, 2, head).tolist() == pytest.approx([one / sum(lengths) for one in lengths])
