"""What must hold of each way back whatever the numbers are."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qkvtui.engine import (
    Layer,
    attention,
    attention_backward,
    backward,
    causal_mask,
    forward,
    log_weights,
    merge_heads,
    merge_heads_backward,
    project,
    project_backward,
    share_heads,
    share_heads_backward,
    softmax,
    softmax_backward,
    softmax_stages,
    split_heads,
    split_heads_backward,
)
from qkvtui.engine.arrays import FloatArray
from tests.engine.layouts import Layout, layouts, seeds, sizes

pytestmark = pytest.mark.filterwarnings("error")

FORBIDDEN = -np.inf


def arrays_of(record: Any) -> list[FloatArray]:
    """Every array of a record and of the records in it."""
    found: list[FloatArray] = []
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        if isinstance(value, np.ndarray):
            found.append(value)
        elif dataclasses.is_dataclass(value):
            found.extend(arrays_of(value))
    return found


@given(seeds, st.integers(1, 6))
def test_a_softmax_row_goes_back_through_its_jacobian(seed: int, width: int) -> None:
    """The page says weight × (its gradient − the weighted mean) and shows something else."""
    rng = np.random.default_rng(seed)
    weights, d_weights = softmax(rng.normal(size=(2, width))), rng.normal(size=(2, width))
    found = softmax_backward(weights, d_weights)
    for row, gradient, mean, d_scores in zip(weights, d_weights, found.mean, found.d_scores, strict=True):
        jacobian = np.diag(row) - np.outer(row, row)
        np.testing.assert_allclose(d_scores, jacobian @ gradient, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(mean, [np.average(gradient, weights=row)], rtol=1e-12)
        np.testing.assert_allclose(d_scores, row * (gradient - mean), rtol=1e-12)


def test_the_way_back_through_softmax_of_a_hand_example() -> None:
    """1/8, 2/8, 5/8 with gradients 8, 0, 0 has the mean 1 and goes back as 7/8, −2/8, −5/8."""
    found = softmax_backward(np.array([[0.125, 0.25, 0.625]]), np.array([[8.0, 0, 0]]))
    assert found.mean.tolist() == [[1]]
    assert found.d_scores.tolist() == [[0.875, -0.25, -0.625]]


@given(seeds, sizes, sizes)
def test_softmax_over_columns_goes_back_over_columns(seed: int, t: int, s: int) -> None:
    """The switch "softmax over columns" learns as if it were off."""
    rng = np.random.default_rng(seed)
    q, k, v, d_output = (rng.normal(size=(n, 3)) for n in (t, s, s, t))
    found = attention_backward(attention(q, k, v, softmax_axis=-2), d_output, softmax_axis=-2)
    way, h = rng.normal(size=q.shape), 1e-5

    def loss(query: FloatArray) -> float:
        return float((attention(query, k, v, softmax_axis=-2).output * d_output).sum())

    slope = (loss(q + h * way) - loss(q - h * way)) / (2 * h)
    assert float((found.d_q * way).sum()) == pytest.approx(slope, rel=1e-6, abs=1e-8)


def test_nothing_goes_back_to_a_forbidden_score() -> None:
    """nan in the gradient of a masked example: 0 × −∞."""
    scores = np.array([[1.0, FORBIDDEN, 2.0], [FORBIDDEN, FORBIDDEN, FORBIDDEN]])
    found = softmax_backward(softmax(scores), np.array([[1.0, 2.0, -3.0], [1.0, 2.0, 3.0]]))
    assert found.d_scores[0, 1] == 0
    assert found.d_scores[1].tolist() == [0, 0, 0]
    assert found.d_scores[0, 0] == -found.d_scores[0, 2] != 0


def test_a_cross_entropy_goes_back_exactly_through_a_weight_that_has_vanished() -> None:
    """Training stops with nan, or for ever, once a target's weight is too small for a float64."""
    stages = softmax_stages(np.array([[0.0, 800.0, FORBIDDEN]]))
    assert stages.weights.tolist() == [[0, 1, 0]]
    assert log_weights(stages).tolist() == [[-800, 0, FORBIDDEN]]
    found = softmax_backward(stages.weights, np.zeros((1, 3)), d_logs=np.array([[-1.0, 0, 0]]))
    assert found.d_weights.tolist() == [[-np.inf, 0, 0]]
    assert found.d_scores.tolist() == [[-1, 1, 0]]


