"""How long training takes beside a bare NumPy loop that keeps no records."""

from __future__ import annotations

import time

import numpy as np
import pytest

from tests.engine.pace import bare_loop, recorded


def test_the_bare_loop_learns_the_same_matrices() -> None:
    """The two that are compared do different work."""
    for found, expected in zip(recorded(), bare_loop(), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-9)


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
