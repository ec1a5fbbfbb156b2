"""Gradients through everything that can be added to attention, beside complex-step derivatives of plain NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from qkvtui.files.read import parse_example
from qkvtui.trace.run import Run
from qkvtui.trace.trace import Trace
from tests.variants.reference import last_of, steps
from tests.variants.sampling import KINDS, Sample

CLOSE = 1e-8
STEP = 1e-30
LEARNABLE = [kind for kind in KINDS if kind != "scores"]


class Task:
    """A sample with something to learn, and the reference's loss of it."""

    def __init__(self, kind: str, seed: int) -> None:
        self.sample = sample = Sample(kind, seed, learns=True)
        found = steps(sample.tables, sample.t, sample.s)
        self.head = int(sample.rng.integers(len(found["weights"])))
        of_head = found["weights"][self.head]
        seen = [row for row in range(sample.t) if of_head[row].any()]
        self.of_weights = bool(seen) and bool(sample.rng.random() < 0.5)
        rows = seen if self.of_weights else range(sample.t)
        self.rows = [row for row in rows if sample.rng.random() < 0.8] or [rows[0]]
        if self.of_weights:
            wanted = np.where(of_head[self.rows] > 0, sample.rng.uniform(0.1, 1, (len(self.rows), sample.s)), 0)
            self.target = wanted / wanted.sum(axis=1, keepdims=True)
        else:
            self.target = sample.rng.standard_normal((len(self.rows), last_of(found).shape[1]))
        self.train = [*sample.parameters, *sample.inputs]
        sample.learn = {
            "objective": "attention" if self.of_weights else "output",
            "target": {str(row): wanted for row, wanted in zip(self.rows, self.target.tolist(), strict=True)},
            "train": self.train,
            "rate": 0.1,
            "steps": 3,
            **({"head": self.head} if self.of_weights else {}),
        }

    def loss(self, moved: dict[str, Any]) -> complex:
        tables = {
            table: {name: moved.get(name, value) for name, value in getattr(self.sample, table).items()}
            for table in ("inputs", "parameters", "attention")
        }
        found = steps(tables, self.sample.t, self.sample.s)
        if self.of_weights:
            weights = found["weights"][self.head][self.rows]
            logs = np.log(np.where(self.target > 0, weights, 1))
            return complex(-(self.target * logs).sum() / len(self.rows))
        difference = last_of(found)[self.rows] - self.target
        return complex((difference**2).sum() / self.target.size)

    def gradient(self, name: str) -> Any:
        value = np.array({**self.sample.inputs, **self.sample.parameters}[name], dtype=complex)
        found = np.zeros(value.shape)
        for index in np.ndindex(value.shape):
            moved = value.copy()
            moved[index] += 1j * STEP
            found[index] = self.loss({name: moved}).imag / STEP
        return found


def check(kind: str, seed: int) -> None:
    task = Task(kind, seed)
    example = task.sample.example()
    trace = Trace(example)
    assert trace.backward.loss == pytest.approx(task.loss({}).real, rel=CLOSE, abs=CLOSE), task.sample.text
    run = Run(example)
    for name in task.train:
        expected = task.gradient(name)
        of_run = run.last.gradients[name]
        assert np.allclose(of_run, expected, rtol=CLOSE, atol=CLOSE), (name, task.sample.text)
        if trace.has(f"d_{name}"):
            found = trace.matrix(f"d_{name}")
            assert np.allclose(found.reshape(expected.shape), expected, rtol=CLOSE, atol=CLOSE), (
                name,
                task.sample.text,
            )
        else:
            assert not expected.any(), (name, task.sample.text)


@pytest.mark.parametrize("kind", LEARNABLE)
@pytest.mark.parametrize("seed", range(3))
def test_gradients_are_those_of_the_reference(kind: str, seed: int) -> None:
    """The way back would have shown wrong numbers, and learning would have gone the wrong way."""
    check(kind, seed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", LEARNABLE)
def test_gradients_are_those_of_the_reference_whatever_else_is_added(kind: str) -> None:
    """Through two things at once the way back would have shown wrong numbers."""
    for seed in range(3, 70):
        check(kind, seed)


SENTENCES = """
format = 1
title = "label"
tokens = ["it", "is", "tired"]
[parameters]
W_Q = [[1, 0.5], [0.2, 1]]
W_K = [[1, -0.3], [0.1, 1]]
W_V = [[0.7, 0], [0, 1]]
W_R = [[0.5, -0.1], [-0.4, 0.3]]
g_Q = [1.5, 0.5]
g_K = [1, -2]
[attention]
rotary = { theta = 10 }
norm = "rms"
window = 2
softcap = 2
bias = { kind = "alibi", slopes = [0.5] }
sink = [0.3]
[learn]
objective = "label"
train = ["W_Q", "W_K", "W_V", "E", "W_R", "g_Q", "g_K"]
[learn.vocabulary]
it = [0.5, 0.5]
is = [0.3, -0.2]
tired = [1, 0]
wide = [0, 1]
[[learn.sentences]]
tokens = ["it", "is", "tired"]
label = "a"
[[learn.sentences]]
tokens = ["it", "wide"]
query = "wide"
label = "b"
"""


def test_sentences_with_everything_added_are_learned_from_by_the_right_gradient() -> None:
    """Learning labels would have gone by the gradient of plain attention."""
    run = Run(parse_example(SENTENCES))
    descent, start = run.last.lean, run.last.vector
    step = 1e-6
    for index in range(len(start)):
        moved = [start.copy(), start.copy()]
        moved[0][index] += step
        moved[1][index] -= step
        slope = (descent.at(moved[0])[0] - descent.at(moved[1])[0]) / (2 * step)
        assert run.last.gradient[index] == pytest.approx(slope, rel=1e-6, abs=1e-8)
    before = run.last.loss
    for _ in range(5):
        run.step()
    assert run.last.loss < before
