"""All heads side by side as small maps: one digit for each query and key, tenths of the attention."""

from __future__ import annotations

from dataclasses import replace

from rich.cells import cell_len
from rich.text import Text

from ..narration.numbers import percent
from ..trace.attends import attends
from ..trace.trace import Trace
from ..trace.walk import Place
from .blocks import BLANK, Block, beside, block, gap, left_cell, shorten
from .look import Look
from .matrices import Matrix, click
from .operands import step_matrix
from .windows import Window, around, whole

_LARGEST = 64
"""Tokens; of more, a digit each is no map that one can read."""
_LONGEST_LABEL = 8
_GAP = 3
_BESIDE = 4


def head_maps(trace: Trace, place: Place, look: Look) -> Block | None:
    """The maps of the weights of all heads, as many beside each other as there is room for.

    None where there is one head, where a hidden number would be told, or where not even one line of maps fits. Of
    more heads than fit, those around the current one, and the rest counted.
    """
    shape = trace.shape
    if shape.heads == 1 or max(shape.queries, shape.keys) > _LARGEST:
        return None
    if any(look.hidden.touches("weights", head) for head in range(shape.heads)):
        return None
    maps = [_map(trace, place, head, look) for head in range(shape.heads)]
    width = max(one.width for one in maps)
    abreast = max(1, (look.width + _GAP) // (width + _GAP))
    lines = -(-shape.heads // abreast)
    shown = _lines_that_fit(lines, maps[0].height, place.head // abreast, look)
    if shown is None or width > look.width:
        return None
    drawn: list[Text] = []
    for line in shown.shown:
        drawn.extend([BLANK] if drawn else [])
        drawn.extend(_abreast(maps[line * abreast : (line + 1) * abreast], width))
    hidden = shape.heads - sum(len(maps[line * abreast : (line + 1) * abreast]) for line in shown.shown)
    if hidden:
        drawn.append(left_cell(look.word("more_heads", count=hidden), look.palette.dim))
    return block([[line] for line in drawn])


def maps_beside(trace: Trace, place: Place, drawn: Block, look: Look) -> Block | None:
    """The drawing with the maps to its right, under a line that says what a digit is; None where that does not fit."""
    caption = left_cell(look.word("head_maps_short"), look.palette.dim)
    room = look.width - drawn.width - _BESIDE
    maps = head_maps(trace, place, look.sized(room, None if look.height is None else look.height - 1))
    if maps is None or max(maps.width, caption.cell_len) > room:
        return None
    return beside(drawn, gap(_BESIDE), block([[caption], *maps.rows]))


def _lines_that_fit(lines: int, height: int, current: int, look: Look) -> Window | None:
    """Which lines of maps are shown; there is a blank line between two, and one that counts the heads out of sight."""
    if look.height is None or lines * (height + 1) - 1 <= look.height:
        return whole(lines)
    room = look.height // (height + 1)
    return around(current, lines, room) if room else None


def _map(trace: Trace, place: Place, head: int, look: Look) -> Block:
    """One head: its number and whom the query looks at, a line of first characters, a line of digits for each row."""
    matrix = step_matrix(trace, "weights", head, look)
    matrix = replace(matrix, marked_row=place.query, marked_column=place.key)
    (down, across), (row, column) = matrix.shape, matrix.shown_at(place.query, place.key)
    label = 1 + max(min(cell_len(one), _LONGEST_LABEL) for one in matrix.labels_down)
    firsts = [_first(one) for one in matrix.labels_across]
    each = 1 + max(cell_len(first) for first in firsts)
    columns = _columns_around(column, across, (look.width - label) // each, 8 // each)
    lines = [_title(trace, place, head, look), _header(matrix, firsts, columns, label, each, look)]
    lines.extend(_digits(trace, matrix, index, index == row, columns, label, each, look) for index in range(down))
    return block([[line] for line in lines])


def _first(token: str) -> str:
    """The first character, where it is one that can stand alone."""
    return token[:1] if 0 < cell_len(token[:1]) <= 2 else "?"


def _columns_around(column: int, count: int, room: int, to_count: int) -> Window:
    """All columns, or those around the current one with room to count the rest."""
    return whole(count) if count <= room else around(column, count, max(1, room - to_count))


def _title(trace: Trace, place: Place, head: int, look: Look) -> Text:
    """`head 1 → dogs 87%`."""
    seen = attends(trace, place.query, head)
    here = head == place.head
    line = left_cell(look.signs("▸") if here else " ", look.palette.title)
    line.append(f"{look.word('head')} {head}", look.palette.title)
    line.append(look.signs(" → "), look.palette.dim)
    if seen.blind:
        line.append(look.word("nothing"))
        return line
    first = seen.ranked[0]
    line.append(shorten(first.token, _LONGEST_LABEL, look.signs("…")), look.palette.key)
    line.append(f" {percent(first.weight)}", look.palette.marked)
    return line


def _header(matrix: Matrix, firsts: list[str], columns: Window, label: int, each: int, look: Look) -> Text:
    line = left_cell(" " * label)
    line.append(look.signs("‹") if columns.before else "", look.palette.dim)
    for index in columns.shown:
        style = look.palette.marked if index == matrix.marks[1] else look.palette.header
        line.append(" " * (each - cell_len(firsts[index])) + firsts[index], style)
    line.append(f" +{len(firsts) - len(columns.shown)}" if not columns.whole else "", look.palette.dim)
    return line


def _digits(
    trace: Trace, matrix: Matrix, row: int, marked: bool, columns: Window, label: int, each: int, look: Look
) -> Text:
    name = shorten(matrix.labels_down[row], _LONGEST_LABEL, look.signs("…"))
    text = (look.signs("▸") if marked else " ") + name
    line = left_cell(text + " " * (label - cell_len(text)), look.palette.marked if marked else look.palette.label)
    line.append(" " if columns.before else "")
    values = matrix.line(row)
    for column in columns.shown:
        at, weight = matrix.shown_at(row, column), float(values[column])
        current = marked and column == matrix.marks[1]
        forbidden = trace.mask_row(at[0], matrix.head)[at[1]] == float("-inf")
        style = look.palette.cell if current else look.palette.heat_of(weight)
        line.append(" " * (each - 1))
        line.append("." if forbidden else _tenths(weight), style + click(matrix, *at))
    return line


def _tenths(weight: float) -> str:
    """0 for less than a tenth, 9 for nine tenths and more; what rounding left below a tenth counts as the tenth."""
    return str(max(0, min(9, int(weight * 10 + 1e-9))))


def _abreast(maps: list[Block], width: int) -> list[Text]:
    """One line of maps, each as wide as the widest."""
    lines = []
    for row in range(maps[0].height):
        line = left_cell("")
        for index, one in enumerate(maps):
            line.append(" " * (index * (width + _GAP) - line.cell_len))
            line.append_text(one.rows[row][0])
        lines.append(line)
    return lines
