"""How exactly numbers are written: the decimals of what was printed, and of inputs that were rounded before."""

from __future__ import annotations

from collections.abc import Mapping

from ..engine.arrays import FloatArray
from ..graph.features import FEATURES
from ..graph.printed import MOST_DECIMALS, decimals_of
from ..said import say
from .draft import Draft, Table
from .phrases import did_you_mean, is_kind, quoted

ROUNDED_FROM = 4
"""Inputs with so many decimals are taken for rounded ones: nobody makes them up."""
_RANGE = say("a whole number from 0 to {most}", most=MOST_DECIMALS)

Decimals = int | Mapping[str, int] | None


def read_decimals(table: Table, names: tuple[str, ...], example: str) -> Decimals:
    """`decimals` of a table: one number for all, or one for each of its `names`; None where it is not given."""
    if "decimals" not in table:
        return None
    value = table.values["decimals"]
    if _is_count(value):
        return value  # type: ignore[return-value]
    if not isinstance(value, dict):
        table.report(
            "decimals",
            is_kind(value),
            say("it is {range}, or one for each: decimals = {{ {example} }}", range=_RANGE, example=example),
        )
        return None
    return {name: number for name, number in value.items() if _is_sound(name, number, table, names)}


def read_rounded(inputs: Table, parameters: Table, arrays: Mapping[str, FloatArray]) -> dict[str, int]:
    """The inputs and parameters that were rounded → their decimals: as the file says, or because they have so many.

    Those that are arrays of a file beside the example have all their digits.
    """
    found: dict[str, int] = {}
    for table, example in ((inputs, "X = 4"), (parameters, "W_Q = 4")):
        names = tuple(name for name in table.values if name not in ("decimals", *FEATURES.values()))
        given = read_decimals(table, names, example)
        for name in names:
            if name not in arrays or isinstance(table.values[name], str):
                continue
            if isinstance(given, int) or (given is not None and name in given):
                found[name] = given if isinstance(given, int) else given[name]
                continue
            own = own_rounding(arrays[name])
            if own is not None:
                found[name] = own
    return found


def own_rounding(array: FloatArray) -> int | None:
    """The decimals of numbers that have so many that they must have been rounded; None where they have few."""
    decimals = max(map(decimals_of, array.ravel().tolist()), default=0)
    return decimals if decimals >= ROUNDED_FROM else None


def _is_sound(name: str, value: object, table: Table, names: tuple[str, ...]) -> bool:
    place, draft = f"{table.place_of('decimals')}.{quoted(name)[1:-1]}", table.draft
    if name not in names:
        draft.report(place, say("is not given here"), did_you_mean(name, names))
        return False
    return _is_count(value) or _refused(place, value, draft)


def _refused(place: str, value: object, draft: Draft) -> bool:
    draft.report(place, is_kind(value), say("it is {range}", range=_RANGE))
    return False


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_DECIMALS
