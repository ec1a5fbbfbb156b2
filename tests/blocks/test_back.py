"""The way back through whole layers, against derivatives by complex steps: exact to the last digits."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from qkvtui.trace.trace import Trace
from tests.blocks.drawn import drawn, places
from tests.blocks.learning import block_to_learn
from tests.blocks_oracle import model

STEP = 1e-30


def loss(structure: dict[str, Any], row: int, wanted: Any) -> Any:
    """The mean of the squared differences of one row of what the last layer leaves."""
    left = model(structure)[-1]["left"][row]
    return ((left - np.array(wanted)) ** 2).sum() / len(wanted)


def by_steps(structure: dict[str, Any], name: str, row: int, wanted: Any) -> Any:
    """The derivative of the loss by each number of an array."""
    shape = np.shape(places(structure)[name][name])
    gradient = np.zeros(shape)
    for index in np.ndindex(shape):
        moved = copy.deepcopy(structure)
        table = places(moved)[name]
        table[name] = np.asarray(table[name]) + 0j
        table[name][index] += STEP * 1j
        gradient[index] = loss(moved, row, wanted).imag / STEP
    return gradient


@pytest.mark.sampled(1)
@pytest.mark.parametrize("seed", range(60))
def test_every_gradient_through_a_block_is_the_derivative(seed: int) -> None:
    """What comes back through a norm, a sum, a curve, a gate or a table was another number."""
    structure = drawn(seed)
    example = block_to_learn(seed)
    assert example.learn is not None
    assert example.learn.target is not None
    (row,), (wanted,) = example.learn.rows, example.learn.target
    trace = Trace(example)
    for name in example.learn.train:
        expected = by_steps(structure, name, row, wanted)
        found = trace.matrix(f"d_{name}") if trace.has(f"d_{name}") else np.zeros(expected.shape)
        least = 1e-9 * max(1.0, float(np.abs(expected).max()))  # what cancels has the digits of its summands
        np.testing.assert_allclose(found.reshape(expected.shape), expected, rtol=1e-8, atol=least, err_msg=name)
