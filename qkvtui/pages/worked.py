"""The lines below a drawing: the current cell in digits or the blanks of a step, and what the last change did."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from ..narration.arithmetic import MOST_TERMS, Arithmetic, arithmetic
from ..narration.formats import text_before
from ..narration.numbers import percent
from ..narration.sentences import Role, Sentence, Span, joined, quoted
from ..narration.tells import SLOT
from ..operations.operation import Drawing
from ..operations.tensors import Address
from ..records import record
from ..trace.addresses import format_address
from ..trace.before import attention_shifts
from ..trace.hidden import hides_operand
from ..trace.published import agree, is_printed_run, published_row
from .lines import NOTHING, Line, Pen, cell_len, line_of
from .query_row import agreement
from .scene import Scene

_MOST_SHIFTS = 4
_SLIDER_HALF = 10
_CELLS_PER_DOUBLING = 2
"""How far the slider moves when the temperature doubles."""
_GAP = 3


@record(frozen=True)
class WorkedPage:
    """One cell and how it was computed; a blank where it is hidden, and no equation that would tell it."""

    address: str
    value: str
    equation: Line = NOTHING
    """The right side with its sign; empty for a number from the file."""
    before: str = ""
    """The number before the last change, where that changed it."""
    place: str = ""
    """Where a number from the file stands."""
    adds_up: bool = True
    """Whether the right side, as it is written, rounds to the value."""
    printed: str = ""
    """What a source printed for it, where no table says so."""
    agrees: bool = True
    """Whether that is the number."""


def worked_cell(scene: Scene, at: Address, most_terms: int = MOST_TERMS) -> WorkedPage:
    """The cell in digits, and what a source printed for it."""
    trace, room = scene.trace, scene.room
    found: Arithmetic = arithmetic(trace, at, room.digits, most_terms, room.language)
    address = format_address(trace, at, room.language)
    if room.hidden.hides_cell(at):
        return WorkedPage(address, SLOT if scene.hides(at) else room.signs(found.value))
    is_open = not hides_operand(trace, at, room.hidden)
    worked = WorkedPage(
        address,
        room.signs(found.value),
        room.spoken(found.equation) if is_open else NOTHING,
        room.signs(text_before(trace, at, room.digits) or ""),
        found.place,
        found.adds_up or not is_open,
    )
    row = published_row(trace, at.name, at.row, at.head) if trace.has(at.name) else None
    if row is None or math.isnan(row[at.column]) or lists_printed(scene, at):
        return worked
    agrees = agree(trace, at, row[at.column], float(trace.row(at.name, at.row, at.head)[at.column]))
    return replace(worked, printed=room.signs(scene.format(at.name, at.head).text(row[at.column])), agrees=agrees)


def lists_printed(scene: Scene, at: Address) -> bool:
    """Whether the step's own drawing has a column for what a source printed."""
    return scene.trace.step(at.name).type.kind in (Drawing.SCALE, Drawing.MASK, Drawing.SOFTMAX)


def worked_line(worked: WorkedPage, scene: Scene) -> Line:
    """`weights[it,animal]  0.26 ≈ 1.00 ÷ 3.90, …`."""
    room = scene.room
    pen = Pen().write(f"{worked.address}  ", Role.DIM)
    pen.write(room.signs(f"{worked.before} → ") if worked.before else "", Role.MARKED)
    pen.write(worked.value, Role.MARKED)
    if worked.place:
        said = room.signs(f"  {room.word('given', place=worked.place)}")
        if room.height is not None and pen.line.width + cell_len(said) > room.width:  # opening it tells the place
            said = room.signs(f"  {room.word('given_short')}")
        pen.write(said, Role.DIM)
    pen.write(" ")
    pen.pieces.extend(worked.equation.pieces)
    if worked.printed:
        sign = agreement(scene.trace, worked.agrees)
        said = room.word("printed_here" if is_printed_run(scene.trace) else "printed_before", published=worked.printed)
        pen.write(room.signs(f"   {said}{sign}"), Role.PLAIN if worked.agrees or not sign else Role.WRONG)
    return pen.line


