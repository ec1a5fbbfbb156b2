"""The axes of the loss curve: which numbers stand on them, and where a loss belongs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import ceil, floor, log10

import numpy as np

from ..engine.arrays import BoolArray, FloatArray
from ..narration.numbers import NumberFormat
from ..records import record

_DECADES = 100.0
"""Losses that span more than this factor are drawn on a logarithmic axis."""
_ROWS_A_TICK = 3
_NARROWEST = 1e-4
"""The least part of its largest loss that an axis spans: what differs by less is the same for a reader."""
_LARGEST = 1e300
_AS_GOOD_AS_0 = 1e-300
"""Losses below it are drawn at 0: parts of them are no numbers of their own any more."""
_LARGEST_FIXED, _LEAST_FIXED = 1e6, 1e-4
"""Numbers beyond are written with an exponent."""


@record(frozen=True)
class LossAxis:
    """The axis of the losses."""

    least: float
    most: float
    """What stands at its lower and its upper end."""
    rows: int
    """How many rows of cells it has."""
    logarithmic: bool
    ticks: tuple[float, ...]
    """The losses that are written at it."""
    labels: tuple[str, ...]
    """How they are written."""

    def share(self, loss: float) -> float:
        """Where a loss that `can_be_drawn` belongs: 0 at the lower end, 1 at the upper."""
        return float(self.shares(np.array([loss]))[0])

    def shares(self, losses: FloatArray) -> FloatArray:
        """The same for several."""
        if self.logarithmic:
            return np.asarray((np.log10(losses) - log10(self.least)) / (log10(self.most) - log10(self.least)))
        return np.asarray((losses - self.least) / (self.most - self.least))


def can_be_drawn(losses: FloatArray) -> BoolArray:
    """Which losses are numbers, and not so large that sums with them are none."""
    return np.asarray(np.abs(losses) < _LARGEST)


def loss_axis(losses: FloatArray, rows: int) -> LossAxis:
    """The axis for these losses; those that cannot be drawn are left out of it."""
    finite = losses[can_be_drawn(losses)]
    if not finite.size:
        return LossAxis(0.0, 1.0, rows, logarithmic=False, ticks=(), labels=())
    least, most = float(finite.min()), float(finite.max())
    if least > 0 and most / _DECADES > least:
        return _logarithmic(least, most, rows)
    return _linear(least, most, rows)


def _linear(least: float, most: float, rows: int) -> LossAxis:
    """From the multiple of a round number below the least loss to the one above the greatest."""
    size = max(abs(least), abs(most))
    if size < _AS_GOOD_AS_0:
        least, most = 0.0, 1.0
    elif most / size - least / size < _NARROWEST:
        least, most = least - size / 2, most + size / 2
    intervals = max(1, round((rows - 1) / _ROWS_A_TICK))
    step = next(step for step in _round_numbers(most / intervals - least / intervals) if _fits(step, least, most, rows))
    low, high = floor(least / step), ceil(most / step)
    ticks = [number * step for number in range(low, high + 1)]
    decimals = max(0, -floor(log10(step)))
    exponent = decimals > -log10(_LEAST_FIXED) + 2 or max(abs(ticks[0]), abs(ticks[-1])) >= _LARGEST_FIXED
    written = NumberFormat(_mantissa(step, ticks) if exponent else decimals, exponent)
    return LossAxis(low * step, high * step, rows, False, tuple(ticks), tuple(map(written.text, ticks)))


def _fits(step: float, least: float, most: float, rows: int) -> bool:
    """Whether an axis of this step gives its ticks rows of their own."""
    return ceil(most / step) - floor(least / step) <= max(1, rows - 1)


def _mantissa(step: float, ticks: list[float]) -> int:
    """How many decimals tell ticks apart that are written with an exponent."""
    return max(0, floor(log10(max(map(abs, ticks)))) - floor(log10(step)))


def _round_numbers(least: float) -> Iterator[float]:
    """1, 2 or 5 times a power of ten, from this number upwards."""
    exponent = floor(log10(least))
    while True:
        for factor in (1, 2, 5):
            number = _power(factor, exponent)
            if number >= least * (1 - 1e-9):
                yield number
        exponent += 1


def _power(factor: int, exponent: int) -> float:
    """factor · 10^exponent, the number that it is written as."""
    return float(f"{factor}e{exponent}")


def _logarithmic(least: float, most: float, rows: int) -> LossAxis:
    """From 1, 2 or 5 times a power of ten below the least loss to the one above the greatest."""
    low = _power(1, floor(log10(least)))
    low = next((number for number in (5 * low, 2 * low) if number <= least), low) or least
    high = next(_round_numbers(most))
    axis = LossAxis(low, high, rows, True, (), ())
    ticks = _spread(axis)
    return LossAxis(low, high, rows, True, ticks, tuple(_written(tick) for tick in ticks))


def _spread(axis: LossAxis) -> tuple[float, ...]:
    """Both ends, and between them the powers of ten that are two rows away from their neighbours."""
    apart = 2 / max(1, axis.rows - 1)
    kept, top = [axis.least], 1 - apart
    for exponent in range(ceil(log10(axis.least)), floor(log10(axis.most)) + 1):
        tick = _power(1, exponent)
        if axis.least < tick < axis.most and axis.share(kept[-1]) + apart <= axis.share(tick) <= top:
            kept.append(tick)
    return (*kept, axis.most)


def _written(tick: float) -> str:
    if not _LEAST_FIXED <= tick < _LARGEST_FIXED:
        return NumberFormat(0, exponent=True).text(tick)
    return NumberFormat(max(0, -floor(log10(tick) + 1e-9))).text(tick)


def update_ticks(last: int, columns: int, column_of: Callable[[int], int]) -> tuple[str, frozenset[int]]:
    """The numbers below the axis of the updates 0 … last, and the columns that they belong to.

    The first and the last are there, and between them as many multiples of a round number as are easily read.
    """
    longest = len(NumberFormat(0).text(last))
    most = max(1, columns // (longest + 4))
    step = next(int(step) for step in _round_numbers(max(1.0, last / most)))
    line, ticks = "", set()
    end = NumberFormat(0).text(last)
    for update in [*range(0, last, step), last]:
        text = NumberFormat(0).text(update)
        column = column_of(update)
        start = max(0, min(column - (len(text) - 1) // 2, columns - len(text)))
        before_the_last = start + len(text) + 2 <= columns - len(end)
        if (update == last or before_the_last) and start >= len(line) + bool(line):
            line = f"{line:{start}}{text}"
            ticks.add(column)
    return f"{line:{columns}}", frozenset(ticks)
