"""The answers to worksheets as CSV."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO

from ..files.answers import HEADER, SHEET
from ..narration.formats import cell_format
from ..narration.numbers import INFINITY
from ..operations.tensors import Address
from ..trace.addresses import format_address, value_at
from ..trace.grading import LEAST_DECIMALS
from ..trace.trace import Trace
from .request import PrintedLesson, Request


def lessons(printed: Sequence[PrintedLesson], request: Request) -> str:
    """The addresses of all blanks, and with the key what belongs into them: a file that `grade` reads.

    Behind the header stands, in a cell of its own, which sheet it is.
    """
    written = StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow((*HEADER, *(f"{SHEET} {one.sheet}" for one in printed if one.sheet)))
    for one in printed:
        trace = one.lesson.trace
        for cell in () if one.asked is None else one.asked.cells:
            answer = _answer(trace, cell, request.look.digits) if request.key else ""
            writer.writerow((format_address(trace, cell), answer))
    return written.getvalue()


def _answer(trace: Trace, cell: Address, digits: int) -> str:
    """A number as a good learner would hand it in."""
    text = cell_format(trace, cell, max(digits, LEAST_DECIMALS)).text(value_at(trace, cell))
    return text.replace(INFINITY, "inf")
