"""What the last change did, and what about a lesson is wrong on purpose."""

from __future__ import annotations

import math

from rich.text import Text

from ..narration.numbers import percent
from ..trace.changes import attention_shifts
from ..trace.trace import Trace
from ..trace.walk import Place
from .blocks import cell
from .look import SLOT, Look
from .wrapping import wrap

_MOST_SHIFTS = 4
_SLIDER_HALF = 10
_CELLS_PER_DOUBLING = 2
"""How far the slider moves when the temperature doubles."""


def change_lines(trace: Trace, place: Place, look: Look) -> list[Text]:
    """A warning where softmax goes down the columns; the query's attention before → after the last change."""
    lines = []
    if trace.softmax_over == "columns":
        total = f"{float(trace.row('weights', place.query, place.head).sum()):.{look.digits}f}"
        told = SLOT if look.hidden.touches("weights", place.head) else total
        warning = look.word("softmax_over_columns", total=told)
        lines.extend(wrap(Text(warning, look.palette.wrong), look.width))
    if trace.compared_to is not None and not look.hidden.touches("weights", place.head):
        lines.extend(wrap(_shifts(trace, place, look), look.width))
        scale = 1.0 if trace.scale is None else trace.scale
        if scale > 0 and trace.scale != trace.compared_to.scale:
            lines.extend(wrap(_slider(scale, trace.shape.d_k, look), look.width))
    return lines


def _slider(scale: float, d_k: int, look: Look) -> Text:
    """The temperature between one token getting everything and all the same, with the usual one marked."""
    usual = math.sqrt(d_k)
    at = _SLIDER_HALF + round(math.log2(1 / scale / usual) * _CELLS_PER_DOUBLING)
    cells = ["─"] * (2 * _SLIDER_HALF + 1)
    cells[_SLIDER_HALF] = "┼"
    cells[max(0, min(at, len(cells) - 1))] = "●"
    line = cell(look.word("argmax") + " ", look.palette.dim)
    line.append(look.signs(f"├{''.join(cells)}┤"), look.palette.marked)
    numbers = {"temperature": f"{1 / scale:.{look.digits}f}", "usual": f"{usual:.{look.digits}f}"}
    line.append(f" {look.word('uniform')}   {look.word('temperature', **numbers)}", look.palette.dim)
    return line


def _shifts(trace: Trace, place: Place, look: Look) -> Text:
    """`attention of “it”: animal 26% → 41%`."""
    opening, closing = (look.signs(quote) for quote in look.texts.quotes)
    line = cell(look.word("attention_of") + " ", look.palette.dim)
    line.append(f"{opening}{trace.example.tokens[place.query]}{closing}", look.palette.query)
    line.append(look.word("colon"))
    shifts = attention_shifts(trace, place.query, place.head)
    if not shifts:
        line.append(look.word("unchanged"))
    for index, shift in enumerate(shifts[:_MOST_SHIFTS]):
        line.append(look.signs(look.texts.list_separator) if index else "")
        line.append(trace.example.keys[shift.key], look.palette.key)
        line.append(look.signs(f" {percent(shift.before)} → {percent(shift.after)}"), look.palette.marked)
    if len(shifts) > _MOST_SHIFTS:
        line.append(f" +{len(shifts) - _MOST_SHIFTS}", look.palette.dim)
    return line
