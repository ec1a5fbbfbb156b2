"""Lines of a page as paragraphs of HTML: what a part of a line is stays what it is, and tokens keep their direction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from ..narration.sentences import Role
from ..pages.lines import Line, Piece
from ..pages.page import PageWords
from .documents import sentences_in
from .markup import Child, element
from .shades import level

_RAISED = re.compile(r"(?P<sign>[_^])(?P<index>[A-Za-z0-9,]+)")
_NAMES = {Role.NUMBER: "b", Role.RESULT: "b", Role.MARKED: "strong", Role.TITLE: "strong", Role.WRONG: "em"}
"""What a part of a sentence is → the element; others are plain text."""
_CLASSES = {Role.QUERY: "query", Role.KEY: "key", Role.TOKEN: "token", Role.WRONG: "wrong"}


def formula(text: str, class_: str = "formula") -> Element:
    """A formula with its indices below the line and what is raised above it."""
    found: list[Child] = []
    end = 0
    for match in _RAISED.finditer(text):
        found += [text[end : match.start()], element("sub" if match["sign"] == "_" else "sup", match["index"])]
        end = match.end()
    return element("span", *found, text[end:], class_=class_)


def isolated(text: str, class_: str | None = None) -> Element:
    """A token, or another text of the file, which may run from right to left."""
    return element("bdi", text, class_=class_)


def spoken(line: Line) -> Iterator[Child]:
    """The parts of a line."""
    for piece in line.pieces:
        yield _piece(piece)


def paragraphs(lines: Iterable[Line], class_: str) -> Iterator[Element]:
    """A paragraph a line; none for a blank one."""
    for line in lines:
        if line.text.strip():
            soft = all(piece.role is Role.DIM for piece in line.pieces)
            yield element("p", *spoken(line), class_=f"{class_} soft" if soft else class_)


def sentence_tables(words: PageWords) -> Iterator[Element]:
    """The sentences: a table each, a column a token, and below each the weight it gets where that is due."""
    for one in sentences_in(words):
        above = element("tr", element("td") if one.weights else None, *map(_token, one.tokens))
        told = element("caption", one.label, class_="unseen")
        found = element("table", told, element("thead", above), class_="sentence")
        if one.weights:
            numbers = (element("td", piece.text.strip(), class_=heat(piece.share)) for piece in one.weights)
            found.append(element("tbody", element("tr", element("th", one.weighed, scope="row"), *numbers)))
        yield found


def _token(piece: Piece) -> Element:
    mark = "query" if piece.role is Role.QUERY else None
    return element("th", isolated(piece.text.strip() or " ", mark), scope="col", class_=heat(piece.share))


def heat(share: float | None) -> str | None:
    """The class of what is shaded by a share of the attention."""
    return f"heat{level(share)}" if share is not None and level(share) else None


def _piece(piece: Piece) -> Child:
    role = piece.drawn_as
    if role is Role.CURRENT:
        return element("mark", piece.text)
    if role.is_token:
        return isolated(piece.text, _CLASSES[role])
    if role in _NAMES:
        return element(_NAMES[role], piece.text, class_=_CLASSES.get(role))
    return piece.text
