"""RULES: what makes a number out of a few others."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

import numpy as np

from ..engine import activations as curves
from ..engine.arrays import FloatArray

NORM_EPSILON = 1e-6
"""Keeps a norm of zeros from dividing by 0."""


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
    TURNED_ONE = "first * second - third * fourth"
    """The first number of a pair that is turned: one · cos − other · sin."""
    TURNED_OTHER = "first * second + third * fourth"
    """The second: other · cos + one · sin."""
    CAPPED = "second * tanh(first / second)"
    THROUGH_CAP = "first * (1 - (second / third)^2)"
    NORMED = "first / sqrt(second + 1e-6) * third"
    UNIT = "first / sqrt(second + 1e-6)"
    ADDITIVE = "sum of first * tanh(second + third), in threes"
    THROUGH_TANH = "sum of first * second * (1 - tanh(third + fourth)^2), in fours"
    AVERAGE = "mean of the terms"
    RMS_NORMED = "first / sqrt(second + third) * fourth"
    LAYER_NORMED = "(first - second) / sqrt(third + fourth) * fifth + sixth"
    LAYER_SHIFTED = "(first - second) / sqrt(third + fourth) + fifth"
    """With a bias and no gain."""
    STANDARD = "(first - second) / sqrt(third + fourth)"
    THROUGH_LAYER_NORM = "(first - second - third * fourth) / sqrt(fifth + sixth)"
    THROUGH_RMS_NORM = "(first - second * third) / sqrt(fourth + fifth)"
    VARIANCE = "mean of (term - first)^2 over the other terms"
    RELU = "max(first, 0)"
    GELU = "first * Phi(first)"
    GELU_TANH = "first * Phi(first), Phi by tanh"
    SILU = "first / (1 + exp(-first))"
    THROUGH_RELU = "first where second > 0, else 0"
    THROUGH_GELU = "first * the slope of gelu at second"
    THROUGH_GELU_TANH = "first * the slope of gelu by tanh at second"
    THROUGH_SILU = "first * the slope of silu at second"
    OVER_LENGTH = "first / sqrt(second)"
    """0 where both are 0."""
    THROUGH_LENGTH = "(first - second * third) / sqrt(fourth)"
    """0 where the fourth is 0."""
    THROUGH_NORM = "(first * second - third * fourth) / sqrt(fifth + 1e-6)"
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


def _additive(*terms: FloatArray) -> FloatArray:
    """Of three numbers each: the first times tanh of the other two together."""
    parts = (one * np.tanh(query + key) for one, query, key in zip(terms[::3], terms[1::3], terms[2::3], strict=True))
    return np.asarray(sum(parts))


def _through_tanh(*terms: FloatArray) -> FloatArray:
    """Of four numbers each: the first two times how steep tanh is at the sum of the other two."""
    fours = zip(terms[::4], terms[1::4], terms[2::4], terms[3::4], strict=True)
    return np.asarray(sum(gradient * one * (1 - np.tanh(query + key) ** 2) for gradient, one, query, key in fours))


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
    Rule.TURNED_ONE: lambda one, cos, other, sin: one * cos - other * sin,
    Rule.TURNED_OTHER: lambda other, cos, one, sin: other * cos + one * sin,
    Rule.CAPPED: lambda score, cap: cap * np.tanh(score / cap),
    Rule.THROUGH_CAP: lambda gradient, capped, cap: gradient * (1 - (capped / cap) ** 2),
    Rule.NORMED: lambda x, square, gain: x / np.sqrt(square + NORM_EPSILON) * gain,
    Rule.UNIT: lambda x, square: x / np.sqrt(square + NORM_EPSILON),
    Rule.ADDITIVE: _additive,
    Rule.THROUGH_TANH: _through_tanh,
    Rule.AVERAGE: lambda *terms: sum(terms[1:], terms[0]) / len(terms),
    Rule.RMS_NORMED: lambda x, square, epsilon, gain=1.0: x / np.sqrt(square + epsilon) * gain,
    Rule.LAYER_NORMED: lambda x, mean, square, epsilon, gain=1.0, bias=0.0: (
        (x - mean) / np.sqrt(square + epsilon) * gain + bias
    ),
    Rule.LAYER_SHIFTED: lambda x, mean, square, epsilon, bias: (x - mean) / np.sqrt(square + epsilon) + bias,
    Rule.STANDARD: lambda x, mean, square, epsilon: (x - mean) / np.sqrt(square + epsilon),
    Rule.THROUGH_LAYER_NORM: lambda d, mean, unit, along, square, epsilon: (
        (d - mean - unit * along) / np.sqrt(square + epsilon)
    ),
    Rule.THROUGH_RMS_NORM: lambda d, unit, along, square, epsilon: (d - unit * along) / np.sqrt(square + epsilon),
    Rule.VARIANCE: lambda mean, *terms: sum((term - mean) ** 2 for term in terms) / len(terms),
    Rule.RELU: curves.relu,
    Rule.GELU: curves.gelu,
    Rule.GELU_TANH: curves.gelu_tanh,
    Rule.SILU: curves.silu,
    Rule.THROUGH_RELU: lambda gradient, x: gradient * curves.relu_slope(x),
    Rule.THROUGH_GELU: lambda gradient, x: gradient * curves.gelu_slope(x),
    Rule.THROUGH_GELU_TANH: lambda gradient, x: gradient * curves.gelu_tanh_slope(x),
    Rule.THROUGH_SILU: lambda gradient, x: gradient * curves.silu_slope(x),
    Rule.OVER_LENGTH: lambda x, square: np.where(square == 0, 0.0, x / np.sqrt(np.where(square == 0, 1.0, square))),
    Rule.THROUGH_LENGTH: lambda d, unit, sum_, square: np.where(
        square == 0, 0.0, (d - unit * sum_) / np.sqrt(np.where(square == 0, 1.0, square))
    ),
    Rule.THROUGH_NORM: lambda d, gain, unit, mean, square: (d * gain - unit * mean) / np.sqrt(square + NORM_EPSILON),
    Rule.DESCENT: lambda old, rate, direction: old - rate * direction,
    Rule.VELOCITY: lambda u, gradient: 0.9 * u + gradient,
    Rule.DIRECTION: _direction,
    Rule.MEAN: lambda m, gradient, share: (0.9 * m + 0.1 * gradient) / share,
    Rule.MEAN_SQUARE: lambda v, gradient, share: (0.999 * v + 0.001 * gradient**2) / share,
}
"""The number that a rule makes of its operands; works on arrays that broadcast."""
