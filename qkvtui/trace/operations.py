"""What makes a number out of its terms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from math import exp, fsum, inf, log, prod, sqrt

from ..engine.optimisers import BETA_1, BETA_2, EPSILON, MOMENTUM


class Operation(Enum):
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


def recomputed(operation: Operation, values: Sequence[float]) -> float:
    """What an operation makes of its terms' values, in plain arithmetic."""
    match operation:
        case Operation.SUM | Operation.REST:
            return -inf if -inf in values else fsum(values)
        case Operation.PRODUCT:
            return prod(values)
        case Operation.QUOTIENT:
            return values[0] / values[1] if values[1] else 0.0
        case Operation.EXPONENTIAL:
            return 0.0 if values[0] == -inf else exp(values[0] - values[1])
        case Operation.MAXIMUM:
            return max(values)
        case Operation.GIVEN | Operation.COPY:
            return values[0]
        case _:
            return _FORMULAS[operation](*values)


def _log_loss(target: float, weight: float, count: float) -> float:
    if target == 0:
        return 0.0
    return -target * log(weight) / count if weight > 0 else inf


def _per_weight(target: float, weight: float, count: float) -> float:
    if target == 0:
        return 0.0
    return -target / weight / count if weight > 0 else -inf


def _share(*logits: float) -> float:
    return 1 / fsum(exp(min(700.0, one - logits[0])) for one in logits)


_FORMULAS: dict[Operation, Callable[..., float]] = {
    Operation.SHARE: _share,
    Operation.CROSS_ENTROPY: _log_loss,
    Operation.SQUARED_ERROR: lambda number, target, count: (number - target) ** 2 / count,
    Operation.NEGATIVE_LOG: lambda share, count: -log(share) / count if share > 0 else inf,
    Operation.DIFFERENCE: lambda number, target, count: (number - target) / count,
    Operation.TWICE_DIFFERENCE: lambda number, target, count: 2 * (number - target) / count,
    Operation.PER_WEIGHT: _per_weight,
    Operation.JACOBIAN: lambda weight, gradient, mean: weight * (gradient - mean),
    Operation.DESCENT: lambda old, rate, direction: old - rate * direction,
    Operation.VELOCITY: lambda before, gradient: MOMENTUM * before + gradient,
    Operation.DIRECTION: lambda mean, square: mean / (sqrt(square) + EPSILON),
    Operation.MEAN: lambda before, gradient, share: (BETA_1 * before + (1 - BETA_1) * gradient) / share,
    Operation.MEAN_SQUARE: lambda before, gradient, share: (BETA_2 * before + (1 - BETA_2) * gradient**2) / share,
}
