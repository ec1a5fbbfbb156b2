"""What must hold of each operation's way back whatever the numbers are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qkvtui.engine.arrays import FloatArray
from qkvtui.engine.heads import share_heads, share_heads_backward, split_heads
from qkvtui.engine.softmax import log_weights, softmax, softmax_stages
from qkvtui.operations.elementwise import Added, Operand, Scaled, Where
from qkvtui.operations.join import Joined, Parted
from qkvtui.operations.operation import Heads, Operation
from qkvtui.operations.product import Factor, Product
from qkvtui.operations.rules import Rule
from qkvtui.operations.softmax import Jacobian, PerWeight, Softmax
from qkvtui.trace.trace import Trace
from tests import samples
from tests.engine.layout_tasks import KINDS, Kind, every_layout
from tests.engine.layouts import Layout, layouts, seeds
from tests.operations.bench import Bench

pytestmark = pytest.mark.filterwarnings("error")

FORBIDDEN = -np.inf


def back_through_softmax(weights: Any, d_weights: Any) -> tuple[FloatArray, FloatArray]:
    """(mean (t, 1), d_scores (t, s))."""
    bench = Bench({"weights": weights, "d_weights": d_weights})
    d_scores = bench.make("d_scores", Jacobian("weights", "d_weights"))
    return bench.whole("mean")[0], d_scores[0]


@given(seeds, st.integers(1, 6))
def test_a_softmax_row_goes_back_through_its_jacobian(seed: int, width: int) -> None:
    """The page says weight × (its gradient − the weighted mean) and shows something else."""
    rng = np.random.default_rng(seed)
    weights, d_weights = softmax(rng.normal(size=(2, width))), rng.normal(size=(2, width))
    means, found = back_through_softmax(weights, d_weights)
    for row, gradient, mean, d_scores in zip(weights, d_weights, means, found, strict=True):
        jacobian = np.diag(row) - np.outer(row, row)
        np.testing.assert_allclose(d_scores, jacobian @ gradient, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(mean, [np.average(gradient, weights=row)], rtol=1e-12)
        np.testing.assert_allclose(d_scores, row * (gradient - mean), rtol=1e-12)


def test_the_way_back_through_softmax_of_a_hand_example() -> None:
    """1/8, 2/8, 5/8 with gradients 8, 0, 0 has the mean 1 and goes back as 7/8, −2/8, −5/8."""
    mean, d_scores = back_through_softmax([[0.125, 0.25, 0.625]], [[8.0, 0, 0]])
    assert mean.tolist() == [[1]]
    assert d_scores.tolist() == [[0.875, -0.25, -0.625]]


def test_nothing_goes_back_to_a_forbidden_score() -> None:
    """nan in the gradient of a masked example: 0 × −∞."""
    scores = np.array([[1.0, FORBIDDEN, 2.0], [FORBIDDEN, FORBIDDEN, FORBIDDEN]])
    _, d_scores = back_through_softmax(softmax(scores), [[1.0, 2.0, -3.0], [1.0, 2.0, 3.0]])
    assert d_scores[0, 1] == 0
    assert d_scores[1].tolist() == [0, 0, 0]
    assert d_scores[0, 0] == -d_scores[0, 2] != 0


def test_a_cross_entropy_goes_back_exactly_through_a_weight_that_has_vanished() -> None:
    """Training stops with nan, or for ever, once a target's weight is too small for a float64."""
    scores = np.array([[0.0, 800.0, FORBIDDEN]])
    assert log_weights(softmax_stages(scores)).tolist() == [[-800, 0, FORBIDDEN]]
    bench = Bench({"scores": scores, "target": np.array([[1.0, 0, 0]]), "count": np.ones((1, 1))})
    assert bench.make("weights", Softmax("scores")).tolist() == [[[0, 1, 0]]]
    operands = (Operand("target"), Operand("weights"), Operand("count", Where.SINGLE))
    per_weight = PerWeight(Rule.PER_WEIGHT, operands, "")
    assert bench.make("d_weights", per_weight).tolist() == [[[-np.inf, 0, 0]]]
    ((source, jacobian),) = Softmax("scores").back(bench, "weights", "d_weights")
    assert source == "scores"
    assert bench.make("d_scores", jacobian).tolist() == [[[-1, 1, 0]]]


@given(seeds, st.sampled_from([(4, 1), (4, 2), (4, 4), (3, 1), (1, 1)]))
def test_moving_heads_back_and_forth_is_adjoint(seed: int, heads: tuple[int, int]) -> None:
    """A head learns from another head's mistakes, or shared keys learn from one of their heads only."""
    h, g = heads
    rng = np.random.default_rng(seed)
    flat, apart, few = rng.normal(size=(2, 5, h * 3)), rng.normal(size=(2, h, 5, 3)), rng.normal(size=(2, g, 5, 3))
    assert np.vdot(split_heads(flat, h), apart) == pytest.approx(
        np.vdot(flat, np.moveaxis(apart, 1, 2).reshape(flat.shape))
    )
    assert np.vdot(share_heads(few, h), apart) == pytest.approx(np.vdot(few, share_heads_backward(apart, g)))
    joined, gradient = Joined("output", Heads(h, 1, 3)), flat[0]
    bench = Bench({"output": apart[0], "d_heads": gradient})
    ((source, parted),) = joined.back(bench, "heads", "d_heads")
    assert (source, parted) == ("output", Parted("d_heads", Heads(h, 1, 3)))
    assert np.vdot(bench.make("heads", joined), gradient) == pytest.approx(
        np.vdot(apart[0], bench.make("d_output", parted))
    )


