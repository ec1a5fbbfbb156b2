"""What each operation of an opened number means, in plain arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import erf, exp, fsum, inf, log, prod, sqrt

from qkvtui.operations.rules import Rule


def recomputed(operation: Rule, values: Sequence[float]) -> float:
    """What an operation makes of its terms' values, in plain arithmetic."""
    match operation:
        case Rule.SUM | Rule.REST:
            return -inf if -inf in values else fsum(values)
        case Rule.AVERAGE:
            return fsum(values) / len(values)
        case Rule.PRODUCT:
            return prod(values)
        case Rule.QUOTIENT:
            return values[0] / values[1] if values[1] else 0.0
        case Rule.EXPONENTIAL:
            return 0.0 if values[0] == -inf else exp(values[0] - values[1])
        case Rule.MAXIMUM:
            return max(values)
        case Rule.GIVEN | Rule.COPY:
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


def _spread(mean: float, *terms: float) -> float:
    return fsum((term - mean) ** 2 for term in terms) / len(terms)


_FORMULAS: dict[Rule, Callable[..., float]] = {
    Rule.RMS_NORMED: lambda number, square, epsilon, gain=1.0: number / sqrt(square + epsilon) * gain,
    Rule.LAYER_NORMED: lambda number, mean, square, epsilon, gain=1.0, bias=0.0: (
        (number - mean) / sqrt(square + epsilon) * gain + bias
    ),
    Rule.LAYER_SHIFTED: lambda number, mean, square, epsilon, bias: (number - mean) / sqrt(square + epsilon) + bias,
    Rule.STANDARD: lambda number, mean, square, epsilon: (number - mean) / sqrt(square + epsilon),
    Rule.VARIANCE: _spread,
    Rule.RELU: lambda number: max(number, 0.0),
    Rule.GELU: lambda number: number * 0.5 * (1 + erf(number / sqrt(2))),
    Rule.SILU: lambda number: number / (1 + exp(-number)),
    Rule.SHARE: _share,
    Rule.CROSS_ENTROPY: _log_loss,
    Rule.SQUARED_ERROR: lambda number, target, count: (number - target) ** 2 / count,
    Rule.NEGATIVE_LOG: lambda share, count: -log(share) / count if share > 0 else inf,
    Rule.DIFFERENCE: lambda number, target, count: (number - target) / count,
    Rule.TWICE_DIFFERENCE: lambda number, target, count: 2 * (number - target) / count,
    Rule.PER_WEIGHT: _per_weight,
    Rule.JACOBIAN: lambda weight, gradient, mean: weight * (gradient - mean),
    Rule.TURNED_ONE: lambda one, cos, other, sin: one * cos - other * sin,
    Rule.TURNED_OTHER: lambda other, cos, one, sin: other * cos + one * sin,
    Rule.DESCENT: lambda old, rate, direction: old - rate * direction,
    Rule.VELOCITY: lambda before, gradient: 0.9 * before + gradient,
    Rule.DIRECTION: lambda mean, square: mean / (sqrt(square) + 1e-8),
    Rule.MEAN: lambda before, gradient, share: (0.9 * before + 0.1 * gradient) / share,
    Rule.MEAN_SQUARE: lambda before, gradient, share: (0.999 * before + 0.001 * gradient**2) / share,
}
