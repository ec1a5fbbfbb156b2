"""Lines of a page as shapes and text of SVG: box lines, blocks and braille dots are drawn, all else is text as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.etree.ElementTree import Element

from ..narration.sentences import Role
from ..pages.graphemes import graphemes
from ..pages.lines import Line, cell_len
from .markup import element
from .shades import DARK, LIGHT, heat_rules, level

CELL, LINE = 9.6, 22.0
"""How wide a terminal cell is and how high a line, in units of the picture; a letter is 16 high."""
_SIZE = 16
_BASE = 16.0
"""Where letters stand, below the top of their line."""
_FONTS = "ui-monospace,SFMono-Regular,Menlo,'DejaVu Sans Mono',Consolas,'Noto Sans Mono CJK SC',monospace"
_BOXES = {
    "│": "NS", "─": "WE", "┼": "NSWE", "├": "NSE", "┤": "NSW", "┬": "SWE", "┴": "NWE",
    "┐": "SW", "┘": "NW", "┌": "SE", "└": "NE", "━": "WE",
}  # fmt: skip
"""Signs that are lines → the sides of the cell to which they go from its middle."""
_BLOCKS = {"█": (1.0, 1.0), "▌": (0.5, 1.0), "▓": (1.0, 0.75), "▒": (1.0, 0.5), "░": (1.0, 0.25)}
"""Signs that are areas → how much of the cell's width they fill, and how strongly."""
_BRAILLE = range(0x2800, 0x2900)
_DOTS = ((0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (3, 0), (3, 1))
"""(down, across) of each dot of a braille sign, by its bit."""
_CLASSES = {
    Role.QUERY: "query", Role.KEY: "key", Role.BAR: "key", Role.TOKEN: "bold", Role.NUMBER: "bold", Role.RESULT: "bold",
    Role.WRONG: "wrong", Role.TITLE: "bold", Role.HEADER: "soft", Role.DIM: "soft", Role.MARKED: "bold",
    Role.CURRENT: "current",
}  # fmt: skip
_PAINT = ".t .h{level}{{fill:{back}}}.t .f{level}{{fill:{front}}}"
_LIGHT = (
    ".t .paper{fill:#ffffff}.t text,.t .dot,.t .area{fill:#111111}.t .line{stroke:#4a4f57}"
    ".t .soft{fill:#4a4f57}.t .query{fill:#8a4b00}.t .key{fill:#0a6128}.t .wrong{fill:#b00020}"
    ".t .frame{fill:#fff3c4;stroke:#111111}"
)
_DARK = (
    ".t .paper{fill:#121417}.t text,.t .dot,.t .area{fill:#eeeeee}.t .line{stroke:#b4bac3}"
    ".t .soft{fill:#b4bac3}.t .query{fill:#ffc46b}.t .key{fill:#7fdc9b}.t .wrong{fill:#ff9aa5}"
    ".t .frame{fill:#4a3d00;stroke:#eeeeee}"
)


def style_sheet() -> str:
    """The rules of a picture: its own fonts are none, its colours those of light or of dark paper."""
    fixed = (
        f".t text{{font:{_SIZE}px {_FONTS};white-space:pre}}.t .line{{stroke-width:1.5;fill:none}}"
        ".t .bold,.t .query,.t .key,.t .wrong,.t .current{font-weight:bold}.t .frame{stroke-width:1.5}"
    )
    light, dark = _LIGHT + heat_rules(LIGHT, _PAINT), _DARK + heat_rules(DARK, _PAINT)
    return f"{fixed}{light}@media (prefers-color-scheme:dark){{{dark}}}"


def picture(shapes: Sequence[Element], columns: int, rows: int, title: str, described: str) -> Element:
    """So many columns and rows of terminal cells, with what a voice says of them."""
    width, height = round((columns + 2) * CELL, 1), round((rows + 1) * LINE, 1)
    return element(
        "svg",
        element("title", title),
        element("desc", described),
        element("g", *shapes, transform=f"translate({CELL} {LINE / 2})"),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="img",
        class_="t",
    )


def lines_picture(lines: Sequence[Line], title: str) -> Element:
    """Lines as a picture within a page, whose style sheet has the rules of pictures."""
    shapes = [shape for row, line in enumerate(lines) for shape in line_shapes(line, 0, row)]
    columns = max((line.width for line in lines), default=0)
    return picture(shapes, columns, len(lines), title, described(lines))


def described(lines: Sequence[Line]) -> str:
    """The words and numbers of lines, without what is only drawn."""
    drawn = dict.fromkeys((*map(ord, (*_BOXES, *_BLOCKS)), *_BRAILLE), " ")
    found = (" ".join(line.text.translate(drawn).split()) for line in lines)
    return "\n".join(text for text in found if text)


def line_shapes(line: Line, column: float, row: float) -> Iterator[Element]:
    """The shapes of a line that begins in this cell."""
    for piece in line.pieces:
        yield from text_shapes(piece.text, column, row, piece.drawn_as, piece.share)
        column += cell_len(piece.text)


def text_shapes(text: str, column: float, row: float, role: Role, share: float | None = None) -> Iterator[Element]:
    """The shapes of a text with one role: a shade behind it, runs of letters, and what is drawn."""
    shade = 0 if share is None else level(share)
    if shade:
        yield _area(column, row, cell_len(text), f"h{shade}")
    class_ = f"f{shade}" if shade else _CLASSES.get(role)
    if role is Role.CURRENT and text.strip():
        yield _area(column, row, cell_len(text), "frame")
    for is_drawn, run in groupby(graphemes(text), lambda one: _is_drawn(one[0])):
        parts = list(run)
        if is_drawn:
            for at, (sign, _) in enumerate(parts):
                yield from _drawn(sign, column + at, row, class_)
        else:
            yield from _letters("".join(one for one, _ in parts), column, row, class_)
        column += sum(width for _, width in parts)


def _is_drawn(sign: str) -> bool:
    return sign in _BOXES or sign in _BLOCKS or (len(sign) == 1 and ord(sign) in _BRAILLE)


def _letters(text: str, column: float, row: float, class_: str | None) -> Iterator[Element]:
    """A text, as wide as its terminal cells whatever the font is."""
    inner = text.strip(" ")
    if not inner:
        return
    start = column + len(text) - len(text.lstrip(" "))
    yield element(
        "text",
        inner,
        x=round(start * CELL, 1),
        y=round(row * LINE + _BASE, 1),
        textLength=round(cell_len(inner) * CELL, 1),
        lengthAdjust="spacingAndGlyphs",
        class_=class_,
    )


def _area(column: float, row: float, columns: float, class_: str) -> Element:
    x, width = round(column * CELL, 1), round(columns * CELL, 1)
    return element("rect", x=x, y=round(row * LINE + 1, 1), width=width, height=LINE - 2, class_=class_)


def _drawn(sign: str, column: float, row: float, class_: str | None) -> Iterator[Element]:
    if sign in _BLOCKS:
        width, strength = _BLOCKS[sign]
        area = _area(column, row, width, f"area {class_ or ''}".strip())
        area.set("fill-opacity", str(strength))
        yield area
    elif sign in _BOXES:
        middle = ((column + 0.5) * CELL, (row + 0.5) * LINE)
        ends = {"N": (0, -LINE / 2), "S": (0, LINE / 2), "W": (-CELL / 2, 0), "E": (CELL / 2, 0)}
        way = " ".join(
            f"M{middle[0]:.1f} {middle[1]:.1f}l{ends[side][0]:.1f} {ends[side][1]:.1f}" for side in _BOXES[sign]
        )
        yield element("path", d=way, class_="line")
    else:
        bits = ord(sign) - _BRAILLE.start
        for bit, (down, across) in enumerate(_DOTS):
            if bits >> bit & 1:
                x, y = (column + 0.25 + across / 2) * CELL, (row + (down + 0.5) / 4) * LINE
                yield element("circle", cx=round(x, 1), cy=round(y, 1), r=1.3, class_=f"dot {class_ or ''}".strip())
