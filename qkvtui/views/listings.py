"""The query's row, one line for each token that is looked at: scores, scaling, mask, softmax, weighted sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.style import Style
from rich.text import Text

from ..engine.arrays import FloatArray
from ..narration.numbers import NumberFormat
from .blocks import BLANK, Block, block, cell, left_cell, shorten
from .look import Look
from .matrices import LONGEST_ROW_LABEL, bracketed
from .windows import Window, around, whole


@dataclass(frozen=True)
class Column:
    """One column of a listing: a number for each token."""

    header: str
    values: FloatArray
    """(s,)"""
    written: NumberFormat
    name: str = ""
    """The step a click on one of its cells chooses; empty: none."""
    at: Callable[[int], tuple[int, int]] = lambda key: (0, key)
    """The cell (row, column) of that step that a key's line shows."""
    head: int = 0
    current: bool = False
    """Whether the current cell stands in this column."""
    shaded: bool = False
    top: str = ""
    """Shown above the tokens: the query's own number, the column's maximum."""
    bottom: str = ""
    """Shown below the tokens: the column's sum."""
    bottom_is_current: bool = False
    sign: str = ""
    """The sign between this column and the one before it."""


@dataclass(frozen=True)
class Marks:
    """A column of text, not of numbers: bars, or whether a printed number agrees."""

    header: str
    texts: Callable[[int], Text]


@dataclass(frozen=True)
class Listing:
    """What one query sees, token by token."""

    labels: Sequence[str]
    key: int
    columns: Sequence[Column]
    marks: Sequence[Marks] = ()
    order: Sequence[int] | None = None
    """The tokens in the order to show them; None: as they stand."""
    top_label: str = ""
    bottom_label: str = ""
    rest: Callable[[Sequence[int]], str] = lambda hidden: ""
    """What the hidden tokens come to, to stand beside their count."""


def listing_block(listing: Listing, look: Look) -> Block:
    """The listing, or the lines around the current token and the rest counted."""
    order = list(range(len(listing.labels))) if listing.order is None else list(listing.order)
    rows = _rows_that_fit(listing, order, look)
    lines = [_header(listing, look)]
    if listing.top_label:
        lines.append(_edge(listing, listing.top_label, [column.top for column in listing.columns], look))
    lines.extend(_line(listing, order[index], look) for index in rows.shown)
    if not rows.whole:
        hidden = order[: rows.start] + order[rows.stop :]
        lines.append(_hidden(listing, hidden, look))
    if listing.bottom_label:
        lines.append(_edge(listing, listing.bottom_label, [column.bottom for column in listing.columns], look, True))
    return block(lines)


def _rows_that_fit(listing: Listing, order: list[int], look: Look) -> Window:
    count = len(order)
    if look.height is None and count <= 64:
        return whole(count)
    room = (look.height or 64) - 1 - bool(listing.top_label) - bool(listing.bottom_label)
    if room >= count:
        return whole(count)
    return around(order.index(listing.key), count, max(1, room - 1))


def _header(listing: Listing, look: Look) -> list[Text]:
    cells = [BLANK]
    for column in listing.columns:
        cells.append(BLANK)
        cells.append(cell(f" {look.signs(column.header)} ", look.palette.header))
    cells.extend(left_cell(f" {look.signs(mark.header)}", look.palette.header) for mark in listing.marks)
    return cells


def _line(listing: Listing, key: int, look: Look) -> list[Text]:
    current = key == listing.key
    label = shorten(listing.labels[key], LONGEST_ROW_LABEL, look.signs("…"))
    mark = look.signs("▸") if current else ""
    cells = [cell(f"{mark}{label} ", look.palette.key if current else look.palette.label)]
    for column in listing.columns:
        cells.append(cell(look.signs(f" {column.sign}" if column.sign else ""), look.palette.dim))
        cells.append(_number(column, key, current, look))
    cells.extend(mark.texts(key) for mark in listing.marks)
    return cells


def _number(column: Column, key: int, current: bool, look: Look) -> Text:
    value = float(column.values[key])
    style = look.palette.heat_of(value) if column.shaded else Style()
    here = current and column.current
    if here:
        style = look.palette.cell
    elif current and not column.shaded:
        style += look.palette.marked
    if column.name:
        style += Style(meta={"cell": (column.name, *column.at(key), column.head)})
    return cell(bracketed(look.signs(column.written.text(value)), here), style)


def _edge(listing: Listing, label: str, texts: Sequence[str], look: Look, bottom: bool = False) -> list[Text]:
    cells = [cell(f"{look.signs(label)} ", look.palette.title)]
    for column, text in zip(listing.columns, texts, strict=True):
        cells.append(BLANK)
        here = bottom and column.bottom_is_current
        shown = bracketed(look.signs(text), here) if text else ""
        cells.append(cell(shown, look.palette.cell if here else look.palette.title))
    cells.extend(BLANK for _ in listing.marks)
    return cells


def _hidden(listing: Listing, hidden: Sequence[int], look: Look) -> list[Text]:
    cells = [cell(f"+{len(hidden)} ", look.palette.dim)]
    rest = listing.rest(hidden)
    for column in listing.columns:
        cells.append(BLANK)
        text = rest if column.current or column.shaded else "⋮"
        cells.append(cell(f" {look.signs(text or '⋮')} ", look.palette.dim))
    cells.extend(BLANK for _ in listing.marks)
    return cells
