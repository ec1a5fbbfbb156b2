"""The query's row, one line for each token that is looked at: scores, scaling, mask, softmax, weighted sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from ..engine.arrays import FloatArray
from ..narration.numbers import NumberFormat
from ..narration.sentences import Role
from ..operations.tensors import Address
from ..records import record
from .cut_names import LONGEST_ROW_LABEL, NAME_LENGTHS, lengths_of
from .lines import cell_len, half_columns, shorten
from .room import PageRoom
from .scene import ShownNumbers
from .tables import EMPTY, Layout, PageTable, TableCell, number_cell, table
from .windows import around, picked, steady

_BAR = 20
"""Cells of a bar that stands for the whole."""
_FEWEST = 2
"""Tokens for whose lines those above and below them make room."""


@record(frozen=True)
class Column:
    """One column of a listing: a number for each token."""

    header: str
    numbers: ShownNumbers
    written: NumberFormat
    address: Callable[[int], Address] | None = None
    """What a click on a token's number chooses; None: nothing."""
    current: Literal["", "rows", "top", "bottom"] = ""
    """Whether the current cell stands in this column, and where."""
    shaded: bool = False
    top: str = ""
    """Shown above the tokens: the query's own number, the column's maximum."""
    bottom: str = ""
    """Shown below the tokens: the column's sum."""
    sign: str = ""
    """The sign between this column and the one before it."""
    summed: bool = False
    """Whether the numbers that do not fit are added up."""


@record(frozen=True)
class Marks:
    """A column of text, not of numbers: bars, or whether a printed number agrees."""

    header: str
    cells: Callable[[int], TableCell]
    is_kept: bool = False
    """Whether columns of numbers give way to it, where there is not room for all."""


@record(frozen=True)
class Listing:
    """What one query sees, token by token."""

    labels: Sequence[str]
    key: int | None
    """The current token; None: none is."""
    columns: Sequence[Column]
    marks: Sequence[Marks] = ()
    order: Sequence[int] | None = None
    """The tokens in the order to show them; None: as they stand."""
    shares: FloatArray | None = None
    """(s,): where not all tokens fit, those with the largest of these are shown; None: those around the current one."""
    always: Sequence[int] = ()
    """Tokens that are shown in any case, besides the current one; without `shares` some of them."""
    top_label: str = ""
    bottom_label: str = ""
    left_out: int = 0
    """Columns of numbers that there is no room for: the head of the labels counts them."""


def fitting_table(listing: Listing, room: PageRoom) -> PageTable:
    """The listing as far as it fits: bars go first, then columns from the left, what a source printed last.

    How many columns of numbers are left out is said above the labels.
    """
    columns, marks = list(listing.columns), list(listing.marks)
    while True:
        top = listing.top_label if any(column.top for column in columns) else ""
        out = len(listing.columns) - len(columns)
        part = replace(listing, columns=columns, marks=marks, top_label=top, left_out=out)
        drawn = listing_table(part, room)
        loose = next((index for index, mark in enumerate(marks) if not mark.is_kept), None)
        if drawn.width > room.width and loose is None:  # what is out of sight takes room that there is not
            drawn = listing_table(part, room, is_steady=False)
        if drawn.width <= room.width or (not marks and len(columns) == 1):
            return drawn
        if loose is not None:
            marks.pop(loose)
        elif len(columns) > 1:
            columns.pop(0)
        else:
            marks.pop(0)


def widest_table(
    listing: Callable[[int, int], Listing], most: int, room: PageRoom, *, named: bool
) -> tuple[Layout, int]:
    """The listing with as many features as fit, at least one; and how many these are.

    `listing` is for so many features with headings so long: of `named` ones, names are cut before one is left out.
    """
    for longest, _ in NAME_LENGTHS if named else ():
        drawn = listing_table(listing(most, longest), room)
        if drawn.width <= room.width:
            return drawn, most
    longest, _ = lengths_of(named)[-1]
    one = listing_table(listing(1, longest), room)
    each = listing_table(listing(2, longest), room).width - one.width if most > 1 else 1
    likely = 1 + max(0, room.width - one.width) // max(1, each)
    for shown in range(min(most, likely + 1), 0, -1):
        drawn = listing_table(listing(shown, longest), room)
        if drawn.width <= room.width:
            break
    return drawn, shown


def listing_table(listing: Listing, room: PageRoom, *, is_steady: bool = True) -> PageTable:
    """The listing, or the lines of some tokens and the rest counted and summed.

    Where it `is_steady` its columns are as wide as what may come into sight: moving the cell moves none of them.
    """
    shown = lines_in_sight(listing, room)
    at_edge = any(column.current in ("top", "bottom") for column in listing.columns)
    if len(shown) < min(_FEWEST, len(listing.labels)) and not at_edge:
        without = replace(listing, top_label="", bottom_label="")
        more = lines_in_sight(without, room)
        if len(more) > len(shown):
            listing, shown = without, more
    lines = [_header(listing, room)]
    if listing.top_label:
        lines.append(
            _edge(listing, listing.top_label, [(one.top, one.current == "top") for one in listing.columns], room)
        )
    texts = [one.numbers.some(shown).written(one.written, room) for one in listing.columns]
    lines.extend(_line(listing, key, [column[at] for column in texts], room) for at, key in enumerate(shown))
    if len(shown) < len(listing.labels):
        lines.append(_hidden(listing, shown, room))
    if listing.bottom_label:
        bottoms = [(one.bottom, one.current == "bottom") for one in listing.columns]
        lines.append(_edge(listing, listing.bottom_label, bottoms, room))
    moves = is_steady and room.height is not None
    drawn = _with_room_for_mark(table(lines), listing, steady(picked(shown, len(listing.labels)), moves=moves))
    return _steady(drawn, listing, room) if moves else drawn


