"""Pages in a document: what a step is called, its formula, the sentence with its weights; how long a bar is."""

from __future__ import annotations

from collections.abc import Iterator

from ..pages.lines import Click, Piece
from ..pages.page import Page, PageWords
from ..pages.tables import TableCell
from ..records import record


def bar_length(cell: TableCell) -> float:
    """How long its bar is, in whole signs."""
    return sum(1.0 if sign in "█#" else 0.5 for sign in cell.text)


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
