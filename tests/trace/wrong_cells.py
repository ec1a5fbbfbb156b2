"""Right sources in which one number is spoiled: one that was printed, or one of a parameter as the file has it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from qkvtui.graph.printed import Published
from qkvtui.trace.trace import Trace
from tests.trace.printing import printed
from tests.trace.slipping import commit
from tests.trace.slipping_examples import random_example

OF_ONE_NUMBER = {"arithmetic", "copied-wrong", "row-adjusted", "misprinted-parameter", "impossible-softmax"}
SPOILT = ("units", "digits exchanged", "sign", "neighbour", "something else")
Place = tuple[str, int, int]
"""A step (with its head), a row and a column."""


def spoiled_source(seed: int) -> tuple[Trace, Place, str]:
    """A source with one wrong number, its place, and what was done to it."""
    rng = np.random.default_rng([seed, 41])
    how = SPOILT[seed % len(SPOILT)]
    while True:
        example = random_example(rng)
        decimals = int(rng.integers(1, 5))
        trace = printed(example, commit(example, [], decimals, rng), decimals, rng)
        published = trace.example.published
        assert published is not None
        name = str(rng.choice(sorted(published.rows)))
        row = int(rng.choice(sorted(published.rows[name])))
        numbers = list(published.rows[name][row])
        column = int(rng.integers(len(numbers)))
        wrong = _spoiled(numbers, column, decimals, how, rng)
        if np.isfinite(numbers[column]) and np.isfinite(wrong) and abs(wrong - numbers[column]) > 1.5 * 10.0**-decimals:
            numbers[column] = wrong
            rows = {**published.rows, name: {**published.rows[name], row: tuple(numbers)}}
            spoiled = replace(trace.example, published=Published(rows, decimals))
            return Trace(spoiled), (name, row, column), how


def _spoiled(numbers: list[float], column: int, decimals: int, how: str, rng: np.random.Generator) -> float:
    number = numbers[column]
    if not np.isfinite(number):
        return number
    if how == "units":
        return round(number + float(rng.choice([-3, -2, 2, 3, 5])) * 10.0**-decimals, decimals)
    if how == "digits exchanged":
        digits = list(f"{abs(number):.{decimals}f}")
        places = [place for place, digit in enumerate(digits) if digit != "."]
        if len(places) < 2:
            return number
        one, other = rng.choice(places, 2, replace=False)
        digits[one], digits[other] = digits[other], digits[one]
        return float(np.copysign(float("".join(digits)), number))
    if how == "sign":
        return -number
    if how == "neighbour":
        return numbers[column - 1]
    return round(number + float(rng.uniform(-2, 2)), decimals)


def misprinted_source(seed: int) -> tuple[Trace, str]:
    """A source in whose file one number of a matrix is wrong, and its place."""
    rng = np.random.default_rng([seed, 43])
    example = random_example(rng)
    decimals = int(rng.integers(2, 5))
    right = printed(example, commit(example, [], decimals, rng), decimals, rng, some=bool(rng.random() < 0.5))
    name = str(rng.choice(sorted(name for name in example.parameters if name.startswith("W_"))))
    matrix = example.parameters[name].copy()
    row, column = (int(rng.integers(size)) for size in matrix.shape)
    matrix[row, column] = round(matrix[row, column] + float(rng.choice([-1, 1])) * float(rng.uniform(0.2, 2)), 2)
    wrong = replace(example, parameters={**example.parameters, name: matrix}, published=right.example.published)
    return Trace(wrong), f"{name}[{row},{column}]"