@given(seeds, st.sampled_from([(4, 1), (4, 2), (4, 4), (3, 1), (1, 1)]))
def test_moving_heads_back_and_forth_is_adjoint(seed: int, heads: tuple[int, int]) -> None:
    """A head learns from another head's mistakes, or shared keys learn from one of their heads only."""
    h, g = heads
    rng = np.random.default_rng(seed)
    flat, apart, few = rng.normal(size=(2, 5, h * 3)), rng.normal(size=(2, h, 5, 3)), rng.normal(size=(2, g, 5, 3))
    assert np.vdot(split_heads(flat, h), apart) == pytest.approx(np.vdot(flat, split_heads_backward(apart)))
    assert np.vdot(merge_heads(apart), flat) == pytest.approx(np.vdot(apart, merge_heads_backward(flat, h)))
    assert np.vdot(share_heads(few, h), apart) == pytest.approx(np.vdot(few, share_heads_backward(apart, g)))


def test_a_projection_of_a_hand_example_goes_back() -> None:
    """d_W_Q is not Xᵀ d_Q, or a bias does not get the sum of its column."""
    found = project_backward(np.array([[1.0, 2], [3, 4]]), np.array([[5.0, 6], [7, 8]]), np.array([[1.0, 0], [10, 1]]))
    assert found.d_w.tolist() == [[31, 3], [42, 4]]
    assert found.d_b.tolist() == [11, 1]
    assert found.d_x.tolist() == [[5, 7], [56, 78]]


@given(seeds)
def test_several_texts_at_once_go_back_as_one_by_one(seed: int) -> None:
    """Matrices that several texts share learn from the last of them only."""
    rng = np.random.default_rng(seed)
    w_q, w_k, w_v = rng.normal(size=(3, 3, 4))
    layer = Layer(w_q, w_k, w_v, b_q=rng.normal(size=4), heads=2, kv_heads=2)
    x, d_last = rng.normal(size=(2, 5, 3)), rng.normal(size=(2, 5, 4))
    mask = causal_mask(5, 5)
    together = backward(forward(x, layer, mask=mask), layer, d_last).by_name()
    first, second = (backward(forward(x[i], layer, mask=mask), layer, d_last[i]).by_name() for i in (0, 1))
    assert set(together) == {"W_Q", "W_K", "W_V", "b_Q", "X"}
    for name in together.keys() - {"X"}:
        np.testing.assert_allclose(together[name], first[name] + second[name], rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(together["X"], np.stack([first["X"], second["X"]]), rtol=1e-12, atol=1e-13)


@given(layouts())
def test_what_reaches_the_input_is_the_sum_of_its_three_ways(layout: Layout) -> None:
    """d_X leaves out what a token did as a key, or a context gets its part twice."""
    record = layout.by_engine()
    found = backward(
        record, layout.layer, np.ones_like(record.merged if record.projected is None else record.projected)
    )
    as_source = found.d_y_through_k + found.d_y_through_v
    if layout.y is None:
        assert found.d_y is None
        np.testing.assert_array_equal(found.d_x, found.d_x_through_q + as_source)
    else:
        np.testing.assert_array_equal(found.d_x, found.d_x_through_q)
        np.testing.assert_array_equal(found.d_y, as_source)
        copied = backward(forward(layout.x, layout.layer, layout.x.copy()), layout.layer)
        assert copied.d_y is not None


@given(layouts(dtype=np.float32))
def test_gradients_are_read_only_and_of_the_type_of_their_numbers(layout: Layout) -> None:
    """A page writes into the lesson's own gradients, or shows digits that float32 does not have."""
    record = layout.by_engine()
    found = backward(record, layout.layer)
    for array in arrays_of(found):
        assert array.dtype == np.float32
        assert not array.flags.writeable
    assert not any(gradient.any() for gradient in found.by_name().values())


def test_numbers_too_large_go_back_without_a_warning() -> None:
    """A warning printed across the page of an example with huge numbers."""
    x = np.array([[1e200, -1e200], [1e200, 1e200]])
    eye = np.eye(2)
    layer = Layer(eye, eye, eye)
    found = backward(forward(x, layer), layer, x)
    assert found.d_w_q.shape == (2, 2)
    assert project(x, eye).tolist() == x.tolist()
