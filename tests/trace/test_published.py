"""Numbers a source printed, beside the computed ones; and what no softmax can do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qkvtui.graph.example import Example, Scale
from qkvtui.graph.printed import Published
from qkvtui.operations.tensors import Address
from qkvtui.trace.published import Comparison, agree, comparisons, order_conflict, published_row
from qkvtui.trace.trace import Trace
from tests import samples
from tests.engine.layouts import seeds
from tests.examples.recomputed import disagreements, published_count

CELL = Address("weights", 0, 0)
Rows = dict[str, dict[int, tuple[float, ...]]]


def printed(example: Example, rows: Rows, tolerance: float = 0.005) -> Trace:
    """The example with these published rows."""
    return Trace(replace(example, published=Published(rows, tolerance=tolerance)))


@pytest.mark.parametrize("name", ["animal", "animal-sentence", "illustrated", "journey", "journey-causal"])
def test_every_published_number_is_compared_with_the_computed_one(name: str) -> None:
    """`qkvtui check` passed over a number that does not hold, or blamed one that does."""
    found = comparisons(samples.trace(name))
    assert len(found) == published_count(name)
    assert {f"{one.step}[{one.row},{one.column}]" for one in found if not one.agrees} == disagreements(name)
    matrices = samples.by_oracle(samples.example(name)).steps()
    assert all(abs(one.computed - matrices[one.step][one.row][one.column]) < 1e-12 for one in found)


def test_comparisons_come_in_the_order_of_the_steps_whatever_the_file_s_order() -> None:
    """ "The first wrong number" was the last one, because the file names the weights before the scores."""
    example = samples.example("three_heads")
    row = (0.1, 0.2, 0.3, 0.2, 0.2)
    rows: Rows = {"weights@2": {1: row}, "output@1": {0: row[:3]}, "weights": {3: row, 0: row}, "scores": {2: row}}
    found = comparisons(printed(example, rows))
    order = [(one.step, one.head, one.row) for one in found]
    assert order == (
        [("scores", 0, 2)] * 5
        + [("weights", 0, 0)] * 5
        + [("weights", 0, 3)] * 5
        + [("weights", 2, 1)] * 5
        + [("output", 1, 0)] * 3
    )
    trace = samples.trace("three_heads")
    assert all(one.computed == trace.row(one.step, one.row, one.head)[one.column] for one in found)


def test_an_example_without_published_numbers_has_nothing_to_compare() -> None:
    """A file that prints nothing was said to agree, or crashed the check."""
    trace = samples.trace("plain")
    assert comparisons(trace) == ()
    assert published_row(trace, "weights", 0) is None
    assert order_conflict(trace, 0) is None


def test_a_number_agrees_up_to_the_tolerance_and_no_further() -> None:
    """A correctly rounded number of a book was called wrong, or a wrong last digit right."""
    trace = printed(samples.example("plain"), {"weights": {0: (0.0, 0.0, 0.0, 0.0)}}, tolerance=0.005)
    assert agree(trace, CELL, 0.45, 0.4549)
    assert not agree(trace, CELL, 0.45, 0.4551)
    assert agree(trace, CELL, -np.inf, -np.inf)
    assert not agree(trace, CELL, 0.0, -np.inf)


def test_a_row_is_found_by_step_head_and_row() -> None:
    """Beside the second head's weights stood what the source printed for the first head."""
    row, other = (0.1, 0.2, 0.3, 0.2, 0.2), (0.2, 0.2, 0.2, 0.2, 0.2)
    trace = printed(samples.example("three_heads"), {"weights": {0: row}, "weights@2": {0: other}})
    assert published_row(trace, "weights", 0) == row
    assert published_row(trace, "weights", 0, 2) == other
    assert published_row(trace, "weights", 0, 1) is None
    assert published_row(trace, "weights", 1) is None


def test_the_blog_post_s_weights_are_recognized_as_impossible() -> None:
    """A learner went on looking for the scale that gives the post's weights, which none does."""
    found = order_conflict(samples.trace("animal"), 3)
    assert found is not None
    assert (found.larger, found.smaller) == (3, 1)
    assert found.scores == (1.0, 0.9)
    assert found.weights == (0.40, 0.45)


def test_the_clearest_of_several_conflicts_is_shown() -> None:
    """Of several proofs the reader was shown the one that hangs on the last digit."""
    found = order_conflict(samples.trace("impossible"), 1)
    assert found is not None
    assert (found.larger, found.smaller, found.scores, found.weights) == (2, 1, (1.0, 0.9), (0.2, 0.5))


@pytest.mark.parametrize("name", ["journey", "journey-causal", "illustrated", "animal-sentence"])
def test_a_source_that_keeps_the_order_is_not_accused(name: str) -> None:
    """The lesson told the readers of a good book that its weights are impossible."""
    trace = samples.trace(name)
    assert all(order_conflict(trace, query) is None for query in range(trace.shape.queries))


@given(
    seeds,
    st.integers(1, 8),
    st.integers(0, 3),
    st.sampled_from(["1/sqrt(d_k)", "none", 0.25, 3.0, -1.0, 0.0]),
    st.sampled_from(["", "causal", "mask"]),
)
def test_what_softmax_really_gave_is_never_called_impossible(
    seed: int, count: int, decimals: int, scale: Scale, mask: str
) -> None:
    """A source that rounds, masks or scales as the file says was told that no softmax gives its weights."""
    rng = np.random.default_rng(seed)
    inputs = {name: samples.numbers(rng, count, 2) for name in ("Q", "K", "V")}
    tokens = tuple(f"t{index}" for index in range(count))
    added = rng.uniform(-3, 3, (count, count)) if mask == "mask" else None
    trace = Trace(samples.of("random", tokens, inputs, {}, scale=scale, causal=mask == "causal", mask=added))
    rows: Rows = {
        step: {
            query: tuple(round(float(value), decimals) for value in trace.row(step, query)) for query in range(count)
        }
        for step in ("scores", "weights")
    }
    again = printed(trace.example, rows, tolerance=0.5 * 10.0**-decimals)
    assert [order_conflict(again, query) for query in range(count)] == [None] * count


def test_a_comparison_tells_everything_that_a_report_needs() -> None:
    """The report of a wrong number named the wrong cell."""
    found = comparisons(samples.trace("animal"))[0]
    assert found == Comparison("scores", 0, 3, 0, 0.2, found.computed, False)
    assert found.computed == pytest.approx(0.15, rel=1e-12)
