"""The three losses: what they say of numbers that can be checked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from qkvtui.engine.losses import (
    attention_loss,
    attention_loss_backward,
    output_loss,
    output_loss_backward,
    read_labels,
    read_labels_backward,
)

pytestmark = pytest.mark.filterwarnings("error")


def test_the_loss_of_weights_is_the_mean_cross_entropy_of_the_rows() -> None:
    """The curve starts at another height than −Σ target · log(weight)."""
    logs = np.log([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]])
    target = np.array([[1.0, 0, 0], [0, 0.5, 0.5]])
    expected = (math.log(2) - 0.5 * math.log(0.8) - 0.5 * math.log(0.1)) / 2
    assert attention_loss(logs, target) == pytest.approx(expected, rel=1e-15)
    assert attention_loss_backward(target).tolist() == [[-0.5, 0, 0], [0, -0.25, -0.25]]


def test_a_key_that_is_not_asked_for_costs_nothing_even_behind_the_mask() -> None:
    """nan as the loss of a masked example: 0 × −∞."""
    assert attention_loss(np.array([[0.0, -np.inf]]), np.array([[1.0, 0]])) == 0
    assert attention_loss(np.array([[0.0, -np.inf]]), np.array([[0.5, 0.5]])) == np.inf


def test_the_loss_of_an_output_is_the_mean_of_the_squared_differences() -> None:
    """The curve is too high by the number of entries, or by half."""
    output, target = np.array([[1.0, 2], [3, 5]]), np.array([[1.0, 0], [0, 1]])
    assert output_loss(output, target) == (0 + 4 + 9 + 16) / 4
    assert output_loss_backward(output, target).tolist() == [[0, 1], [1.5, 2]]


def test_a_label_is_read_from_the_output_and_its_loss_goes_back() -> None:
    """The page of the answer shows probabilities, a loss or gradients that do not belong together."""
    w_r, b_r = np.array([[1.0, -1], [0, 0]]), np.array([0.0, math.log(3)])
    found = read_labels(np.array([[0.0, 7], [2, 0]]), w_r, b_r, (1, 0))
    np.testing.assert_allclose(found.probabilities[0], [0.25, 0.75], rtol=1e-15)
    assert found.answers == (1, 0)
    assert found.losses[0] == pytest.approx(-math.log(0.75))
    back = read_labels_backward(found, w_r, sentences=4)
    np.testing.assert_allclose(back.d_logits[0], [0.0625, -0.0625], rtol=1e-15)
    np.testing.assert_allclose(back.d_output, back.d_logits @ w_r.T)
    np.testing.assert_allclose(back.d_w_r, found.output.T @ back.d_logits)
    np.testing.assert_allclose(back.d_b_r, back.d_logits.sum(axis=0))


def test_a_hopeless_label_costs_what_its_logits_say() -> None:
    """inf or nan instead of 2000 in the curve, and nan in every matrix after it."""
    found = read_labels(np.array([[1000.0]]), np.array([[1.0, -1]]), None, (1,))
    assert found.losses.tolist() == [2000]
    assert read_labels_backward(found, np.array([[1.0, -1]]), 1).d_logits.tolist() == [[1, -1]]
