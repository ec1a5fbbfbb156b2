"""RULES: what makes a number out of a few others."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

import numpy as np

from ..engine.arrays import FloatArray


class Rule(Enum):
    """What makes a number out of its terms."""

    GIVEN = "given"
    SUM = "sum"
    PRODUCT = "product"
    QUOTIENT = "quotient"
    """The first divided by the second; 0 where both are 0."""
    EXPONENTIAL = "exp of difference"
    """e to the power of the first minus the second; 0 where the first is −∞."""
    MAXIMUM = "maximum"
    COPY = "copy"
    REST = "rest of a sum"
    """Terms that were left out, added up."""
    SHARE = "exp(first) / sum of exp(all)"
    CROSS_ENTROPY = "-first * ln(second) / third"
    """0 where the first is 0."""
    SQUARED_ERROR = "(first - second)^2 / third"
    NEGATIVE_LOG = "-ln(first) / second"
    DIFFERENCE = "(first - second) / third"
    TWICE_DIFFERENCE = "2 * (first - second) / third"
    PER_WEIGHT = "-first / second / third"
    """0 where the first is 0."""
    JACOBIAN = "first * (second - third)"
    """A row of softmax backward: weight · (its gradient − the weighted mean of all gradients)."""
    DESCENT = "first - second * third"
    VELOCITY = "0.9 * first + second"
    DIRECTION = "first / (sqrt(second) + 1e-8)"
    MEAN = "(0.9 * first + 0.1 * second) / third"
    MEAN_SQUARE = "(0.999 * first + 0.001 * second^2) / third"


def _share(first: FloatArray, *others: FloatArray) -> FloatArray:
    largest = np.maximum.reduce([first, *others])
    total = sum((np.exp(one - largest) for one in others), np.exp(first - largest))
    return np.asarray(np.exp(first - largest) / total)


def _quotient(first: FloatArray, second: FloatArray) -> FloatArray:
    return np.where((first == 0) & (second == 0), 0.0, first / second)


def _exponential(first: FloatArray, second: FloatArray) -> FloatArray:
    return np.where(np.isneginf(first), 0.0, np.exp(first - second))


def _direction(mean: FloatArray, square: FloatArray) -> FloatArray:
    from ..engine.optimisers import EPSILON  # only here: few examples learn

    return np.asarray(mean / (np.sqrt(square) + EPSILON))


NUMBERS: dict[Rule, Callable[..., FloatArray]] = {
    Rule.SUM: lambda *terms: sum(terms[1:], terms[0]),
    Rule.PRODUCT: lambda *factors: np.prod(np.broadcast_arrays(*factors), axis=0),
    Rule.QUOTIENT: _quotient,
    Rule.EXPONENTIAL: _exponential,
    Rule.MAXIMUM: lambda *all_of: np.maximum.reduce(all_of),
    Rule.COPY: lambda first: first,
    Rule.SHARE: _share,
    Rule.CROSS_ENTROPY: lambda t, a, n: np.where(t == 0, 0.0, -t * np.log(np.where(t == 0, 1.0, a))) / n,
    Rule.SQUARED_ERROR: lambda x, t, n: (x - t) ** 2 / n,
    Rule.NEGATIVE_LOG: lambda p, n: -np.log(p) / n,
    Rule.DIFFERENCE: lambda p, t, n: (p - t) / n,
    Rule.TWICE_DIFFERENCE: lambda x, t, n: (x - t) * (2 / n),
    Rule.PER_WEIGHT: lambda t, a, n: np.where(t == 0, 0.0, -t / n / np.where(t == 0, 1.0, a)),
    Rule.JACOBIAN: lambda a, d, mean: a * (d - mean),
    Rule.DESCENT: lambda old, rate, direction: old - rate * direction,
    Rule.VELOCITY: lambda u, gradient: 0.9 * u + gradient,
    Rule.DIRECTION: _direction,
    Rule.MEAN: lambda m, gradient, share: (0.9 * m + 0.1 * gradient) / share,
    Rule.MEAN_SQUARE: lambda v, gradient, share: (0.999 * v + 0.001 * gradient**2) / share,
}
"""The number that a rule makes of its operands; works on arrays that broadcast."""
