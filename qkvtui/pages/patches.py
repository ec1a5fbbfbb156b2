"""A watched number while rows of another run are put in: a table layer × row, and a table layer × head."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..engine.arrays import FloatArray
from ..graph.example import Patch
from ..graph.layers import words_at
from ..narration.numbers import digits_apart, format_for, percent
from ..narration.sentences import Role, Sentence, Span, filled, joined, plain, quoted
from ..records import record
from ..trace.addresses import format_address
from ..trace.patch_tables import PatchTable, head_patch, row_patch
from .fitted_map import map_that_fits
from .lines import Line, line_of
from .matrices import Matrix
from .matrix_map import Shading, ShareFormat
from .page import GAP, Page, PageWords, said
from .room import PageRoom
from .tables import Layout, lines_block

_MOVED = 0.005
"""A smaller part of the way is none."""
_LEAST_ROWS = 3
_FEW_LINES = 10
"""In less room only that table is shown which one is in."""
_FARTHEST = 2.0
"""A number that has gone farther is not told as a part of the way."""
_MOST_WORDS = 3
"""So many other words are named one by one; of a run with more, its name."""
_SHARE_DIGITS = 2
"""Decimals that a share can be written with in three characters."""


class PatchCell(NamedTuple):
    """A cell of the two tables, which stand one below the other."""

    line: int = 0
    """Of the layers by rows, and then of the layers by heads."""
    column: int = 0


@record(frozen=True)
class _Moved(Shading):
    """How dark a number is: by how far it has gone from one run's to the other's."""

    share: Callable[[float], float] = float

    def sign(self, value: float) -> str:
        """None where it stayed, the darkest where it went all the way."""
        return super().sign(self.share(value))


def moved(table: PatchTable, cell: PatchCell, down: int, across: int) -> PatchCell:
    """Another cell, as far as there is one."""
    line = max(0, min(cell.line + down, len(table.rows) + len(table.heads) - 1))
    return PatchCell(line, max(0, min(cell.column + across, len(_line(table, line)) - 1)))


def strongest(table: PatchTable) -> PatchCell:
    """The cell whose number has gone farthest; of equals the first."""
    line = max(range(len(table.rows) + len(table.heads)), key=lambda at: table.distance(_line(table, at)).max())
    return PatchCell(line, int(table.distance(_line(table, line)).argmax()))


def patch_of(table: PatchTable, cell: PatchCell) -> Patch:
    """What is put in at a cell."""
    layers = len(table.rows)
    if cell.line < layers:
        return row_patch(table, cell.line, cell.column)
    return head_patch(table, cell.line - layers, cell.column)


def _line(table: PatchTable, line: int) -> FloatArray:
    layers = len(table.rows)
    found: FloatArray = table.rows[line] if line < layers else table.heads[line - layers]
    return found


def patches_page(table: PatchTable, cell: PatchCell, room: PageRoom) -> Page:
    """What is watched, both tables with the chosen cell in brackets, and what it says."""
    if room.withholds(table.watch.name, table.watch.head):
        return Page((said("caption", [line_of(room.word("withheld"), Role.DIM)], room),))
    room = as_told_apart(table, room)
    head, tail = (
        said("caption", [watched_line(table, room)], room),
        said("sentences", [told_line(table, cell, room)], room),
    )
    height = room.height
    shows_both = height is None or height >= _FEW_LINES
    parts = [*_by_rows(table, cell, room), *_by_heads(table, cell, room)]
    here = next(one.layers for one in parts if one.at is not None)
    shown = [one for one in parts if height is None or one.at is not None or (shows_both and _meet(one.layers, here))]
    spoken = [said("caption", [one.words], room) for one in shown]
    taken = head.height + tail.height
    least = sum(min(_LEAST_ROWS, len(one.layers) + 1) for one in shown)
    spare = None if height is None else height - taken - sum(one.height for one in spoken) - least
    is_told, is_roomy = spare is None or spare >= 0, spare is None or spare >= 2
    gaps: list[PageWords | Layout] = [GAP] if is_roomy else []
    left = None if height is None else height - taken - 2 * len(gaps) - is_told * sum(one.height for one in spoken)
    shares = _shared_out([len(one.layers) + 1 for one in shown], left)
    made: list[PageWords | Layout] = [head, *gaps]
    for one, words, lines in zip(shown, spoken, shares, strict=True):
        drawn = _table(table, one, room.sized(room.width, lines))
        made += [words, drawn] if is_told else [drawn]
    return Page((*made, *gaps, tail))


@record(frozen=True)
class _PatchPart:
    """A table: by rows or by heads, of layers that read the same words."""

    words: Line
    layers: range
    values: Sequence[FloatArray]
    names: Sequence[str]
    at: PatchCell | None
    """The chosen cell, where that is in it."""


def _by_rows(table: PatchTable, cell: PatchCell, room: PageRoom) -> Iterator[_PatchPart]:
    for layers in table.sides:
        at = PatchCell(cell.line - layers.start, cell.column) if cell.line in layers else None
        values, names = table.rows[layers.start : layers.stop], table.both_tokens(layers.start)
        yield _PatchPart(_words("patch_rows", room), layers, values, names, at)


def _by_heads(table: PatchTable, cell: PatchCell, room: PageRoom) -> Iterator[_PatchPart]:
    names = [str(index) for index in range(max(map(len, table.heads), default=0))]
    for side in table.sides:
        layers, layer = range(side.start, min(side.stop, len(table.heads))), cell.line - len(table.rows)
        if layers:
            at = PatchCell(layer - layers.start, cell.column) if layer in layers else None
            values = table.heads[layers.start : layers.stop]
            yield _PatchPart(heads_line(table, layers.start, room), layers, values, names, at)


def _meet(one: range, other: range) -> bool:
    return one.start == other.start  # layers of one side


def as_told_apart(table: PatchTable, room: PageRoom) -> PageRoom:
    """With as many decimals as make the two runs' numbers look different."""
    return replace(room, digits=digits_apart(table.own, table.other, room.digits))


