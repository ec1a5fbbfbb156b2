"""What comes out of the numbers a learner had: those on the sheet are rounded, and the learner's own may be wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from ..engine.softmax import softmax_stages
from ..graph.example import STANDARD_SCALE
from ..operations.rules import Rule
from ..operations.tensors import Address
from .terms import opened, softmax_line
from .trace import Trace

_SCALE_DIGITS = 4
"""A scale is printed with more digits than other numbers."""


def what_follows(trace: Trace, cell: Address, own: Mapping[Address, float], digits: int) -> tuple[float, ...]:
    """The numbers that `cell` may be taken for by somebody who works correctly from the numbers at hand.

    At hand are the learner's `own` numbers, and for the others what the sheet prints, with `digits` decimals. There
    are several where a step can be worked out with or without rounding on the way.
    """
    hand, found = _AtHand(trace, own, digits), opened(trace, cell)
    if len(found.groups.lines) == 2:
        left, right = found.groups.lines
        total = sum(hand.value(a) * hand.value(b) for a, b in zip(left, right, strict=True))
        return (total + sum(hand.value(bias) for (bias,) in found.groups.more),)
    match found.rule, tuple(found.operands):
        case Rule.PRODUCT, (score, factor):
            return hand.scaled(hand.value(score), trace.value(factor))
        case Rule.SUM, (score, added):
            return (hand.value(score) + trace.value(added),)
        case Rule.QUOTIENT, _:
            return hand.shares(cell)
    return ()


class _AtHand:
    """The numbers somebody has who fills in a sheet."""

    def __init__(self, trace: Trace, own: Mapping[Address, float], digits: int) -> None:
        self._trace = trace
        self._own = own
        self._digits = digits

    def value(self, cell: Address) -> float:
        """One number: the learner's own, or as it is printed; one that is only copied is as where it comes from."""
        if cell in self._own:
            return self._own[cell]
        found = opened(self._trace, cell)
        match found.rule, tuple(found.operands) if not found.groups.lines else ():
            case Rule.COPY, (source,):
                return self.value(source)
            case Rule.SUM, (score, added):
                return self.value(score) + self._trace.value(added)
        return round(self._trace.value(cell), self._digits)

    def scaled(self, score: float, factor: float) -> tuple[float, ...]:
        """A score by the scale as it is, as it is printed, and by the rounded root."""
        found = (score * factor, score * round(factor, _SCALE_DIGITS))
        root = round(math.sqrt(self._trace.shape.d_k), self._digits)
        return (*found, score / root) if self._trace.example.attention.scale == STANDARD_SCALE else found

    def shares(self, cell: Address) -> tuple[float, ...]:
        """Softmax of the row, and with the exponentials and their sum rounded as well, with the maximum and without."""
        line = softmax_line(self._trace, cell)
        logits = np.array([self.value(one) for one in line])
        stages = softmax_stages(logits, -1)
        found = [float(stages.weights[cell.column])]
        with np.errstate(all="ignore"):
            for powers in (stages.exponentials, np.exp(logits)):
                rounded = np.round(powers, self._digits)
                found.append(float(rounded[cell.column] / rounded.sum()))
        return tuple(one for one in found if math.isfinite(one))
