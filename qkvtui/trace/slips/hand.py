"""Slips of the hand: a typed number that is nearly the right one, or what one gets by skipping a part of the sum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ...operations.rules import Rule
from ...operations.tensors import Address, Opened
from ..addresses import format_address, value_at
from ..precision import is_written_for
from ..terms import opened
from ..trace import Trace
from .search import Explanation

# What is said of a typed number that no slip of SLIPS gives; the parts are the product, or the other cell's address.
LAST_DIGIT, OTHER_CELL = "last-digit", "other-cell"
FEW_DECIMALS, NO_PERCENT = "few-decimals", "percent-sign-missing"
WRONG_SIGN, PRODUCT_SIGN, PRODUCT_FORGOTTEN = "wrong-sign", "sign-in-the-sum", "product-forgotten"
MULTIPLIED, NOT_DIVIDED = "multiplied-for-divided", "exp-not-divided"
FACTS = frozenset((LAST_DIGIT, FEW_DECIMALS))
"""Those that are seen in the number itself; the others are guesses."""
_MOST_IN_COLUMN = 256
_MOST_TERMS = 32
"""Of a sum: of more, one or another fits any number."""
_HUNDRED = 100.0


def by_hand(trace: Trace, cell: Address, typed: float, decimals: int, written: int) -> tuple[Explanation, ...]:
    """The first of these slips that gives exactly this wrong number, within half a unit of its last decimal.

    `written`: the decimals it was written with, which may be fewer than it is judged with.
    """
    unit, right = 10.0**-decimals, value_at(trace, cell)
    if 0 < written < decimals and is_written_for(typed, right, written):
        return (Explanation((FEW_DECIMALS,), gives=right),)
    if abs(typed - right) <= unit * (1 + 1e-9):
        return (Explanation((LAST_DIGIT,), gives=typed),)
    if typed and is_written_for(typed / _HUNDRED, right, written + 2):
        return (Explanation((NO_PERCENT,), gives=right * _HUNDRED),)
    if decimals < 2 or abs(typed) < unit:  # a few digits fit anything
        return ()
    for explanation in (*_guesses(trace, cell), *_others(trace, cell, typed, decimals)):
        if explanation.gives is not None and is_written_for(typed, explanation.gives, decimals):
            return (explanation,)
    return ()


def _guesses(trace: Trace, cell: Address) -> Iterator[Explanation]:
    """What somebody gets whose hand slips."""
    right, found = value_at(trace, cell), opened(trace, cell)
    yield Explanation((WRONG_SIGN,), gives=-right)
    if found.rule is Rule.SUM and found.groups.lines and len(found.groups) <= _MOST_TERMS:
        yield from _of_sum(trace, found, right)
    match found.rule, tuple(found.operands) if not found.groups.lines else ():
        case Rule.PRODUCT, (number, factor) if trace.value(factor):
            yield Explanation((MULTIPLIED,), gives=trace.value(number) / trace.value(factor))
        case Rule.QUOTIENT, (power, _):
            logit = next(opened(trace, power).operands)
            with np.errstate(over="ignore"):
                yield Explanation((NOT_DIVIDED,), gives=float(np.exp(trace.value(logit))))
            yield Explanation((NOT_DIVIDED,), gives=trace.value(power))


def _of_sum(trace: Trace, found: Opened, right: float) -> Iterator[Explanation]:
    """One product left out, or taken with the wrong sign; a sum of one product has none to forget."""
    products = [
        (group, float(product))
        for group, product in zip(found.groups, found.groups.products(trace).tolist(), strict=True)
        if product
    ]
    if len(products) < 2:
        return
    for slip, times in ((PRODUCT_FORGOTTEN, 1), (PRODUCT_SIGN, 2)):
        for group, product in products:
            named = " × ".join(format_address(trace, one) for one in group)
            yield Explanation((slip,), (named,), right - times * product)


def _others(trace: Trace, cell: Address, typed: float, decimals: int) -> Iterator[Explanation]:
    """The one other cell of the row or column that has this number; a number of one digit is everywhere."""
    if abs(typed) < 10 * 10.0**-decimals:
        return
    row = [replace(cell, column=column) for column in range(len(trace.row(cell.name, cell.row, cell.head)))]
    rows = trace.step(cell.name).shape[0]
    column = [replace(cell, row=row) for row in range(rows)] if rows <= _MOST_IN_COLUMN else []
    there = [one for one in (*row, *column) if one != cell and is_written_for(typed, value_at(trace, one), decimals)]
    if len(there) == 1:
        yield Explanation((OTHER_CELL,), (format_address(trace, there[0]),), value_at(trace, there[0]))