def bars(of: ShownNumbers, room: PageRoom, role: Role = Role.PLAIN, *, halves: bool = False) -> Marks:
    """Bars as long as the shares that are not hidden."""

    def bar(key: int) -> TableCell:
        share = of.share(key) or 0.0
        text = half_columns(round(share * 2 * _BAR)) if halves else "█" * round(_BAR * share)
        return TableCell(room.signs(text), role, " ", left=True)

    return Marks("", bar)


def _with_room_for_mark(drawn: PageTable, listing: Listing, keys: Sequence[int]) -> PageTable:
    """The labels' column with room for the mark before any of these labels."""
    longest = max(min(cell_len(listing.labels[key]), LONGEST_ROW_LABEL) for key in keys)
    return replace(drawn, widths=(max(drawn.widths[0], longest + 2), *drawn.widths[1:]))


def _steady(drawn: PageTable, listing: Listing, room: PageRoom) -> PageTable:
    """Columns as wide as the widest of their numbers, wherever that stands."""
    widths = list(drawn.widths)
    for index, column in enumerate(listing.columns):
        widest = column.numbers.widest(column.written, room)
        widths[2 + 2 * index] = max(widths[2 + 2 * index], widest + 2)
    return replace(drawn, widths=tuple(widths))


def lines_in_sight(listing: Listing, room: PageRoom) -> Sequence[int]:
    """The tokens whose lines there is room for, in the order in which they are shown."""
    count = len(listing.labels)
    order: Sequence[int] = range(count) if listing.order is None else listing.order
    most = (room.height or 64) - 1 - bool(listing.top_label) - bool(listing.bottom_label)
    if most >= count or (room.height is None and count <= 64):
        return order
    most = max(1, most - 1)
    current = [] if listing.key is None else [listing.key]
    if listing.shares is None:
        at = list(order).index(current[0]) if current else 0
        return _with_some([order[index] for index in around(at, count, most).shown], listing)
    chosen = set([*current, *listing.always][:most])
    for key in np.argsort(-listing.shares, kind="stable")[:most].tolist():
        if len(chosen) == most:
            break
        chosen.add(key)
    shares = listing.shares
    return sorted(chosen) if listing.order is None else sorted(chosen, key=lambda key: (-shares[key], key))


def _with_some(shown: Sequence[int], listing: Listing) -> Sequence[int]:
    """The lines, the last of them given up for tokens that are to be seen, where none of these is; half at most."""
    if not set(listing.always).isdisjoint(shown):
        return shown
    more = listing.always[: len(shown) // 2]
    others = [key for key in shown if key != listing.key]
    dropped = set(others[len(others) - len(more) :])
    return [*(key for key in shown if key not in dropped), *more]


def _header(listing: Listing, room: PageRoom) -> list[TableCell]:
    cells = [TableCell(f"+{listing.left_out}", Role.DIM, trail=" ") if listing.left_out else EMPTY]
    for column in listing.columns:
        cells.append(EMPTY)
        cells.append(TableCell(room.signs(column.header), Role.HEADER, " ", " "))
    cells.extend(TableCell(room.signs(mark.header), Role.HEADER, " ", left=True) for mark in listing.marks)
    return cells


def _line(listing: Listing, key: int, texts: Sequence[str], room: PageRoom) -> list[TableCell]:
    current = key == listing.key
    label = shorten(listing.labels[key], LONGEST_ROW_LABEL, room.signs("…"))
    cells = [TableCell(label, Role.KEY if current else Role.LABEL, room.signs("▸") if current else "", " ")]
    for column, text in zip(listing.columns, texts, strict=True):
        cells.append(TableCell(room.signs(column.sign), Role.DIM, trail=" ") if column.sign else EMPTY)
        cells.append(_number(column, key, current, text))
    cells.extend(mark.cells(key) for mark in listing.marks)
    return cells


def _number(column: Column, key: int, current: bool, text: str) -> TableCell:
    role = Role.PLAIN
    if current and column.current == "rows":
        role = Role.CURRENT
    elif current and not column.shaded:
        role = Role.MARKED
    share = column.numbers.share(key) if column.shaded and role is not Role.CURRENT else None
    at = None if column.address is None else column.address(key)
    click = None if at is None else ("cell", (at.name, at.row, at.column, at.head))
    return number_cell(text, role, share=share, click=click)


def _edge(listing: Listing, label: str, texts: Sequence[tuple[str, bool]], room: PageRoom) -> list[TableCell]:
    """A line above or below the tokens: texts of the columns, and whether each is the current cell."""
    cells = [TableCell(shorten(label, LONGEST_ROW_LABEL + 2, room.signs("…")), Role.TITLE, trail=" ")]
    for text, here in texts:
        role = Role.CURRENT if here else Role.TITLE
        cells.extend([EMPTY, number_cell(room.signs(text), role) if text else EMPTY])
    cells.extend(EMPTY for _ in listing.marks)
    return cells


def _hidden(listing: Listing, shown: Sequence[int], room: PageRoom) -> list[TableCell]:
    """How many tokens are hidden, and what their numbers come to; not where a number is to be hidden."""
    cells = [TableCell(f"+{len(listing.labels) - len(shown)}", Role.DIM, trail=" ")]
    for column in listing.columns:
        text = "⋮"
        if column.summed and not room.hidden:
            values = column.numbers.values.astype(np.float64)
            text = column.written.text(float(values.sum() - values[list(shown)].sum()))
        cells.extend([EMPTY, TableCell(room.signs(text), Role.DIM, " ", " ")])
    cells.extend(EMPTY for _ in listing.marks)
    return cells
