"""A row of numbers as bars, to the right from 0 and to the left below it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..narration.sentences import Role
from ..operations.operation import Drawing
from ..operations.tensors import Address
from ..trace.addresses import format_address
from ..trace.labels import step_labels
from .cut_names import LONGEST_ROW_LABEL
from .lines import Line, Pen, cell_len, half_columns, line_of, shorten
from .operands import head_columns
from .page import GAP, PageWords, said
from .scene import Scene
from .windows import around, whole

_LONGEST_BAR, _SHORTEST_BAR = 40, 4


def row_bars(scene: Scene, at: Address) -> Iterator[PageWords]:
    """The row of a cell, a line for each number, and below it whose row it is; no bar for a hidden number."""
    room, step = scene.room, scene.trace.step(at.name)
    titles = step_labels(scene.trace, step, room.language, at.head)[1]
    if step.type.kind is Drawing.CONCATENATION:
        titles = head_columns(scene)
    row = scene.row(at.name, at.row, at.head)
    told = said("caption", [_told(scene, at)], room)
    most = 64 if room.height is None else max(1, room.height - told.height - 1)
    shown = whole(len(titles)) if len(titles) <= most else around(at.column, len(titles), max(1, most - 1))
    texts = row.some(shown.shown).written(scene.format(at.name, at.head), room)
    labels = [shorten(titles[column], LONGEST_ROW_LABEL, room.signs("…")) for column in shown.shown]
    label, number = max(map(cell_len, labels)), max(map(cell_len, texts)) + 2
    finite = row.values[np.isfinite(row.values)].astype(np.float64)
    least, most_of_all = (min(0.0, float(finite.min())), max(0.0, float(finite.max()))) if finite.size else (0.0, 0.0)
    length = min(_LONGEST_BAR, room.width - label - number - 5)
    lines = []
    for name, column, text in zip(labels, shown.shown, texts, strict=True):
        current = column == at.column
        pen = Pen().write(room.signs("▸") if current else " ", Role.KEY)
        pen.write(name + " " * (label - cell_len(name) + 1), Role.KEY if current else Role.LABEL)
        pen.write(" " * (number - 2 - cell_len(text)))
        click = ("cell", (at.name, at.row, column, at.head))
        pen.write(f"[{text}]" if current else f" {text} ", Role.CURRENT if current else Role.PLAIN, click=click)
        if length >= _SHORTEST_BAR and np.isfinite(row.values[column]) and most_of_all > least:
            pen.write(room.signs(_bar(float(row.values[column]), least, most_of_all, length)), Role.BAR)
        lines.append(pen.line)
    if not shown.whole:
        lines.append(line_of(f" +{len(titles) - len(shown.shown)}", Role.DIM))
    yield PageWords("map", tuple(lines))
    yield GAP
    yield told


def _bar(value: float, least: float, most: float, room: int) -> str:
    """`   ███│` or `      │██`; without the line where no number is below 0."""
    before = round(room * -least / (most - least)) if least < 0 else 0
    length = round(room * abs(value) / (most - least) * 2)
    text = half_columns(length)
    if not before:
        return f" {text}"
    if value < 0:
        return f" {'█' * ((length + 1) // 2):>{before}}│"
    return f" {'':{before}}│{text}"


def _told(scene: Scene, at: Address) -> Line:
    """Whose row it is: `weights[it,animal] = 0.26`."""
    address = format_address(scene.trace, at, scene.room.language)
    return Pen().write(f"{address} = ", Role.DIM).write(scene.text(at), Role.MARKED).line
