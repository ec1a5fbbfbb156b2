"""Lines of dots, several to a terminal cell: braille, or in ASCII what comes closest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..engine.arrays import FloatArray

Dots = NDArray[np.bool_]
"""(dots down, dots across); row 0 is the top."""

BRAILLE_CELL = (4, 2)
"""Dots of a cell, down and across: they are as far apart both ways."""

_BRAILLE = np.array(((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80)))
"""The bit of each dot of a character."""


def braille(dots: Dots) -> list[list[str]]:
    """The character of each cell; one without a dot is blank."""
    down, across = BRAILLE_CELL
    cells = dots.reshape(dots.shape[0] // down, down, dots.shape[1] // across, across)
    numbers = (cells * _BRAILLE[:, None, :]).sum(axis=(1, 3))  # (rows, columns)
    return [[chr(0x2800 + number) if number else " " for number in row] for row in numbers.tolist()]


def strokes(dots: Dots, start: FloatArray, end: FloatArray, every: int = 1) -> None:
    """Set the dots of a straight line between two places, each (down, across) in dots; of `every` so many only one.

    What lies outside is left out.
    """
    count = int(np.ceil(np.abs(end - start).max())) + 1
    places = np.rint(np.linspace(start, end, count)).astype(np.int64)[::every]
    inside = ((places >= 0) & (places < dots.shape)).all(axis=1)
    dots[tuple(places[inside].T)] = True
