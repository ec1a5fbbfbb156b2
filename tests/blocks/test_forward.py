"""Blocks, layer for layer, against NumPy that shares nothing with the program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from qkvtui.engine import activations
from qkvtui.operations.activation import CURVES
from qkvtui.trace.trace import Trace
from tests.blocks.drawn import drawn, grown, read
from tests.blocks_oracle import model

STEPS = ("embeddings", "weights", "output", "hidden", "fed", "left", "logits", "capped_logits", "probabilities")


@pytest.mark.sampled(38)
@pytest.mark.parametrize("grow", [drawn, grown])
@pytest.mark.parametrize("seed", range(80))
def test_a_block_is_what_numpy_makes_of_it(seed: int, grow: Callable[[int], dict[str, Any]]) -> None:
    """A norm at the wrong place, a forgotten sum or the wrong curve gave numbers that look right."""
    structure = grow(seed)
    trace = Trace(read(structure))
    (expected,) = model(structure)
    assert set(expected) <= {*STEPS}
    for step in STEPS:
        assert trace.has(step) == (step in expected), step
        if step in ("weights", "output"):
            found = np.array([trace.matrix(step, head) for head in range(trace.shape.heads)])
        elif step in expected:
            found = trace.matrix(step)
        else:
            continue
        np.testing.assert_allclose(found, expected[step].real, rtol=1e-10, atol=1e-10, err_msg=step)


@pytest.mark.parametrize("curve", sorted(CURVES))
def test_huge_numbers_go_through_every_curve_without_a_warning(curve: str) -> None:
    """NumPy warned above the page that a power of a number overflows which itself does not."""
    x = np.array([-1e200, -50.0, 0.0, 50.0, 1e200])
    with np.errstate(over="raise", invalid="raise"):
        np.testing.assert_array_equal(getattr(activations, curve)(x), np.maximum(x, 0))
        np.testing.assert_array_equal(getattr(activations, f"{curve}_slope")(x)[[0, 1, 3, 4]], [0, 0, 1, 1])
