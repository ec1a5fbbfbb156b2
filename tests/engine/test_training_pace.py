"""How long training takes beside a bare NumPy loop that keeps no records."""

from __future__ import annotations

import time

import numpy as np
import pytest

from qkvtui.engine.arrays import FloatArray
from qkvtui.engine.tasks import Task, WeightTargets
from qkvtui.engine.training import train

UPDATES, RATE, QUERY = 500, 0.01, 7
TARGET = np.array([0.05, 0.45, 0, 0, 0, 0.02, 0, 0.4, 0, 0, 0.08])
RNG = np.random.default_rng(0)
X, W_Q, W_K, W_V = (RNG.normal(size=shape) for shape in ((11, 6), (6, 4), (6, 4), (6, 3)))


def bare_loop() -> tuple[FloatArray, FloatArray]:
    """The same arithmetic as one would write it down."""
    w_q, w_k, scale, asked = W_Q.copy(), W_K.copy(), 0.5, TARGET > 0
    losses = []
    for _ in range(UPDATES):
        q, k = X @ w_q, X @ w_k
        scaled = (q @ k.T) * scale
        exponentials = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
        weights = exponentials / exponentials.sum(axis=-1, keepdims=True)
        losses.append(-(TARGET[asked] * np.log(weights[QUERY, asked])).sum())
        d_scores = np.zeros_like(weights)
        d_scores[QUERY] = (weights[QUERY] * TARGET.sum() - TARGET) * scale
        d_q, d_k = d_scores @ k, d_scores.T @ q
        w_q -= RATE * (X.T @ d_q)
        w_k -= RATE * (X.T @ d_k)
    return w_q, w_k


def recorded() -> tuple[FloatArray, FloatArray]:
    task = Task({"X": X, "W_Q": W_Q, "W_K": W_K, "W_V": W_V}, WeightTargets((QUERY,), TARGET[None]), ("W_Q", "W_K"))
    records = list(train(task, "sgd", RATE, UPDATES))
    return records[-1].parameters["W_Q"], records[-1].parameters["W_K"]


def test_the_bare_loop_learns_the_same_matrices() -> None:
    """The two that are compared do different work."""
    for found, expected in zip(recorded(), bare_loop(), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.slow
def test_records_cost_less_than_half_of_what_the_arithmetic_costs() -> None:
    """The learning screen waits where a script would not."""
    took: dict[object, list[float]] = {bare_loop: [], recorded: []}
    for _ in range(30):
        for work in (bare_loop, recorded):
            began = time.process_time()
            work()
            took[work].append(time.process_time() - began)
    assert min(took[recorded]) < 1.5 * min(took[bare_loop])
