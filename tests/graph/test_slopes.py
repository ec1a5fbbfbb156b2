"""How fast the loss really changes, against every gradient that the steps of learning show."""

from __future__ import annotations

import numpy as np
import pytest

from qkvtui.engine.arrays import FloatArray
from qkvtui.graph.example import Example
from qkvtui.trace.learning import example_with, learn_of, task_of
from qkvtui.trace.trace import Trace
from tests import samples

NAMES = tuple(name for name in samples.LESSONS if (one := samples.example(name)).learn is not None and not one.layers)
"""Those of whole layers, whose loss stands in the last one, are looked at in tests/blocks/test_learning.py."""
STEP = 1e-3


def own_loss(example: Example) -> float:
    """All numbers of the step `loss`: the part of the loss that the walked sentence has."""
    trace = Trace(example)
    heads = range(trace.shape.heads if trace.step("loss").type.per_head else 1)
    return sum(float(trace.matrix("loss", head).sum()) for head in heads)


def shown_gradient(trace: Trace, name: str, array: FloatArray) -> FloatArray:
    """What the steps show of a parameter's gradient; of the vocabulary, every row of X that a word is."""
    if name == "E":
        vocabulary = learn_of(trace.example).vocabulary
        assert vocabulary is not None
        found = np.zeros(array.shape)
        np.add.at(found, [vocabulary.words.index(token) for token in trace.example.tokens], trace.matrix("d_X"))
        return found
    return trace.matrix(f"d_{name}").reshape(array.shape) if trace.has(f"d_{name}") else np.zeros(array.shape)


def slope_along(trace: Trace, parameter: str, rng: np.random.Generator) -> tuple[float, float]:
    """How fast the loss changes along a random direction of a parameter, and how fast its gradient says."""
    array = task_of(trace.example).parameters[parameter]
    direction = rng.normal(size=array.shape)
    direction /= np.linalg.norm(direction)
    losses = [
        own_loss(example_with(trace.example, {parameter: _frozen(array + steps * STEP * direction)}))
        for steps in (-2, -1, 1, 2)
    ]
    slope = (losses[0] - 8 * losses[1] + 8 * losses[2] - losses[3]) / (12 * STEP)
    return slope, float((shown_gradient(trace, parameter, array) * direction).sum())


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", NAMES)
def test_the_loss_changes_along_every_trained_parameter_as_its_gradient_says(name: str) -> None:
    """A learner who changes a number of W_Q with `e` sees the loss go elsewhere than d_W_Q says."""
    trace, rng = samples.trace(name), np.random.default_rng(1)
    for parameter in learn_of(trace.example).train:
        slope, expected = slope_along(trace, parameter, rng)
        assert expected == pytest.approx(slope, rel=1e-6, abs=1e-9), parameter


def _frozen(array: FloatArray) -> FloatArray:
    array.flags.writeable = False
    return array
