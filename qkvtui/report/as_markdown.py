"""Lessons as Markdown: pipe tables and `$…$` formulas, for GitHub, Zhihu and blogs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ..narration.sentences import Role
from ..pages.lines import Line, Piece
from ..pages.page import Page, PageWords
from ..pages.reading import ReadTable, read_tables
from ..pages.tables import Layout, Lines, TableCell
from ..pages.worked import WorkedPage
from .documents import TokenRow, formula_of, name_of, sentences_in
from .request import Request
from .tex import formula
from .told import Printed

_APART = re.compile(r" {3,}")
_MATHS = re.compile("[′″ᵀ√·÷=Σαε₂₃\u0302^]|^[A-Z]$|^[Wb]_[A-Z]$|^[Wbg]_[12U]n?$")
"""What makes a label a formula."""
_IN_WORDS = re.compile(r"[^\W\d_]{2,}")
_FUNCTIONS = re.compile(r"\b(?:exp|ln|max)\b")


def lessons(printed: Sequence[Printed], request: Request) -> str:
    """The lessons, one below the other."""
    return "\n\n".join(block for one in printed for block in _Document(one).blocks()) + "\n"


class _Document:
    """One lesson in Markdown."""

    def __init__(self, printed: Printed) -> None:
        self._printed = printed if printed.is_picture else printed.unbounded()
        self._signs = printed.look.signs

    def blocks(self) -> Iterator[str]:
        """Headings, paragraphs, formulas and tables, from top to bottom."""
        for words in self._printed.front():
            if words.about == "title":
                yield f"# {self._line(words.whole[0])}"
            elif words.about == "sentence":
                yield from (self._sentence(one) for one in sentences_in(words))
            elif words.about != "map":
                yield from self._words(words)
        for page in self._printed.whole_pages():
            yield from self._page(page)

    def _sentence(self, one: TokenRow) -> str:
        """The tokens, the one that asks bold."""
        tokens = (self._piece(replace(piece, text=piece.text.strip())) for piece in one.tokens)
        return _paragraph(self._signs(" · ".join(tokens)))

    def _page(self, page: Page) -> Iterator[str]:
        if page.heading is not None:
            yield f"## {page.heading.number}. {self._text(name_of(page))}"
            said = formula_of(page)
            if "=" in said or "←" in said:
                yield f"$$\n{formula(said)}\n$$"
        for part in page.parts:
            if isinstance(part, Lines):
                yield _fenced(self._signs(line.text) for line in part.lines)
            elif isinstance(part, Layout):
                yield from (self._table(table) for table in read_tables(part, self._printed.names))
                yield from (_fenced(self._signs(line.text) for line in one.lines) for one in _drawn_in(part))
            elif part.about == "worked" and page.worked is not None:
                yield self._worked(page.worked)
                yield from (self._paragraph(line) for line in part.whole[1:])
            elif part.about == "blanks":
                yield "\n".join(self._blank(one) for line in part.whole for one in _APART.split(line.text))
            elif part.about == "heading":
                yield from (f"## {self._line(line)}" for line in part.whole)
            elif part.about != "gap":
                yield from self._words(part)

    def _words(self, words: PageWords) -> Iterator[str]:
        if not words.whole and words.lines:  # drawn in characters
            yield _fenced(self._signs(line.text) for line in words.lines)
        yield from (self._paragraph(line) for line in words.whole if line.text.strip())

    def _worked(self, worked: WorkedPage) -> str:
        """The address as code, and the equation as a formula where it has no words in it."""
        look = self._printed.look
        value = f"{worked.before} → {worked.value}" if worked.before else worked.value
        equation = f"{value} {worked.equation.text}".strip()
        if _IN_WORDS.search(_FUNCTIONS.sub("", equation)) or not worked.equation.text:
            told = self._text(equation)
        else:
            told = " ".join(f"${formula(part.strip())}$" for part in _APART.split(equation))
        if worked.place:
            told += f"  {self._text(look.word('given', place=worked.place))}"
        if worked.printed:
            sign = "✓" if worked.agrees else "✗"
            told += f"   {self._text(look.word('printed_here', published=worked.printed) + ' ' + sign)}"
        return f"{_code(worked.address)} {told}"

    def _blank(self, text: str) -> str:
        address, _, answer = text.rpartition(" = ")
        return f"- {_code(address)} = {self._text(answer)}"

    def _table(self, table: ReadTable) -> str:
        head = [self._label(table.symbol), *map(self._label, table.columns)]
        return _pipe_table([head, *([self._label(row.label), *map(self._cell, row.cells)] for row in table.rows)])

    def _label(self, label: str) -> str:
        if label in self._printed.labels or not _MATHS.search(label):
            return _escaped(label)
        return f"${formula(label)}$"

    def _cell(self, cell: TableCell) -> str:
        text = self._text(cell.text)
        return f"**{text}**" if cell.role is Role.CURRENT else text

    def _paragraph(self, line: Line) -> str:
        return _paragraph(self._line(line))

    def _line(self, line: Line) -> str:
        return "".join(map(self._piece, line.pieces))

    def _piece(self, piece: Piece) -> str:
        if not piece.role.is_token:
            return self._text(piece.text)
        return (
            f"**{_escaped(piece.text)}**" if piece.role is Role.QUERY and piece.text.strip() else _escaped(piece.text)
        )

    def _text(self, text: str) -> str:
        return _escaped(self._signs(text))


def _drawn_in(layout: Layout) -> Iterator[Lines]:
    """What is drawn in characters beside or below tables."""
    for part in getattr(layout, "parts", ()):
        if isinstance(part, Lines):
            yield part
        else:
            yield from _drawn_in(part)


_SPECIAL = re.compile(r"([\\`*\[\]<>|~&#$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
"""What Markdown takes for a sign of its own; an underscore inside a word it leaves alone."""
_STARTS = re.compile(r"^\s*(?:(?P<sign>[-+=])|(?P<number>\d+)(?P<mark>[.)])(?=\s|$))")
"""What begins a list, or makes a heading of the line above."""


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is, also inside a table."""
    return _SPECIAL.sub(r"\\\1", text)


def _paragraph(text: str) -> str:
    """Escaped text as a paragraph of its own, whatever it begins with."""
    return _STARTS.sub(lambda it: f"\\{it['sign']}" if it["sign"] else f"{it['number']}\\{it['mark']}", text.strip())


def _fenced(lines: Iterable[str]) -> str:
    """Lines as they are, in letters of one width."""
    kept = [line.rstrip() for line in lines]
    fence = "`" * max(3, 1 + _longest_run(kept))
    return "\n".join([f"{fence}text", *kept, fence])


def _code(text: str) -> str:
    """A name as code, whatever is in it; outside of tables only, where `|` would end a cell."""
    fence = "`" * (1 + _longest_run([text]))
    return f"{fence} {text} {fence}" if len(fence) > 1 else f"`{text}`"


def _pipe_table(rows: Sequence[Sequence[str]]) -> str:
    """A table of escaped cells; the first row is its heading, and all columns but the first stand at the right."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    rule = f"| --- |{' ---: |' * (len(rows[0]) - 1)}"
    return "\n".join([lines[0], rule, *lines[1:]])


def _longest_run(lines: Iterable[str]) -> int:
    return max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
