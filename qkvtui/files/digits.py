"""With how many decimals the numbers of a step are written, where the numbers alone do not tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..graph.printed import decimals_of, written_decimals

_EXACT = 6
"""The decimals by which fractions are judged that stand alone: they are exact, and so many are enough to see it."""
_LEVELS = 4
"""Rows by token, heads, rows and columns."""


def digits_of(values: Mapping[str, object]) -> dict[str, int]:
    """Step id → its decimals as written, all that is published of it taken together.

    `values` are what stands in the file for each step, `weights` and `weights@1`, or for a cell of one. Fractions have
    no decimals of their own; numbers beside them that have none either are as exact.
    """
    by_step: dict[str, list[float]] = {}
    for name, value in values.items():
        by_step.setdefault(step_of(name), []).extend(_numbers(value))
    return {step: own for step, numbers in by_step.items() if (own := _own(numbers)) is not None}


def step_of(name: str) -> str:
    """`weights` of `weights`, `weights@1` and `weights@1[it,animal]`."""
    return name.partition("[")[0].partition("@")[0]


def _own(numbers: list[float]) -> int | None:
    """The decimals; None where the numbers themselves have as many."""
    written = [written_decimals(number) for number in numbers]
    most = max((decimals for decimals in written if decimals is not None), default=0)
    own = _EXACT if None in written and most == 0 else most
    return None if own == max(map(decimals_of, numbers), default=0) else own


def _numbers(value: object, levels: int = _LEVELS) -> Iterator[float]:
    if isinstance(value, list | dict) and levels:
        for one in value.values() if isinstance(value, dict) else value:
            yield from _numbers(one, levels - 1)
    elif isinstance(value, float):
        yield value
    elif isinstance(value, int):
        yield 0.0  # it has no decimals, however large it is