def _shared_out(wanted: Sequence[int], left: int | None) -> list[int | None]:
    """Lines for each table, its names of columns among them: what it wants, or a fair share."""
    if left is None or sum(wanted) <= left:
        return list(wanted)
    if len(wanted) == 1:
        return [max(2, left)]
    first = max(2, min(wanted[0], max(left // 2, left - wanted[1])))
    return [first, max(2, left - first)]


def _table(table: PatchTable, part: _PatchPart, room: PageRoom) -> Layout:
    values, names, cell = part.values, part.names, part.at
    numbers = [*np.concatenate(values).tolist(), table.own, table.other]
    are_shares = min(numbers) >= 0 and max(numbers) <= 1
    written = format_for(numbers, room.digits)
    matrix = Matrix(
        symbol="",
        row_labels=[room.word("layer", layer=layer) for layer in part.layers],
        column_labels=names,
        row=lambda layer: np.pad(values[layer], (0, len(names) - len(values[layer])), constant_values=-np.inf),
        written=written,
        marked_row=None if cell is None else cell.line,
        marked_column=None if cell is None else cell.column,
        shaded=are_shares,
    )
    wordings = [written, ShareFormat(2)] if are_shares and room.digits <= _SHARE_DIGITS else [written]
    shading = _Moved(0.0, 1.0, True, share=table.share)
    return lines_block(replace(map_that_fits(matrix, room, wordings), shading=shading).lines(room))


def _words(name: str, room: PageRoom) -> Line:
    return line_of(room.signs(room.word(name)), Role.DIM)


def heads_line(table: PatchTable, layer: int, room: PageRoom) -> Line:
    """What the table by heads is of, in layers of the same side as this one."""
    asks = table.asks_in(layer)
    if asks is None:
        return _words("patch_heads", room)
    token = quoted(table.tokens(layer)[asks], room.texts.quotes, Role.TOKEN)
    return room.filled_word("patch_heads_asks", token=token)


def watched_line(table: PatchTable, room: PageRoom) -> Line:
    """`weights@1[it,animal]: 0.99 here, 0.00 in the other run, “wide” instead of “tired”.`"""
    values = {
        "address": plain(format_address(table.trace, table.watch, room.language)),
        "own": _number(table.own, table, room),
        "other": _number(table.other, table, room),
        "run": _other_run(table, room),
    }
    return room.filled_word("patch_watched", **values)


def _other_run(table: PatchTable, room: PageRoom) -> Sentence:
    """The words that are others in it, or its name."""
    example, other, firsts = table.trace.example, table.run.example, [layers.start for layers in table.sides]
    pairs = [one for first in firsts for one in zip(words_at(example, first), words_at(other, first), strict=True)]
    words = [[quoted(one, room.texts.quotes, Role.TOKEN) for one in pair] for pair in pairs if pair[0] != pair[1]]
    if not 0 < len(words) <= _MOST_WORDS:
        return quoted(table.run.name, room.texts.quotes, Role.TOKEN)
    instead = [
        filled(room.word("patch_instead"), {"ours": ours, "theirs": theirs}.__getitem__) for ours, theirs in words
    ]
    return joined(instead, room.texts.list_separator)


def told_line(table: PatchTable, cell: PatchCell, room: PageRoom) -> Line:
    """What the chosen cell says."""
    layers, value = len(table.rows), float(_line(table, cell.line)[cell.column])
    share = table.share(value)
    by_row = cell.line < layers
    token = table.tokens(cell.line)[cell.column] if by_row else ""
    values = {
        "layer": plain(str(cell.line if by_row else cell.line - layers)),
        "token": quoted(token, room.texts.quotes, Role.TOKEN),
        "head": plain(str(cell.column)),
        "own": _number(table.own, table, room),
        "value": _number(value, table, room),
        "share": (Span(percent(share), Role.NUMBER),),
    }
    where = room.filled_word("patch_row_here" if by_row else "patch_head_here", **values)
    if abs(share) < _MOVED:
        return where + room.filled_word("patch_stays", **values)
    return where + room.filled_word("patch_goes" if abs(share) <= _FARTHEST else "patch_far", **values)


def _number(value: float, table: PatchTable, room: PageRoom) -> Sentence:
    return (Span(format_for([value, table.own, table.other], room.digits).text(value), Role.NUMBER),)