def test_a_projection_of_a_hand_example_goes_back() -> None:
    """d_W_Q is not Xᵀ d_Q, or a bias does not get the sum of its column."""
    bench = Bench(
        {
            "X": np.array([[1.0, 2], [3, 4]]),
            "W_Q": np.array([[5.0, 6], [7, 8]]),
            "b_Q": np.zeros(2),
            "d_queries": np.array([[1.0, 0], [10, 1]]),
        }
    )
    projection = Product(((Factor("X"), Factor("W_Q")),), "b_Q")
    found = {source: bench.make(f"d_{source}", one) for source, one in projection.back(bench, "queries", "d_queries")}
    assert found["W_Q"].tolist() == [[[31, 3], [42, 4]]]
    assert found["b_Q"].tolist() == [[[11, 1]]]
    assert found["X"].tolist() == [[[5, 7], [56, 78]]]


@given(seeds)
def test_scaling_goes_back_by_the_same_factor_and_adding_changes_nothing(seed: int) -> None:
    """The gradient by the scores is that by the scaled scores, or a mask scales what goes back."""
    rng = np.random.default_rng(seed)
    scores, d_scaled = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 3, 4))
    bench = Bench({"scores": scores, "scale": np.array([[0.25]]), "d_scaled": d_scaled})
    scaled = Scaled("scores", "scale", "· 0.25")
    ((source, back),) = scaled.back(bench, "scaled", "d_scaled")
    assert source == "scores"
    assert bench.make("scaled", scaled).tolist() == (scores / 4).tolist()
    assert bench.make("d_scores", back).tolist() == (d_scaled / 4).tolist()
    added = Added("scaled", "mask", "M")
    assert added.passes_gradient
    assert list(added.back(bench, "masked", "d_masked")) == []


def test_operations_are_compared_and_hashed_by_what_they_do() -> None:
    """Of two ways of calculating that differ in one step only, all steps before it were computed twice."""
    first, second = Product(((Factor("A"), Factor("B")),)), Product(((Factor("A"), Factor("B")),))
    others: tuple[Operation, ...] = (Product(((Factor("A"), Factor("B", turned=True)),)), Softmax("A"), Softmax("B"))
    assert first == second
    assert len({first, second, *others}) == 4


@given(layouts())
def test_what_reaches_the_input_is_the_sum_of_its_three_ways(layout: Layout) -> None:
    """d_X leaves out what a token did as a key, or a context gets its part twice."""
    target = np.ones((len(layout.x), layout.width))
    rows, train = tuple(range(len(layout.x))), ("X",) if layout.y is None else ("X", "Y")
    trace = Trace(samples.learning(layout.example, "output", train, rows=rows, target=target))
    ways = {}
    for step, letter in (("queries", "Q"), ("keys", "K"), ("values", "V")):
        count = layout.heads if letter == "Q" else layout.kv_heads
        heads = range(0, layout.heads, layout.heads // count)
        wide = np.concatenate([trace.matrix(f"d_{step}", head) for head in heads], axis=1)
        ways[letter] = wide @ layout.parameters[f"W_{letter}"].T
    as_source = ways["K"] + ways["V"]
    if layout.y is None:
        np.testing.assert_allclose(trace.matrix("d_X"), ways["Q"] + as_source, rtol=1e-12, atol=1e-13)
        assert not trace.has("d_Y")
    else:
        np.testing.assert_allclose(trace.matrix("d_X"), ways["Q"], rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(trace.matrix("d_Y"), as_source, rtol=1e-12, atol=1e-13)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("kind", KINDS)
def test_gradients_cannot_be_written_to(kind: Kind) -> None:
    """A page writes into the lesson's own gradients, and the next one shows what it wrote."""
    for name, example in list(every_layout(kind))[::7]:
        for trace in example.by_graph():
            for row in trace.graph.rows.values():
                assert not trace.row(row.id, 0).flags.writeable, (name, row.id)


def test_numbers_too_large_go_back_without_a_warning() -> None:
    """A warning printed across the page of an example with huge numbers."""
    x = np.array([[1e200, -1e200], [1e200, 1e200]])
    bench = Bench({"X": x, "Y": x, "d_scores": x, "weights": np.full((2, 2), 0.5), "d_weights": x, "mean": x[:, :1]})
    for _, operation in Product(((Factor("X"), Factor("Y", turned=True)),)).back(bench, "scores", "d_scores"):
        assert operation.numbers(bench).shape == (1, 2, 2)
    assert Jacobian("weights", "d_weights").numbers(bench).shape == (1, 2, 2)
