"""The query's row, one line for each token that is looked at: scores, scaling, mask, softmax, weighted sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from ..engine.arrays import FloatArray
from ..narration.numbers import NumberFormat
from .blocks import BLANK, Block, block, cell, left_cell, shorten
from .look import SLOT, Look
from .matrices import LONGEST_ROW_LABEL, bracketed, number_texts
from .windows import around


@dataclass(frozen=True)
class Column:
    """One column of a listing: a number for each token."""

    header: str
    values: FloatArray
    """(s,)"""
    written: NumberFormat
    before: FloatArray | None = None
    """(s,): the same before the last change, where there was one."""
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
    top_is_current: bool = False
    bottom_is_current: bool = False
    sign: str = ""
    """The sign between this column and the one before it."""
    summed: bool = False
    """Whether the numbers that do not fit are added up."""
    hides: Callable[[int], bool] | None = None
    """Which of its numbers are hidden; None: those that the look hides in the step it shows."""


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
    shares: FloatArray | None = None
    """(s,): where not all tokens fit, those with the largest of these are shown; None: those around the current one."""
    always: Sequence[int] = ()
    """Tokens that are shown in any case, besides the current one."""
    top_label: str = ""
    bottom_label: str = ""


def listing_block(listing: Listing, look: Look) -> Block:
    """The listing, or the lines of some tokens and the rest counted and summed."""
    shown = _tokens_that_fit(listing, look)
    lines = [_header(listing, look)]
    if listing.top_label:
        tops = [(column.top, column.top_is_current) for column in listing.columns]
        lines.append(_edge(listing, listing.top_label, tops, look))
    lines.extend(_line(listing, key, look) for key in shown)
    if len(shown) < len(listing.labels):
        lines.append(_hidden(listing, shown, look))
    if listing.bottom_label:
        bottoms = [(column.bottom, column.bottom_is_current) for column in listing.columns]
        lines.append(_edge(listing, listing.bottom_label, bottoms, look))
    return _steady(block(lines), [listing.labels[key] for key in shown])


def _steady(drawn: Block, labels: Sequence[str]) -> Block:
    """The labels' column with room for the mark, wherever it stands: moving it moves no other column."""
    longest = max(min(cell_len(label), LONGEST_ROW_LABEL) for label in labels)
    return Block(drawn.rows, (max(drawn.widths[0], longest + 2), *drawn.widths[1:]))


def _tokens_that_fit(listing: Listing, look: Look) -> Sequence[int]:
    count = len(listing.labels)
    order: Sequence[int] = range(count) if listing.order is None else listing.order
    room = (look.height or 64) - 1 - bool(listing.top_label) - bool(listing.bottom_label)
    if room >= count or (look.height is None and count <= 64):
        return order
    room = max(1, room - 1)
    if listing.shares is None:
        at = listing.key if listing.order is None else list(order).index(listing.key)
        return [order[index] for index in around(at, count, room).shown]
    chosen = set(([listing.key, *listing.always])[:room])
    for key in np.argsort(-listing.shares, kind="stable")[:room].tolist():
        if len(chosen) == room:
            break
        chosen.add(key)
    shares = listing.shares
    return sorted(chosen) if listing.order is None else sorted(chosen, key=lambda key: (-shares[key], key))


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
        cells.append(cell(look.signs(f"{column.sign} " if column.sign else ""), look.palette.dim))
        cells.append(_number(column, key, current, look))
    cells.extend(mark.texts(key) for mark in listing.marks)
    return cells


def _number(column: Column, key: int, current: bool, look: Look) -> Text:
    value = float(column.values[key])
    hidden = is_hidden(column, key, look)
    style = look.palette.heat_of(value) if column.shaded and not hidden else Style()
    here = current and column.current
    if here:
        style = look.palette.cell
    elif current and not column.shaded:
        style += look.palette.marked
    if column.name:
        style += Style(meta={"cell": (column.name, *column.at(key), column.head)})
    before = None if column.before is None else column.before[key : key + 1]
    text = number_texts(column.written, column.values[key : key + 1], before, look)[0]
    return cell(bracketed(SLOT if hidden else text, here), style)


def is_hidden(column: Column, key: int, look: Look) -> bool:
    """Whether a blank stands for the column's number for this key."""
    if column.hides is not None:
        return column.hides(key)
    return bool(look.hidden and column.name) and look.hides(column.name, *column.at(key), column.head)


def _edge(listing: Listing, label: str, texts: Sequence[tuple[str, bool]], look: Look) -> list[Text]:
    """A line above or below the tokens: texts of the columns, and whether each is the current cell."""
    cells = [cell(f"{shorten(label, LONGEST_ROW_LABEL + 2, look.signs('…'))} ", look.palette.title)]
    for text, here in texts:
        shown = bracketed(look.signs(text), here) if text else ""
        cells.extend([BLANK, cell(shown, look.palette.cell if here else look.palette.title)])
    cells.extend(BLANK for _ in listing.marks)
    return cells


def _hidden(listing: Listing, shown: Sequence[int], look: Look) -> list[Text]:
    """How many tokens are hidden, and what their numbers come to; not where a number is to be hidden."""
    cells = [cell(f"+{len(listing.labels) - len(shown)} ", look.palette.dim)]
    for column in listing.columns:
        text = "⋮"
        if column.summed and not look.hidden:
            values = column.values.astype(np.float64)
            text = column.written.text(float(values.sum() - values[list(shown)].sum()))
        cells.extend([BLANK, cell(f" {look.signs(text)} ", look.palette.dim)])
    cells.extend(BLANK for _ in listing.marks)
    return cells
