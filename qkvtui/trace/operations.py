"""What makes a number out of its terms."""

from __future__ import annotations

from enum import Enum


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
