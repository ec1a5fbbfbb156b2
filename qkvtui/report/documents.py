"""Pages in a document: tables without empty columns, their signs in the headings, labels told from numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..narration.sentences import Role
from ..pages.lines import Click, Piece
from ..pages.page import Page, PageWords
from ..pages.reading import glued, has_header
from ..pages.tables import Gap, Layout, PageTable, TableCell
from ..records import record

_BARS = frozenset("█▌#:")


@record(frozen=True)
class Grid:
    """A table whose columns mean something."""

    symbol: str
    """The sign of the matrix; empty for a listing."""
    header: tuple[TableCell, ...]
    """What stands above the columns, that of the labels included; empty where nothing does."""
    rows: tuple[tuple[TableCell, ...], ...]
    labelled: bool
    """Whether the first cell of each row is its label."""

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.rows[0])


def grid_of(one: PageTable) -> Grid:
    """The table, without the columns in which nothing stands."""
    rows = list(one.rows)
    header = rows.pop(0) if has_header(one) else ()
    labelled = not rows or not is_number(rows[0][0])
    symbol = header[0].text if header and labelled else ""
    kept: list[int] = []
    heads = list(header)
    sign = ""
    for column in range(len(one.rows[0])):
        texts = {row[column].text for row in rows} - {""}
        if labelled and not column:
            kept.append(column)
        elif _is_sign(rows, column) and header and not header[column].text:
            sign = next(iter(texts))
        elif texts or (header and header[column].text):
            if sign and header:
                heads[column] = replace(heads[column], text=f"{sign} {heads[column].text}")
            sign = ""
            kept.append(column)
    return Grid(
        symbol,
        tuple(heads[column] for column in kept) if header else (),
        tuple(tuple(row[column] for column in kept) for row in rows),
        labelled,
    )


def is_number(cell: TableCell) -> bool:
    """Whether a cell has room for the brackets of the current one, as all numbers have."""
    return cell.lead in (" ", "[") and cell.trail in (" ", "]")


def is_bar(cell: TableCell) -> bool:
    """Whether a cell holds a bar that is as long as the number beside it is large."""
    return bool(cell.text) and set(cell.text) <= _BARS


def bar_length(cell: TableCell) -> float:
    """How long its bar is, in whole signs."""
    return sum(1.0 if sign in "█#" else 0.5 for sign in cell.text)


def _is_sign(rows: Sequence[Sequence[TableCell]], column: int) -> bool:
    """Whether in the column stands nothing but one sign between two numbers."""
    found = [row[column] for row in rows if row[column].text]
    return bool(found) and all(cell.role is Role.DIM and not cell.lead and len(cell.text) == 1 for cell in found)


def parts_of(layout: Layout) -> Iterator[Grid | str | Layout]:
    """What stands beside each other in a drawing: tables, signs between them, and what is no table."""
    for one in glued(layout):
        if isinstance(one, PageTable):
            yield grid_of(one)
        elif not isinstance(one, Gap):
            yield one
        elif one.sign.text:
            yield one.sign.text


def formula_of(page: Page) -> str:
    """The formula of the step that a page is about; empty where its sign is none, as of a step that is only told."""
    found = "" if page.heading is None else page.heading.formula
    return found if any(map(str.isalnum, found)) else ""


def name_of(page: Page) -> str:
    """What the step of a page is called, with its head where there are several."""
    assert page.heading is not None
    return page.heading.name + ("" if page.heading.head is None else f" @{page.heading.head}")


@record(frozen=True)
class TokenRow:
    """A sentence with the weights that its tokens get, where those are due."""

    label: str
    """Which of two sentences it is."""
    tokens: tuple[Piece, ...]
    weighed: str
    """What stands before the weights."""
    weights: tuple[Piece, ...]
    """One for each token; empty where none is due."""


def sentences_in(words: PageWords) -> Iterator[TokenRow]:
    """The sentence; in cross-attention the one that asks and the one that is looked at."""
    tokens: dict[Click, Piece] = {}
    weights: dict[Click, Piece] = {}
    labels: dict[str, str] = {}
    weighed = ""
    for line in words.lines:
        fresh = True
        for piece in line.pieces:
            if piece.click is not None:
                fresh = piece.click not in tokens
                (tokens if fresh else weights)[piece.click] = piece
                axis = piece.click[0]
                labels.setdefault(axis, line.pieces[0].text.strip())
        weighed = weighed if fresh else weighed or line.pieces[0].text.strip()
    for axis, label in labels.items():
        own = [click for click in tokens if click[0] == axis]
        shares = tuple(weights[click] for click in own if click in weights)
        yield TokenRow(label, tuple(tokens[click] for click in own), weighed, shares)
