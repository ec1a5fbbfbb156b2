"""The rows that a learning task wants: `learn.target`, weights of one head or rows of the last step."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..engine.arrays import BoolArray, FloatArray
from ..graph.example import Settings
from ..graph.masks import mask_of
from ..operations.file_places import cell_place, row_place
from ..said import say
from .cells import MOST_PER_ARRAY
from .draft import Table
from .matrices import ArrayReader
from .phrases import short_number
from .plan import PublishedPlan
from .printed import read_rows

_WEIGHTS = say("a wanted weight is a share, from 0 to 1")


class Target(NamedTuple):
    """Which rows are wanted, and what."""

    rows: tuple[int, ...]
    numbers: FloatArray
    """(n, s) or (n, d)."""


def read_target(
    learn: Table, step: str, head: int, settings: Settings, reader: ArrayReader, plan: PublishedPlan
) -> Target | None:
    """The wanted rows of `step`, in the order of the tokens; None after reporting what is wrong with them."""
    if "target" not in learn:
        learn.report_missing("target", say("it has the rows that are wanted, as in target = {{ it = [0.4, 0.6] }}"))
        return None
    place = learn.place_of("target")
    found = read_rows(learn.values["target"], place, step, reader, plan, wanted=True)
    if not found or len({len(row) for row in found.values()}) > 1:
        return None
    rows = tuple(sorted(found))
    numbers = np.array([found[row] for row in rows])  # (n, s) or (n, d)
    if step == "weights":
        _check_weights(numbers, rows, _forbidden(settings, plan, head), learn)
    numbers.setflags(write=False)
    return Target(rows, numbers)


def _forbidden(settings: Settings, plan: PublishedPlan, head: int) -> BoolArray | None:
    """(t, s): where a query of the head may not look; None without a mask, or where its size is not known."""
    if plan.tokens is None or plan.keys is None:
        return None
    queries, keys = len(plan.tokens), len(plan.keys)
    added = mask_of(settings, slice(0, queries), queries, keys)
    if added is None:
        return None
    of_head = added[min(head, len(added) - 1)] if added.ndim == 3 else added
    return np.broadcast_to(np.isneginf(of_head), (queries, keys))


def _check_weights(numbers: FloatArray, rows: tuple[int, ...], forbidden: BoolArray | None, learn: Table) -> None:
    place = learn.place_of("target")
    wrong = (numbers < 0) | (numbers > 1)
    for at, column in np.argwhere(wrong)[:MOST_PER_ARRAY]:
        number = short_number(float(numbers[at, column]))
        learn.draft.report(
            cell_place(place, rows[at], int(column)), say("is the number {number}", number=number), _WEIGHTS
        )
    for at in np.flatnonzero(~numbers.any(axis=1))[:MOST_PER_ARRAY]:
        expected = say("only rows with a wish are given, by token")
        learn.draft.report(row_place(place, rows[at]), say("wishes for nothing: all its numbers are 0"), expected)
    if forbidden is None or numbers.shape[1] != forbidden.shape[1]:
        return
    for at, column in np.argwhere((numbers > 0) & forbidden[list(rows)])[:MOST_PER_ARRAY]:
        number = short_number(float(numbers[at, column]))
        expected = say("what the mask forbids has the weight 0, whatever is learned")
        learn.draft.report(
            cell_place(place, rows[at], int(column)), say("wants {number} behind the mask", number=number), expected
        )
