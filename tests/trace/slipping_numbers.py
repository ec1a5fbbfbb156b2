"""The arithmetic of somebody who calculates number by number."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np

from qkvtui.engine.arrays import FloatArray


def product(left: FloatArray, right: FloatArray) -> FloatArray:
    """left · right, sum by sum."""
    return np.array([[sum(a * b for a, b in zip(row, column, strict=True)) for column in right.T] for row in left])


def exp(row: FloatArray) -> FloatArray:
    """exp of each, the largest taken away first, as everybody does who has a computer."""
    largest = row.max()
    return np.zeros(len(row)) if np.isneginf(largest) else np.exp(row - largest)


def turned(rows: FloatArray, theta: float, width: int, halves: bool, first: int, way: int) -> FloatArray:
    """Each pair of a row turned by an angle that grows with its place; `way` −1 turns back."""
    found = rows.copy()
    for place, row in enumerate(rows):
        for pair in range(width // 2):
            a, b = (pair, pair + width // 2) if halves else (2 * pair, 2 * pair + 1)
            angle = way * (first + place) * theta ** (-2 * pair / width)
            found[place, a] = row[a] * math.cos(angle) - row[b] * math.sin(angle)
            found[place, b] = row[b] * math.cos(angle) + row[a] * math.sin(angle)
    return found


def by_hand(value: float, unit: Decimal, ties: str) -> float:
    """A number as it is written down."""
    return float(Decimal(repr(round(value, 10))).quantize(unit, ties)) if math.isfinite(value) else value
