"""What an array must look like, and the words for it when it does not."""

from __future__ import annotations

from typing import NamedTuple

from .draft import Draft
from .phrases import counted


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
    as_rows: str = "[[1, 0], [0, 1]]"
    """What its rows look like."""


def need(count: int | None, because: str) -> Need | None:
    """A need for `count`, if that is known."""
    return None if count is None else Need(count, because)


def fits(count: int, need: Need | None, noun: str, place: str, form: Form, draft: Draft) -> bool:
    """Whether there are as many rows, columns, … (`noun`) as there must be; reported where not."""
    if need is not None and count != need.number:
        draft.report(place, f"has {counted(count, noun)}", needs(form, need))
    elif count == 0:
        draft.report(place, f"has no {noun}s", f"{form.name} has at least one")
    else:
        return True
    return False


def needs(form: Form, need: Need) -> str:
    """`W_K needs 2, because W_Q has 2 columns`."""
    return f"{form.name} needs {need.number}, {need.because}"
