"""Blocks, layer for layer, against NumPy that shares nothing with the program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from qkvtui.engine import activations
from qkvtui.files.read import parse_example
from qkvtui.operations.activation import CURVES
from qkvtui.trace.trace import Trace
from tests.blocks.drawn import drawn, grown, read
from tests.blocks_oracle import model

STEPS = ("embeddings", "weights", "output", "hidden", "fed", "left", "logits", "capped_logits", "probabilities")


@pytest.mark.sampled(8)
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


@pytest.mark.parametrize(
    "rule", ['rotary = { theta = 100, pairs = "halves" }', 'bias = { kind = "alibi", slopes = [0.5] }']
)
def test_positions_by_rule_are_in_a_block_what_they_are_in_a_head_alone(rule: str) -> None:
    """A block with rotary positions or a bias by rule ended in a traceback."""
    top = 'format = 1\ntitle = "t"\ntokens = ["a", "b", "c"]\n[inputs]\nX = [[1, 0], [0.5, 1], [-1, 2]]\n'
    parameters = "W_Q = [[1, 0.5], [0, 1]]\nW_K = [[1, 2], [0.5, 1]]\nW_V = [[1, 0], [0, 1]]\n"
    alone = Trace(parse_example(f"{top}[parameters]\n{parameters}[attention]\n{rule}\n"))
    block = Trace(parse_example(f"{top}[[blocks]]\n[blocks.parameters]\n{parameters}[blocks.attention]\n{rule}\n"))
    np.testing.assert_array_equal(block.matrix("weights"), alone.matrix("weights"))
