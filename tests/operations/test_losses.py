"""The three losses: what they say of numbers that can be checked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qkvtui.engine.arrays import FloatArray
from qkvtui.operations.loss import LabelLoss, Probabilities, attention_loss, output_loss
from qkvtui.operations.operation import Operation
from qkvtui.operations.product import Factor, Product
from qkvtui.operations.softmax import Softmax
from tests.operations.bench import Bench

pytestmark = pytest.mark.filterwarnings("error")


def loss_and_back(bench: Bench, loss: Operation) -> tuple[float, FloatArray]:
    """The loss, all its numbers added up; and what it sends back, (h, rows, columns)."""
    parts = bench.make("loss", loss)
    ((source, back),) = loss.back(bench, "loss", "")
    return float(parts.sum()), bench.make(f"d_{source}", back)


def single(number: float) -> FloatArray:
    return np.array([[float(number)]])


def test_the_loss_of_weights_is_the_mean_cross_entropy_of_the_rows() -> None:
    """The curve starts at another height than −Σ target · log(weight)."""
    weights = np.array([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]])
    target = np.array([[1.0, 0, 0], [0, 0.5, 0.5]])
    expected = (math.log(2) - 0.5 * math.log(0.8) - 0.5 * math.log(0.1)) / 2
    bench = Bench({"weights": weights, "target": target, "count": single(2), "scores": np.log(weights)})
    loss, d_weights = loss_and_back(bench, attention_loss("weights", "A"))
    assert loss == pytest.approx(expected, rel=1e-15)
    np.testing.assert_allclose(d_weights[0] * weights, [[-0.5, 0, 0], [0, -0.25, -0.25]], rtol=1e-15)
    ((source, jacobian),) = Softmax("scores").back(bench, "weights", "d_weights")
    assert source == "scores"
    np.testing.assert_allclose(bench.make("d_scores", jacobian)[0], (weights - target) / 2, rtol=1e-12)


def test_a_key_that_is_not_asked_for_costs_nothing_even_behind_the_mask() -> None:
    """nan as the loss of a masked example: 0 × −∞."""
    for target, expected in (([[1.0, 0]], 0.0), ([[0.5, 0.5]], np.inf)):
        bench = Bench({"weights": np.array([[1.0, 0]]), "target": np.array(target), "count": single(1)})
        assert loss_and_back(bench, attention_loss("weights", "A"))[0] == expected


def test_the_loss_of_an_output_is_the_mean_of_the_squared_differences() -> None:
    """The curve is too high by the number of entries, or by half."""
    output, target = np.array([[1.0, 2], [3, 5]]), np.array([[1.0, 0], [0, 1]])
    bench = Bench({"output": output, "target": target, "count": single(4)})
    loss, d_output = loss_and_back(bench, output_loss("output", "O", (0, 1)))
    assert loss == (0 + 4 + 9 + 16) / 4
    assert d_output[0].tolist() == [[0, 1], [1.5, 2]]
    first, d_first = loss_and_back(bench, output_loss("output", "O", (0,)))
    assert first == (0 + 4) / 4
    assert d_first[0].tolist() == [[0, 1], [0, 0]]


def test_a_label_is_read_from_the_output_and_its_loss_goes_back() -> None:
    """The page of the answer shows probabilities, a loss or gradients that do not belong together."""
    w_r, b_r = np.array([[1.0, -1], [0, 0]]), np.array([0.0, math.log(3)])
    output = np.array([[0.0, 7], [2, 0]])
    tensors = {"output": output, "W_R": w_r, "b_R": b_r, "target": np.array([[0.0, 1], [0, 0]]), "count": single(4)}
    bench = Bench(tensors)
    reading = Product(((Factor("output"), Factor("W_R")),), "b_R")
    bench.make("logits", reading)
    probabilities = bench.make("probabilities", Probabilities("logits"))
    np.testing.assert_allclose(probabilities[0, 0], [0.25, 0.75], rtol=1e-15)
    assert probabilities[0].argmax(axis=1).tolist() == [1, 0]
    loss, d_logits = loss_and_back(bench, LabelLoss("logits", "probabilities", ((0, 1),)))
    assert loss == pytest.approx(-math.log(0.75) / 4)
    np.testing.assert_allclose(d_logits[0], np.array([[0.0625, -0.0625], [0.0, 0.0]]), rtol=1e-15)
    found = {source: bench.make(f"d_{source}", one)[0] for source, one in reading.back(bench, "logits", "d_logits")}
    np.testing.assert_allclose(found["output"], d_logits[0] @ w_r.T)
    np.testing.assert_allclose(found["W_R"], output.T @ d_logits[0])
    np.testing.assert_allclose(found["b_R"], d_logits[0].sum(axis=0, keepdims=True))


def test_a_hopeless_label_costs_what_its_logits_say() -> None:
    """inf or nan instead of 2000 in the curve, and nan in every matrix after it."""
    logits = np.array([[1000.0, -1000.0]])
    bench = Bench({"logits": logits, "target": np.array([[0.0, 1]]), "count": single(1)})
    bench.make("probabilities", Probabilities("logits"))
    loss, d_logits = loss_and_back(bench, LabelLoss("logits", "probabilities", ((0, 1),)))
    assert loss == 2000
    assert d_logits[0].tolist() == [[1, -1]]
