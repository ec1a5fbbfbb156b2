"""The optimisers, number by number, and that they leave alone what they are given."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qkvtui.engine.optimisers import OPTIMISERS, State, adam, momentum, sgd

pytestmark = pytest.mark.filterwarnings("error")


def test_plain_descent_goes_rate_times_gradient() -> None:
    """The page of an update shows another number than θ − rate · g."""
    moved, state = sgd(np.array([1.0, 2.0]), np.array([0.5, -1.0]), State(), 0.5)
    assert moved.tolist() == [0.75, 2.5]
    assert state.first is None


def test_momentum_keeps_nine_tenths_of_its_speed() -> None:
    """The second update goes as far as the first."""
    moved, state = momentum(np.array([0.0]), np.array([1.0]), State(), 1.0)
    assert moved.tolist() == [-1]
    moved, state = momentum(moved, np.array([1.0]), state, 1.0)
    assert moved.tolist() == [-2.9]
    moved, state = momentum(moved, np.array([0.0]), state, 0.5)
    np.testing.assert_allclose(moved, [-2.9 - 0.5 * 1.71])


def test_adams_first_update_goes_the_rate_whatever_the_gradients_size() -> None:
    """Without bias correction it starts ten times too slow, or thirty."""
    gradient = np.array([1e-3, -7.0, 250.0])
    moved, state = adam(np.zeros(3), gradient, State(), 0.1)
    np.testing.assert_allclose(moved, -0.1 * gradient / (np.abs(gradient) + 1e-8), rtol=1e-12)
    assert state.updates == 1


def test_adam_follows_the_published_algorithm_number_by_number() -> None:
    """A reader of the paper computes the third update and gets another number."""
    theta, m, v = 1.0, 0.0, 0.0
    moved, state = np.array([theta]), State()
    for t, g in enumerate((0.3, -2.0, 0.7), 1):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        theta -= 0.01 * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
        moved, state = adam(moved, np.array([g]), state, 0.01)
        assert moved[0] == pytest.approx(theta, rel=1e-14)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_an_update_changes_nothing_that_it_was_given(name: str) -> None:
    """Going back in a run shows the numbers of a later update."""
    parameters, gradient, state = np.array([1.0, 2.0]), np.array([0.5, 0.25]), State()
    for _ in range(3):
        before = [array.copy() for array in (parameters, gradient)]
        remembered = [None if array is None else array.copy() for array in (state.first, state.second)]
        for array in (parameters, gradient, state.first, state.second):
            if array is not None:
                array.flags.writeable = False
        moved, following = OPTIMISERS[name](parameters, gradient, state, 0.1)
        again, _ = OPTIMISERS[name](parameters, gradient, state, 0.1)
        np.testing.assert_array_equal(moved, again)
        np.testing.assert_array_equal([parameters, gradient], before)
        for array, copy in zip((state.first, state.second), remembered, strict=True):
            assert (array is None) == (copy is None)
            assert array is None or np.array_equal(array, np.asarray(copy))
        parameters, gradient, state = moved, gradient * -0.5, following
