"""One value of a table: a word of a few, true or false, or a number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeVar

from ..said import say
from .draft import Table
from .phrases import did_you_mean, is_kind, listed, quoted

One = TypeVar("One", bound=str)


def choice(table: Table, name: str, choices: Sequence[One], default: One | None = None) -> One:
    """One of a few words; the default, which is the first of them, where it is not given or after reporting another."""
    usual = choices[0] if default is None else default
    value = table.values.get(name, usual)
    for one in choices:
        if value == one:
            return one
    near = did_you_mean(value, choices) if isinstance(value, str) else ""
    expected = say("it is {names}", names=listed([quoted(one) for one in choices], "or"))
    table.report(name, is_kind(value), near if near.startswith("did") else expected)
    return usual


def truth(table: Table, name: str) -> bool:
    """True or false; false where it is not given, or after reporting anything else."""
    value = table.values.get(name, False)
    if isinstance(value, bool):
        return value
    table.report(name, is_kind(value), say("it is true or false"))
    return False


def above_0(table: Table, name: str, expected: str | None = None) -> float | None:
    """A finite number above 0; None where it is not given, or after reporting anything else."""
    if name not in table:
        return None
    number = finite(table.values[name])
    if number is not None and number > 0:
        return number
    table.report(name, is_kind(table.values[name]), say("it is a number above 0") if expected is None else expected)
    return None


def finite(value: object) -> float | None:
    """The number; None for what is none that float64 holds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None
