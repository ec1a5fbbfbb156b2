"""What comes out of the numbers a learner had: those on the sheet are rounded, and the learner's own may be wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from ..graph.example import STANDARD_SCALE
from ..operations.rules import NUMBERS, Rule
from ..operations.tensors import Address, Opened
from .terms import opened
from .trace import Trace

_OF_PRODUCTS = (Rule.SUM, Rule.AVERAGE, Rule.MAXIMUM)
"""Rules that are applied to what the numbers of each group come to; the others to the numbers."""
_MOST_TERMS = 512
"""Of a number that somebody works out by hand, or in a spreadsheet."""
_SCALE_DIGITS = 4
"""A scale is printed with more digits than other numbers."""


def what_follows(
    trace: Trace, cell: Address, own: Mapping[Address, float], digits: int | None = None
) -> tuple[float, ...]:
    """The numbers that `cell` may be taken for by somebody who works correctly from the numbers at hand.

    At hand are the learner's `own` numbers, and for the others what the sheet prints, with `digits` decimals; None:
    with all of them. There are several where a step can be worked out with or without rounding on the way; none for
    a number that is made of more than _MOST_TERMS others.
    """
    hand, found = _AtHand(trace, own, digits), opened(trace, cell)
    if found.rule is Rule.GIVEN or _is_long(trace, found):
        return ()
    with np.errstate(all="ignore"):
        numbers = (hand.worked(found), *_worked_otherwise(hand, found, digits))
    return tuple(number for number in numbers if not math.isnan(number))


def _worked_otherwise(hand: _AtHand, found: Opened, digits: int | None) -> tuple[float, ...]:
    """The same with what is printed of the numbers inside the step."""
    if digits is None or found.groups.lines:
        return ()
    match found.rule, tuple(found.operands):
        case Rule.PRODUCT, (score, factor):
            return hand.scaled(score, factor, digits)
        case Rule.QUOTIENT, (_, total):
            return hand.shares(found.cell, total, digits)
    return ()


class _AtHand:
    """The numbers somebody has who fills in a sheet."""

    def __init__(self, trace: Trace, own: Mapping[Address, float], digits: int | None) -> None:
        self._trace = trace
        self._own = own
        self._digits = digits
        self._known: dict[Address, float] = {}
        self._seen: dict[str, bool] = {}

    def value(self, cell: Address) -> float:
        """One number: the learner's own; else as it is printed; else, inside a step, worked out from such numbers."""
        if cell in self._own:
            return self._own[cell]
        if cell.layer is not None or self._is_seen(cell.name):
            return self._printed(self._trace.value(cell))
        if cell not in self._known:
            self._known[cell] = self.worked(opened(self._trace, cell))
        return self._known[cell]

    def worked(self, found: Opened) -> float:
        """What a number comes to by the rule of its step; a setting is what it is."""
        if found.rule is Rule.GIVEN:
            return self._trace.value(found.cell)
        groups = [[np.float64(self.value(cell)) for cell in group] for group in found.groups]
        if found.rule in _OF_PRODUCTS:
            return float(NUMBERS[found.rule](*map(np.prod, groups)))
        return float(NUMBERS[found.rule](*(number for group in groups for number in group)))

    def scaled(self, score: Address, factor: Address, digits: int) -> tuple[float, ...]:
        """A score by the scale as it is printed, and by the rounded root."""
        value, scale = self.value(score), self.value(factor)
        if self._trace.example.attention.scale != STANDARD_SCALE:
            return (value * round(scale, _SCALE_DIGITS),)
        root = round(math.sqrt(self._trace.shape.d_k), digits)
        return (value * round(scale, _SCALE_DIGITS), value / root)

    def shares(self, cell: Address, total: Address, digits: int) -> tuple[float, ...]:
        """Softmax with the exponentials and their sum rounded as well, with the maximum and without."""
        summed = [one for group in opened(self._trace, total).groups for one in group]
        largest = [tuple(opened(self._trace, one).operands) for one in summed]
        logits, maxima = (np.array([self.value(one[index]) for one in largest]) for index in (0, 1))
        at = next(index for index, one in enumerate(summed) if (one.row, one.column) == (cell.row, cell.column))
        rounded = (np.round(np.exp(powers), digits) for powers in (logits - maxima, logits))
        return tuple(float(one[at] / one.sum()) for one in rounded if one.sum() > 0)

    def _is_seen(self, name: str) -> bool:
        """Whether a sheet prints these numbers: not those inside a step, nor a step that repeats another's."""
        if name not in self._seen:
            found = opened(self._trace, Address(name, 0, 0))
            is_number = self._trace.is_leaf(name) or self._trace.has(name)
            self._seen[name] = is_number and not _repeats(found)
        return self._seen[name]

    def _printed(self, number: float) -> float:
        return number if self._digits is None else round(number, self._digits)


def _is_long(trace: Trace, found: Opened) -> bool:
    """Whether it, or what stands in its quotient, is made of too many numbers."""
    inside = [opened(trace, one) for one in found.operands] if found.rule is Rule.QUOTIENT else []
    return any(len(one.groups) > _MOST_TERMS for one in (found, *inside))


def _repeats(found: Opened) -> bool:
    """Whether a step only copies numbers or adds a setting to them: a mask leaves most of them as they are."""
    operands: Sequence[Address] = () if found.groups.lines else tuple(found.operands)
    return found.rule is Rule.COPY or (found.rule is Rule.SUM and len(operands) == 2)
