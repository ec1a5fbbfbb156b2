"""How parameters move against their gradient: pure functions from one state to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from ..records import record
from .arrays import FloatArray

MOMENTUM = 0.9
BETA_1 = 0.9
BETA_2 = 0.999
EPSILON = 1e-8


@record(frozen=True, eq=False)
class State:
    """What an optimiser remembers; arrays have the parameters' shape."""

    updates: int = 0
    """How many there were since the optimiser started; sgd does not count."""
    first: FloatArray | None = None
    """momentum: the velocity; adam: the mean of the gradients, m. None before the first update."""
    second: FloatArray | None = None
    """adam: the mean of the squared gradients, v."""


Moved = tuple[FloatArray, State]
"""The parameters after an update, and the state for the next one."""

Optimiser = Callable[[FloatArray, FloatArray, State, float], Moved]
"""(parameters, gradient, state, rate) → Moved; nothing that is passed in changes."""


def sgd(parameters: FloatArray, gradient: FloatArray, state: State, rate: float) -> Moved:
    """Plain gradient descent: θ ← θ − rate · g."""
    return parameters - rate * gradient, state


def momentum(parameters: FloatArray, gradient: FloatArray, state: State, rate: float) -> Moved:
    """u ← 0.9 u + g, θ ← θ − rate · u (Polyak 1964, written as in torch.optim.SGD); u starts at 0."""
    velocity = gradient if state.first is None else MOMENTUM * state.first + gradient
    return parameters - rate * velocity, State(state.updates + 1, velocity)


def adam(parameters: FloatArray, gradient: FloatArray, state: State, rate: float) -> Moved:
    """Adam with the paper's names and constants (Kingma & Ba 2015, algorithm 1); m and v start at 0."""
    t = state.updates + 1
    m = (1 - BETA_1) * gradient
    v = (1 - BETA_2) * (gradient * gradient)
    if state.first is not None and state.second is not None:
        m += BETA_1 * state.first
        v += BETA_2 * state.second
    m_hat = m / (1 - BETA_1**t)
    v_hat = v / (1 - BETA_2**t)
    return parameters - rate * m_hat / (np.sqrt(v_hat) + EPSILON), State(t, m, v)


OPTIMISERS: Mapping[str, Optimiser] = MappingProxyType({"sgd": sgd, "momentum": momentum, "adam": adam})
"""By the name that a file gives."""