def blank_lines(scene: Scene, cells: Sequence[Address]) -> list[Line]:
    """`weights[it,The] = ____   weights[it,animal] = ____`, below each other as far as there is room."""
    entries = [f"{format_address(scene.trace, cell, scene.room.language)} = {scene.text(cell)}" for cell in cells]
    width = max(map(cell_len, entries))
    each = max(1, (scene.room.width + _GAP) // (width + _GAP))
    lines = []
    for start in range(0, len(entries), each):
        padded = (entry + " " * (width - cell_len(entry)) for entry in entries[start : start + each])
        lines.append(line_of((" " * _GAP).join(padded).rstrip(), Role.MARKED))
    return lines


def wrong_axis_lines(scene: Scene) -> list[Line]:
    """That it is wrong on purpose, where softmax goes down the columns."""
    trace, place, room = scene.trace, scene.place, scene.room
    if trace.softmax_over != "columns":
        return []
    hidden = scene.touches("weights", place.head)
    total = SLOT if hidden else f"{float(trace.row('weights', place.query, place.head).sum()):.{room.digits}f}"
    return [line_of(room.word("softmax_over_columns", total=total), Role.WRONG)]


def change_lines(scene: Scene) -> list[Line]:
    """A warning where softmax goes down the columns; the query's attention before → after the last change."""
    trace = scene.trace
    lines = wrong_axis_lines(scene)
    if trace.compared_to is not None and not scene.touches("weights", scene.place.head):
        lines.append(_shifts(scene))
        scale = trace.factor
        if scale > 0 and trace.scale != trace.compared_to.scale:
            lines.append(_slider(scene, scale))
    return lines


def _slider(scene: Scene, scale: float) -> Line:
    """The temperature between one token getting everything and all the same, with the usual one marked."""
    room, usual = scene.room, math.sqrt(scene.trace.shape.d_k)
    at = _SLIDER_HALF + round(math.log2(1 / scale / usual) * _CELLS_PER_DOUBLING)
    cells = ["─"] * (2 * _SLIDER_HALF + 1)
    cells[_SLIDER_HALF] = "┼"
    cells[max(0, min(at, len(cells) - 1))] = "●"
    numbers = {"temperature": f"{1 / scale:.{room.digits}f}", "usual": f"{usual:.{room.digits}f}"}
    pen = Pen(Role.DIM).write(room.word("argmax") + " ")
    pen.write(room.signs(f"├{''.join(cells)}┤"), Role.MARKED)
    return pen.write(f" {room.word('uniform')}   {room.word('temperature', **numbers)}", Role.DIM).line


def _shifts(scene: Scene) -> Line:
    """`attention of “it”: “animal” 26% → 41%`."""
    trace, place, room = scene.trace, scene.place, scene.room
    quotes, separator = room.texts.quotes, room.texts.list_separator
    query = quoted(trace.example.tokens[place.query], quotes, Role.QUERY)
    shifts = attention_shifts(trace, place.query, place.head)
    seen = [shift for shift in shifts if percent(shift.before) != percent(shift.after)]
    parts: list[Sentence] = [
        (
            *quoted(trace.example.keys[shift.key], quotes, Role.KEY),
            Span(f" {percent(shift.before)} → {percent(shift.after)}", Role.MARKED),
        )
        for shift in seen[:_MOST_SHIFTS]
    ]
    if len(seen) > _MOST_SHIFTS:
        parts.append((Span(room.texts.word("more_tokens", count=len(seen) - _MOST_SHIFTS), Role.DIM),))
    none = room.texts.word("hardly_changed" if shifts else "unchanged")
    told = joined(parts, separator) if parts else (Span(none, Role.DIM),)
    return room.filled_word("attention_of", query=query) + room.spoken(told)
