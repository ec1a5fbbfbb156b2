"""Lessons as LaTeX with amsmath, amssymb and booktabs: a part of a document of one's own, or a whole one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..narration.sentences import Role
from ..pages.lines import Line, Piece
from ..pages.page import Page
from ..pages.reading import Grid, is_bar, is_number, parts_of
from ..pages.tables import Layout, Lines, TableCell
from .documents import TokenRow, bar_length, formula_of, name_of, sentences_in
from .request import Request
from .tex import formula, is_latin, number, tex, token
from .told import Printed

_MOST_COLUMNS, _MANY_COLUMNS, _PAPER = 24, 10, 80
"""Columns that fit on paper at all, those beyond which they stand closer together, and terminal columns of a window."""
_MACROS = r"""\providecommand{\qkvcell}[1]{{\setlength{\fboxsep}{1.5pt}\fbox{#1}}}
\providecommand{\qkvbar}[1]{\rule{#1}{1.2ex}}
"""
"""How the current number, and a bar, are drawn; a document may say it otherwise beforehand."""
_ENGINE = r"""\usepackage{iftex}
\ifPDFTeX
  \usepackage[T1]{fontenc}
  \usepackage{lmodern}
\else
  \usepackage{fontspec}
\fi
"""
_NOT_PDFLATEX = r"""\usepackage{iftex}
\ifPDFTeX\errmessage{xelatex, lualatex}\fi
"""
_CHINESE = r"""\usepackage[UTF8,scheme=plain]{ctex}
"""
_LATIN_QUOTES = r"""\ifdefined\xeCJKDeclareCharClass\xeCJKDeclareCharClass{Default}{"2018,"2019,"201C,"201D,"2026}\fi
"""
"""In a document that is not Chinese, what Chinese writes in wide characters is as narrow as letters."""


def lessons(printed: Sequence[Printed], request: Request) -> str:
    """The lessons, one below the other; with `standalone` as a document that compiles."""
    body = "\n".join(line for one in printed for line in _lesson(one))
    latin = is_latin(body)
    needs = request.look.word("latex_needs", packages=r"\usepackage{amsmath,amssymb,booktabs}")
    engine = "" if latin else f"% {request.look.word('latex_engine')}\n"
    if not request.standalone:
        return f"% {needs}\n{engine}{_MACROS}{body}\n"
    program = "pdflatex" if latin else "xelatex"
    quotes = "" if request.look.language == "zh" else _LATIN_QUOTES
    packages = _ENGINE if latin else f"{_NOT_PDFLATEX}{_CHINESE}{quotes}"
    return (
        f"% !TeX program = {program}\n\\documentclass{{article}}\n{packages}"
        "\\usepackage{amsmath,amssymb,booktabs}\n\\usepackage[margin=2.5cm]{geometry}\n"
        f"\\setlength{{\\parindent}}{{0pt}}\n\\setlength{{\\parskip}}{{.6em}}\n{_MACROS}"
        f"\\begin{{document}}\n\\raggedright\n{body}\n\\end{{document}}\n"
    )


def _lesson(printed: Printed) -> Iterator[str]:
    one = printed.unbounded()
    yield f"\\section*{{{token(one.title)}}}"
    for words in one.front():
        if words.about == "sentence":
            yield from (_paragraph(_sentence(one)) for one in sentences_in(words))
        elif words.about not in ("title", "map"):
            yield from map(_line, words.whole)
    for page, window in zip(one.whole_pages(), one.on_paper(_PAPER).pages(), strict=True):
        yield from _page(page if all(len(table.widths) <= _MOST_COLUMNS for table in page.tables) else window)


def _sentence(one: TokenRow) -> str:
    """The tokens, the one that asks marked as on the page."""
    return r"\quad ".join(_piece(replace(piece, text=piece.text.strip())) for piece in one.tokens)


def _page(page: Page) -> Iterator[str]:
    if page.heading is not None:
        sign = formula_of(page)
        shown = rf" \quad $\displaystyle {formula(sign)}$" if sign else ""
        yield f"\n\\subsection*{{{page.heading.number}. {tex(name_of(page))}{shown}}}"
    for part, after in zip(page.parts, (*page.parts[1:], None), strict=True):
        if isinstance(part, Lines) or (isinstance(after, Lines) and part.about == "caption"):  # type: ignore[union-attr]
            continue  # a picture in characters, which no font of a document has
        if isinstance(part, Layout):
            yield _drawing(part)
        elif part.about == "heading":
            yield from (f"\n\\subsection*{{{''.join(map(_written, line.pieces))}}}" for line in part.whole)
        elif part.about != "gap":
            yield from (_line(line) for line in part.whole or part.lines if line.text.strip())


def _drawing(layout: Layout) -> str:
    """What stands beside each other; what has no room beside it goes below."""
    parts = []
    for part in parts_of(layout):
        if isinstance(part, Grid):
            parts.append(_table(part))
        elif isinstance(part, str):
            parts.append(tex(part))
    return "\\begin{center}\n" + "\n\\quad\n".join(parts) + "\n\\end{center}"


def _table(grid: Grid) -> str:
    """A table with rules above, below its heading, before a sum, and at its end."""
    columns = "l" * grid.labelled + "r" * (grid.width - grid.labelled)
    close = r"{\footnotesize\setlength{\tabcolsep}{3pt}" if grid.width > _MANY_COLUMNS else ""
    lines = [f"{close}\\begin{{tabular}}{{{columns}}}", r"\toprule"]
    if grid.header:
        first = [f"${formula(grid.symbol)}$" if grid.symbol else ""] if grid.labelled else []
        start = len(first)
        signed = zip(grid.signs[start:] or [""] * grid.width, grid.header[start:], strict=False)
        heads = [*first, *(_heading(cell, sign) for sign, cell in signed)]
        lines += [f"{' & '.join(heads)} \\\\", r"\midrule"]
    lines += [f"{{}}{' & '.join(_cells(grid, row))} \\\\" for row in grid.rows]
    return "\n".join([*lines, r"\bottomrule", rf"\end{{tabular}}{'}' if close else ''}"])


def _heading(cell: TableCell, sign: str) -> str:
    before = f"{sign} " if sign else ""
    return _marked(f"{cell.lead.strip()}{before}{cell.text}", bold=cell.role is Role.MARKED)


def _cells(grid: Grid, row: Sequence[TableCell]) -> Iterator[str]:
    for column, cell in enumerate(row):
        if grid.labelled and not column:
            yield _marked(f"{cell.lead.strip()}{cell.text}", bold=cell.role in (Role.MARKED, Role.KEY, Role.TITLE))
        elif is_bar(cell) and not is_number(cell):
            yield f"\\qkvbar{{{bar_length(cell) / 4:.3f}em}}"
        elif cell.role is Role.CURRENT:
            yield f"\\qkvcell{{{number(cell.text)}}}"
        else:
            bold = cell.role in (Role.QUERY, Role.KEY, Role.MARKED, Role.TITLE)
            yield f"\\textbf{{{number(cell.text)}}}" if bold and cell.text else number(cell.text)


def _marked(text: str, *, bold: bool) -> str:
    return f"\\textbf{{{tex(text)}}}" if bold and text else tex(text)


def _line(line: Line) -> str:
    return _paragraph(_text(line))


def _paragraph(text: str) -> str:
    return f"\n{text}\n"


def _text(line: Line) -> str:
    return "".join(map(_piece, line.pieces))


def _piece(piece: Piece) -> str:
    role = piece.drawn_as
    written = _written(piece)
    if role is Role.CURRENT:
        return f"\\qkvcell{{{written}}}"
    bold = (Role.MARKED, Role.NUMBER, Role.RESULT, Role.TITLE, Role.QUERY, Role.KEY, Role.WRONG)
    return f"\\textbf{{{written}}}" if role in bold and piece.text.strip() else written


def _written(piece: Piece) -> str:
    return token(piece.text) if piece.role.is_token else tex(piece.text)
