"""The colours, resolved. Every fact that a colour carries is carried by a sign or a digit as well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from functools import cached_property, lru_cache

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from ..narration.sentences import Role
from ..pages.lines import Click, Line
from ..records import record


def heat_of(*levels: tuple[int, int]) -> tuple[Style, ...]:
    """(background, foreground) from weak to strong, each pair readable; before them a level without a shade.

    On black that a terminal may brighten where it is bold, nothing is bold.
    """
    return (Style(), *(shade(back, front) for back, front in levels))


def shade(back: int, front: int) -> Style:
    """A background with a foreground, by their numbers; where that is the palette's own black, never bold."""
    return Style(color=Color.from_ansi(front), bgcolor=Color.from_ansi(back), bold=False if front == 0 else None)


@record(frozen=True)
class Palette:
    """The styles of the pages; without more said, for a dark background and 256 colours."""

    theme: str = "dark"
    """What it is called."""
    few: bool = False
    """Whether it makes do with sixteen colours."""
    title: Style = field(default_factory=lambda: Style(bold=True))
    dim: Style = field(default_factory=lambda: Style(color=Color.from_ansi(248)))
    label: Style = field(default_factory=Style)
    header: Style = field(default_factory=lambda: Style(color="cyan"))
    marked: Style = field(default_factory=lambda: Style(bold=True))
    cell: Style = field(default_factory=lambda: Style(bold=True, reverse=True))
    """Of what is current, and of nothing else: reversed."""
    query: Style = field(default_factory=lambda: Style(bold=True, color="yellow"))
    key: Style = field(default_factory=lambda: Style(bold=True, color="green"))
    wrong: Style = field(default_factory=lambda: Style(bold=True, color="bright_red"))
    bar: Style = field(default_factory=lambda: Style(color="green"))
    """Of what is drawn and not read: bars and curves."""
    heat: tuple[Style, ...] = heat_of((18, 15), (19, 15), (24, 15), (25, 15), (31, 0), (37, 0), (44, 0))

    def role(self, role: Role) -> Style:
        """The style of a part of a sentence or a page."""
        return self._roles[role]

    @cached_property
    def _roles(self) -> dict[Role, Style]:
        return {
            Role.PLAIN: Style(),
            Role.QUERY: self.query,
            Role.KEY: self.key,
            Role.TOKEN: self.marked,
            Role.NUMBER: self.marked,
            Role.RESULT: self.marked,
            Role.WRONG: self.wrong,
            Role.TITLE: self.title,
            Role.HEADER: self.header,
            Role.BAR: self.bar,
            Role.LABEL: self.label,
            Role.DIM: self.dim,
            Role.MARKED: self.marked,
            Role.CURRENT: self.cell,
        }

    def style(
        self, role: Role, share: float | None = None, click: Click | None = None, under: Role = Role.PLAIN
    ) -> Style:
        """The style of a cell or a piece: shaded by a share of the attention, and with what a click on it means.

        `under` is the role of the line that it was written in.
        """
        level = None if share is None else self._level(share)
        return self._styled(role, level, click, under)

    @cached_property
    def _styled(self) -> Callable[[Role, int | None, Click | None, Role], Style]:
        @lru_cache(maxsize=4096)
        def styled(role: Role, level: int | None, click: Click | None, under: Role) -> Style:
            style = self._roles[under] + self._roles[role]
            if level is not None:
                style += self.heat[level]
            return style if click is None else style + Style(meta=dict([click]))

        return styled

    def shade_of(self, share: float) -> Style:
        """The shade of a share between 0 and 1."""
        return self.heat[self._level(share)]

    def _level(self, share: float) -> int:
        return max(0, min(len(self.heat) - 1, round(share * (len(self.heat) - 1))))


DARK = Palette()


def is_current(style: Style) -> bool:
    """Whether something in this style is current, in any palette."""
    return bool(style.reverse)


def segments_of(line: Line, palette: Palette) -> list[Segment]:
    """A line of a page as rich writes it."""
    return [
        Segment(piece.text, palette.style(piece.role, piece.share, piece.click, piece.under) or None)
        for piece in line.pieces
    ]


def text_of(line: Line, palette: Palette) -> Text:
    """A line of a page as rich text, which can be wrapped and cut."""
    text = Text("", no_wrap=True, end="")
    for piece, style, _ in segments_of(line, palette):
        text.append(piece, style)
    return text
