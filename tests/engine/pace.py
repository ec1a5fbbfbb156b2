"""500 updates of `sentence-learn`, by the program and as one would write them down: what the two take is compared."""

from __future__ import annotations

from functools import cache

import numpy as np

from qkvtui.engine.arrays import FloatArray
from qkvtui.engine.tasks import Task
from qkvtui.files.read import load
from qkvtui.trace.learning import learn_of, starting_task
from tests.engine.runs import train

UPDATES = 500
RATE = 0.05
BETAS, EPSILON = (0.9, 0.999), 1e-8


@cache
def task() -> Task:
    """The file's task from its given numbers."""
    task = starting_task(load("sentence-learn"))
    assert isinstance(task, Task)
    return task


@cache
def target() -> tuple[int, FloatArray]:
    """The query that has a target, and its row (s,)."""
    learn = learn_of(load("sentence-learn"))
    assert learn.target is not None
    return learn.rows[0], learn.target[0]


def recorded() -> tuple[FloatArray, FloatArray]:
    """W_Q and W_K after the updates; every moment on the way is kept."""
    records = list(train(task(), "adam", RATE, UPDATES))
    return records[-1].parameters["W_Q"], records[-1].parameters["W_K"]


def bare_loop() -> tuple[FloatArray, FloatArray]:
    """The same arithmetic without records: NumPy, attention, cross-entropy, its gradient, Adam."""
    given, (query, wanted) = task().parameters, target()
    x, moving = given["X"], [given["W_Q"].copy(), given["W_K"].copy()]
    means, squares = [np.zeros_like(w) for w in moving], [np.zeros_like(w) for w in moving]
    scale, asked, losses = 1 / np.sqrt(moving[0].shape[1]), wanted > 0, []
    for update in range(1, UPDATES + 1):
        q, k = x @ moving[0], x @ moving[1]
        scaled = (q @ k.T) * scale
        exponentials = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
        weights = exponentials / exponentials.sum(axis=-1, keepdims=True)
        losses.append(-(wanted[asked] * np.log(weights[query, asked])).sum())
        d_scores = np.zeros_like(weights)
        d_scores[query] = (weights[query] * wanted.sum() - wanted) * scale
        for index, gradient in enumerate((x.T @ (d_scores @ k), x.T @ (d_scores.T @ q))):
            means[index] = BETAS[0] * means[index] + (1 - BETAS[0]) * gradient
            squares[index] = BETAS[1] * squares[index] + (1 - BETAS[1]) * gradient * gradient
            mean, square = means[index] / (1 - BETAS[0] ** update), squares[index] / (1 - BETAS[1] ** update)
            moving[index] = moving[index] - RATE * mean / (np.sqrt(square) + EPSILON)
    return moving[0], moving[1]
