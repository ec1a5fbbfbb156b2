r"""A matrix in TeX, `\begin{pmatrix} 1 & \frac{2}{5} \\ 0 & 1 \end{pmatrix}`, or only its cells between & and \\."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..said import say
from .pasteerrors import refuse, refuse_dots

_BEGIN = re.compile(r"\\begin\{(?P<name>[pbvVB]?(?:small)?matrix\*?|array|aligned|cases)\}(?:\{[lcr|@ ]*\}|\[[lcr]\])?")
_SILENT = re.compile(
    r"\\(?:left|right|[bB]igg?[lr]?)\s*(?:\\[{}|]|[()\[\]|.])|\$+|\\[\[\](),;:!]|\\(?:q?quad|hline|displaystyle|hfill)\b"
    r"|\\h?phantom\{[^{}]*\}|~|\{\}|(?<!\\)%[^\n]*"
)
_DOTS = re.compile(r"\\[cldv]?dots\b|\\ddots\b|\.\.\.|…")
_STYLED = re.compile(
    r"\\(?:math(?:bf|rm|sf|it)|text(?:bf|rm|sf|it)?|boldsymbol|bm|underline|color\{[^{}]*\}|textcolor\{[^{}]*\})\{([^{}]*)\}"
)
_PIECES = (
    (re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}"), r"(\1)/(\2)"),
    (re.compile(r"\\[dt]?frac\s*(\d)\s*(\d)"), r"(\1)/(\2)"),
    (re.compile(r"\\sqrt\s*\{([^{}]*)\}"), r"√(\1)"),
    (re.compile(r"\\sqrt\s*(\d)"), r"√\1"),
    (re.compile(r"\\infty\b"), "∞"),
    (re.compile(r"\\(?:cdot|times)\b"), "*"),
    (re.compile(r"\\(?=%)"), ""),
)
_BRACES = re.compile(r"[{}]")
_MOST_NESTED = 5
_ROW_END = re.compile(r"\\\\(?:\[[^\]]*\])?|\\cr\b|\\(?=\s|$)")
"""A lone backslash is what is left of two in a text between ordinary quotation marks."""
_NAMED = re.compile(r"\s*(?:[A-Za-z\\_^{}'\s]*=)?\s*")
_FORM_FEED = "\x0crac"
r"""What is left of \frac in a text between ordinary quotation marks."""

Cell = tuple[int, str]
"""Where it begins, and what it says."""


def tex_cells(text: str, plain: str) -> list[list[Cell]]:
    """The cells by rows, each as an expression. `plain` is the text with plain signs. Raises PasteError."""
    begin, start, end = _BEGIN.search(plain), 0, len(plain)
    if begin is not None:
        closing = f"\\end{{{begin['name']}}}"
        start, end = begin.end(), plain.find(closing, begin.end())
        if end < 0:
            refuse(text, begin.start(), say("{closing} is missing", closing=closing), say("it ends what begins here"))
        behind = end + len(closing)
        for position, around in ((0, plain[: begin.start()]), (behind, plain[behind:])):
            _check_around(text, position, around)
    elif "\\begin" in plain:
        position = plain.index("\\begin")
        refuse(
            text,
            position,
            say("this is no matrix of TeX that is known here"),
            say("\\begin{{pmatrix}} … \\end{{pmatrix}} is one"),
        )
    dots = _DOTS.search(plain, start, end)
    if dots is not None:
        refuse_dots(text, dots.start())
    rows = [[_cell(*piece) for piece in _pieces(row, at)] for at, row in _rows(plain, start, end)]
    return [row for row in rows if any(cell for _, cell in row)]


def _check_around(text: str, position: int, around: str) -> None:
    """Nothing that counts may stand before or behind the matrix, a factor for instance."""
    quiet = _SILENT.sub(lambda one: " " * len(one[0]), around)
    if position == 0 and _NAMED.fullmatch(quiet):
        return
    if position and not quiet.strip(" \t\r\n.,;"):
        return
    where = position + len(quiet) - len(quiet.lstrip())
    refuse(
        text,
        where,
        say("something stands beside the matrix"),
        say("it would be left out; write the numbers that come of it"),
    )


def _rows(plain: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    at = start
    for found in _ROW_END.finditer(plain, start, end):
        yield at, plain[at : found.start()]
        at = found.end()
    yield at, plain[at:end]


def _pieces(row: str, at: int) -> Iterator[tuple[int, str]]:
    for piece in row.split("&"):
        yield at, piece
        at += len(piece) + 1


def _cell(at: int, cell: str) -> Cell:
    quiet = _SILENT.sub(lambda one: " " * len(one[0]), cell.replace(_FORM_FEED, "\\frac"))
    start = at + len(quiet) - len(quiet.lstrip())
    said = quiet.strip()
    for _ in range(_MOST_NESTED):
        before = said
        said = _STYLED.sub(r"\1", said)
        for pattern, plain in _PIECES:
            said = pattern.sub(plain, said)
        if said == before:
            break
    return start, _BRACES.sub("", "".join(said.split()))
