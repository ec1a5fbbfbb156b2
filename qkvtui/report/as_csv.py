"""Lessons as CSV: a row a number, for R, pandas and spreadsheets; and the answers to worksheets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from ..files.answers import HEADER, SHEET
from ..files.spreadsheet import csv_text, harmless
from ..narration.formats import cell_format
from ..narration.numbers import INFINITY
from ..operations.operation import Drawing
from ..operations.tensors import Address
from ..pages.scene import Scene
from ..pages.worked import WorkedPage, worked_cell
from ..trace.addresses import format_address, value_at
from ..trace.grading import LEAST_DECIMALS
from ..trace.labels import labels_of, step_labels
from ..trace.parts import Step
from ..trace.trace import Trace
from .as_json import LARGEST_STEP, columns_written, refuse_too_large
from .request import PrintedLesson, Request

_COLUMNS = ("example", "step", "head", "row", "column", "address", "value", "terms")
_MOST_TERMS = 32
"""A longer sum shows those that contribute most, and what the others come to."""
_MOST_WORKED = 1 << 14
"""Numbers of one step whose terms are written, 128 × 128: those of larger ones would take minutes."""


def lessons(printed: Sequence[PrintedLesson], request: Request) -> str:
    """Every number of every step, in full precision, with what it was computed from; of worksheets their answers."""
    if request.blank is not None:
        return csv_text(_answers(printed, request))
    has_before = any(one.lesson.trace.compared_to is not None for one in printed)
    rows = chain([(*_COLUMNS, "before")], *(_numbers(one, request) for one in printed))
    return csv_text(row if has_before else row[:-1] for row in rows)


def _numbers(printed: PrintedLesson, request: Request) -> Iterator[tuple[object, ...]]:
    """A row for each number of a lesson; the last cell is what it was before a change."""
    trace, scene = printed.lesson.trace, printed.scene
    steps = [step for step in printed.steps if step.type.has_numbers]
    refuse_too_large(steps, trace, LARGEST_STEP, "csv")
    heads = range(trace.shape.heads) if request.all_heads else (printed.lesson.place.head,)
    for step in steps:
        is_worked = step.shape[0] * step.shape[1] <= _MOST_WORKED
        for head in heads if step.type.per_head else (0,):
            shown_head = head if step.type.per_head and trace.shape.heads > 1 else ""
            for labels, cell in _cells(trace, step, request.look.language, head):
                yield (
                    *(harmless(trace.example.name), step.id, shown_head, *map(harmless, labels)),
                    *(format_address(trace, cell), repr(float(value_at(trace, cell)))),
                    _terms(worked_cell(scene, cell, _MOST_TERMS)) if is_worked else "",
                    _before(scene, cell),
                )


def _cells(trace: Trace, step: Step, language: str, head: int) -> Iterator[tuple[tuple[str, str], Address]]:
    """The cells that a step shows, with the labels of row and column; beside X the context's."""
    tables: list[tuple[str, Sequence[Sequence[str]]]] = [(step.id, step_labels(trace, step, language, head))]
    if step.type.kind is Drawing.GIVEN and "Y" in trace.example.inputs:
        tables.append(("Y", labels_of(trace, "Y", language)))
    chosen = columns_written(trace, step)
    for name, (rows, columns) in tables:
        for row, row_label in enumerate(rows):
            for column in chosen if name == step.id else range(len(columns)):
                yield (row_label, columns[column]), Address(name, row, column, head)


def _before(scene: Scene, cell: Address) -> str:
    numbers = scene.row(cell.name, cell.row, cell.head) if scene.trace.has(cell.name) else None
    return "" if numbers is None or numbers.before is None else repr(float(numbers.before[cell.column]))


def _terms(worked: WorkedPage) -> str:
    """The right side without its sign, or where in the file; a number below 0 does not begin it, as a formula would."""
    return worked.place or re.sub(r"^-[^ ]+", r"(\g<0>)", worked.equation.text.lstrip("=≈~ "))


def _answers(printed: Sequence[PrintedLesson], request: Request) -> Iterator[Sequence[str]]:
    """The addresses of all blanks, and with the key what belongs into them: a file that `grade` reads.

    Behind the header stands, in a cell of its own, which sheet it is.
    """
    yield (*HEADER, *(f"{SHEET} {one.sheet}" for one in printed if one.sheet))
    for one in printed:
        trace = one.lesson.trace
        for cell in () if one.asked is None else one.asked.cells:
            yield format_address(trace, cell), _answer(trace, cell, request.look.digits) if request.key else ""


def _answer(trace: Trace, cell: Address, digits: int) -> str:
    """A number as a good learner would hand it in."""
    text = cell_format(trace, cell, max(digits, LEAST_DECIMALS)).text(value_at(trace, cell))
    return text.replace(INFINITY, "inf")
