"""Calculated numbers as a source prints them, and what is then said of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from qkvtui.graph.example import Example
from qkvtui.graph.printed import Published
from qkvtui.operations.tensors import Address
from qkvtui.trace.slips import Explanation
from qkvtui.trace.slips.prediction import Suspicions
from qkvtui.trace.trace import Trace
from tests.trace.slipping import Steps


def printed(example: Example, steps: Steps, decimals: int, rng: np.random.Generator, *, some: bool = True) -> Trace:
    """The example with the numbers of some steps (or of all), rounded, as published ones."""
    names = sorted(steps)
    if some:
        names = sorted(rng.choice(names, int(rng.integers(1, len(names) + 1)), replace=False).tolist())
    rows: dict[str, dict[int, tuple[float, ...]]] = {}
    for name in names:
        for head, matrix in enumerate(steps[name]):
            if some and head and rng.random() < 0.3:
                continue
            rounded = np.round(matrix, decimals) + 0.0
            whole = not some or rng.random() < 0.7
            chosen = range(len(matrix)) if whole else sorted({0, int(rng.integers(len(matrix)))})
            rows[f"{name}@{head}" if head else name] = {row: tuple(rounded[row].tolist()) for row in chosen}
    published = Published(rows, decimals)
    return Trace(replace(example, published=published))


def explain(trace: Trace, cell: Address, typed: float, decimals: int) -> tuple[Explanation, ...]:
    """What is said of one number, typed with so many decimals, where no other was."""
    suspicions = Suspicions(trace)
    return suspicions.explained(cell, typed, decimals, decimals, suspicions.fitting(cell, typed, decimals))


def ids_of(trace: Trace, cell: Address, typed: float, decimals: int) -> tuple[str, ...]:
    """The slips that explain a typed number, most specific first."""
    return tuple(dict.fromkeys(one.slips[0] for one in explain(trace, cell, typed, decimals)))
