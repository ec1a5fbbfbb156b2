"""Gradients through everything that can be added to attention, beside complex-step derivatives of plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from qkvtui.files.read import parse_example
from qkvtui.trace.run import Run
from qkvtui.trace.trace import Trace
from tests.variants.tasks import LEARNABLE, Task

CLOSE = 1e-8


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


@pytest.mark.sampled(4)
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


@pytest.mark.slow
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
