"""The current number, or its table, for the clipboard of the terminal: with all digits, as a spreadsheet reads it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from math import isnan

from ..engine.arrays import FloatArray
from ..files.spreadsheet import csv_text, harmless
from ..operations.operation import Drawing
from ..pages.operands import step_matrix
from ..pages.scene import Scene
from ..trace.addresses import format_address
from ..trace.study import Study
from ..trace.walk import step_at
from .messages import Said, TextCopied
from .pending import hidden_in
from .state import LessonState

MOST = 70_000
"""Bytes of a table. Most terminals take no more than 100,000 bytes in base 64, and say nothing of it."""


def number(state: LessonState) -> LessonState:
    """Copy the current number; one that is hidden stays so."""
    scene, cell = _scene(state), state.cell
    if not _has_numbers(state):
        return state.saying("nothing_computed")
    if scene.hides(cell):
        return state.saying("copy_hidden")
    return state.telling(_number(state.trace.value(cell), format_address(state.trace, cell, state.look.language)))


def table(state: LessonState) -> LessonState:
    """Copy the table that the current number is in; where a number is hidden, its place stays empty."""
    scene, cell = _scene(state), state.cell
    if not _has_numbers(state):
        return state.saying("nothing_computed")
    if not state.trace.has(cell.name):
        return state.saying("copy_of_file", table=cell.name)
    matrix = step_matrix(scene, cell.name, cell.head)
    rows = (matrix.numbers(row).values for row in range(len(matrix.row_labels)))
    return state.telling(_table(matrix.symbol, matrix.row_labels, matrix.column_labels, rows))


def learned_number(study: Study) -> TextCopied:
    """Copy the current number of a run."""
    cell = study.cursor.cell
    return _number(float(study.run.moved(cell.name, study.at).after[cell.row][cell.column]), study.cursor.address())


def learned_table(study: Study) -> TextCopied | Said:
    """Copy the current matrix of a run."""
    name = study.cursor.cell.name
    return _table(name, *study.run.labels(name), study.run.moved(name, study.at).after)


def _scene(state: LessonState) -> Scene:
    """The place, with what is left to the learner."""
    return Scene(state.trace, state.place, replace(state.look, hidden=hidden_in(state)))


def _has_numbers(state: LessonState) -> bool:
    return bool(state.trail.cells) or step_at(state.trace, state.place).type.kind is not Drawing.TOLD


def _number(value: float, address: str) -> TextCopied:
    text = _written(value)
    return TextCopied(text, Said("copied", {"address": address, "number": text}))


def _table(
    name: str, row_labels: Sequence[str], column_labels: Sequence[str], rows: Iterable[FloatArray]
) -> TextCopied | Said:
    """Its rows on lines of their own, tabs between the numbers, with labels; a table too large is not begun."""
    head = ("", *map(harmless, column_labels))
    body = ((harmless(label), *map(_written, row.tolist())) for label, row in zip(row_labels, rows, strict=True))
    lines: list[str] = []
    left = MOST
    for line in chain([head], body):
        lines.append(csv_text([line], "\t"))
        left -= len(lines[-1].encode())
        if left < 0:
            return Said("copy_too_large", {"table": name})
    size = {"rows": str(len(row_labels)), "columns": str(len(column_labels))}
    return TextCopied("".join(lines), Said("copied_table", {"table": name} | size))


def _written(value: float) -> str:
    """All its digits; nothing for what is hidden."""
    return "" if isnan(value) else repr(float(value))
