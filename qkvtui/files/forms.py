"""What an array must look like, and the words for it when it does not."""

from __future__ import annotations

from typing import Literal, NamedTuple

from ..said import say
from .draft import Draft
from .phrases import counted, plural, with_commas

_STACKED = ("W_Q", "W_K", "W_V")
"""What torch keeps in one matrix, in_proj_weight."""
_GAP = say('write "?" (or null in JSON) for a number that was not printed')


class Need(NamedTuple):
    """How many rows or columns there must be, and why."""

    number: int
    because: str
    """What follows the number: `one for each token`, `because X has 2 columns`."""


class Form(NamedTuple):
    """What an array must look like; None = any number, but at least one."""

    name: str
    rows: Need | None = None
    columns: Need | None = None
    minus_infinity: bool = False
    """Whether −∞ may stand in it."""
    hides: bool = False
    """Whether the lowest number of a type may stand in it, which is how many programs write −∞."""
    gaps: bool = False
    """Whether numbers may be left out, as NaN or "?"."""
    null: float | None = None
    """What null stands for, −∞ or a number that is left out; None: it may not stand here."""
    as_rows: str = "[[1, 0], [0, 1]]"
    """What its rows look like."""
    torch: Literal["", "turned", "stacked"] = ""
    """How torch stores it: (out, in), or so and with two others below it."""


def need(count: int | None, because: str) -> Need | None:
    """A need for `count`, if that is known."""
    return None if count is None else Need(count, because)


def fits(count: int, need: Need | None, noun: str, place: str, form: Form, draft: Draft) -> bool:
    """Whether there are as many rows, columns, … (`noun`) as there must be; reported where not."""
    if need is not None and count != need.number:
        expected = needs_numbers(form, need, count) if noun in ("number", "column") else needs(form, need)
        draft.report(place, say("has {count}", count=counted(count, noun)), expected)
    elif count == 0:
        draft.report(place, say("has no {nouns}", nouns=plural(noun)), say("{name} has at least one", name=form.name))
    else:
        return True
    return False


def fits_matrix(rows: int, columns: int, place: str, form: Form, draft: Draft) -> bool:
    """The same for the rows and columns of a matrix; one that would fit turned over is told so."""
    as_torch_has_it = _as_in_torch(rows, columns, form)
    if as_torch_has_it and form.rows is not None:
        if form.torch == "stacked" and rows == 3 * columns:
            for name in _STACKED:
                draft.excuse(name)
        needed = say(
            "{name} needs {rows}, {because}",
            name=form.name,
            rows=counted(form.rows.number, "row"),
            because=form.rows.because,
        )
        draft.report(
            place,
            say("is {rows} × {columns}", rows=rows, columns=columns),
            say("{problem}; {expected}", problem=needed, expected=as_torch_has_it),
        )
        return False
    right = [
        fits(rows, form.rows, "row", place, form, draft),
        fits(columns, form.columns, "column", place, form, draft),
    ]
    return all(right)


def _as_in_torch(rows: int, columns: int, form: Form) -> str:
    """What to do with a matrix as torch stores it; empty where it is none."""
    if not form.torch or form.rows is None or columns != form.rows.number or rows == columns:
        return ""
    if form.torch == "stacked" and rows == 3 * columns:
        parts = [
            say(
                "rows {first} to {last} turned over are {name}",
                first=first * columns,
                last=(first + 1) * columns - 1,
                name=name,
            )
            for first, name in enumerate(_STACKED)
        ]
        return say("torch stores three matrices so, as in_proj_weight: {parts}", parts=with_commas(parts))
    if form.columns is not None and rows != form.columns.number:
        return ""
    return say("it would fit turned over: torch stores it (out, in); write its transpose")


def needs(form: Form, need: Need) -> str:
    """`W_K needs 2, because W_Q has 2 columns`."""
    return say("{name} needs {number}, {because}", name=form.name, number=need.number, because=need.because)


def needs_numbers(form: Form, need: Need, count: int) -> str:
    """The same for the numbers of a row; where there are too few, with what stands for those that were not printed."""
    wanted = needs(form, need)
    return say("{problem}; {expected}", problem=wanted, expected=_GAP) if form.gaps and count < need.number else wanted
