"""The colours, resolved. Every fact that a colour carries is carried by a sign or a digit as well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from functools import cached_property, lru_cache
from itertools import groupby
from operator import attrgetter

from rich.style import Style
from rich.text import Text

from ..narration.sentences import Role
from ..pages.lines import Click, Line
from ..records import record


def _heat(*levels: tuple[int, int]) -> tuple[Style, ...]:
    """Backgrounds from weak to strong with a foreground that can be read on each; the weakest has none."""
    return (Style(), *(Style.parse(f"color({front}) on color({back})") for back, front in levels))


_HEAT_ON_DARK = _heat((17, 15), (18, 15), (19, 15), (25, 15), (31, 15), (37, 0), (44, 0))
_HEAT_ON_LIGHT = _heat((195, 0), (159, 0), (117, 0), (75, 0), (33, 15), (26, 15), (19, 15))


@record(frozen=True)
class Palette:
    """The styles of the pages."""

    title: Style = field(default_factory=lambda: Style(bold=True))
    dim: Style = field(default_factory=lambda: Style(dim=True))
    label: Style = field(default_factory=Style)
    header: Style = field(default_factory=lambda: Style(color="cyan"))
    marked: Style = field(default_factory=lambda: Style(bold=True))
    cell: Style = field(default_factory=lambda: Style(bold=True, reverse=True))
    query: Style = field(default_factory=lambda: Style(bold=True, color="yellow"))
    key: Style = field(default_factory=lambda: Style(bold=True, color="green"))
    wrong: Style = field(default_factory=lambda: Style(bold=True, color="red"))
    heat: tuple[Style, ...] = _HEAT_ON_DARK

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
            Role.LABEL: self.label,
            Role.DIM: self.dim,
            Role.MARKED: self.marked,
            Role.CURRENT: self.cell,
        }

    def style(self, role: Role, share: float | None = None, click: Click | None = None) -> Style:
        """The style of a cell or a piece: shaded by a share of the attention, and with what a click on it means."""
        level = None if share is None else self._level(share)
        return self._styled(role, level, click)

    @cached_property
    def _styled(self) -> Callable[[Role, int | None, Click | None], Style]:
        @lru_cache(maxsize=4096)
        def styled(role: Role, level: int | None, click: Click | None) -> Style:
            style = self._roles[role] if level is None else self.heat[level] + self._roles[role]
            return style if click is None else style + Style(meta=dict([click]))

        return styled

    def heat_of(self, share: float) -> Style:
        """The shade of a share between 0 and 1."""
        return self.heat[self._level(share)]

    def _level(self, share: float) -> int:
        return max(0, min(len(self.heat) - 1, round(share * (len(self.heat) - 1))))


DARK = Palette()
LIGHT = Palette(heat=_HEAT_ON_LIGHT)


def palette_for(colorfgbg: str) -> Palette:
    """The palette for a terminal that says `foreground;background` in COLORFGBG; dark where it is silent."""
    background = colorfgbg.rpartition(";")[2]
    return LIGHT if background in ("7", "15") else DARK


def text_of(line: Line, palette: Palette, *, left: bool = False) -> Text:
    """A line of a page as rich text."""
    text = Text("", no_wrap=True, end="", justify="left" if left else None)
    for under, pieces in groupby(line.pieces, attrgetter("under")):
        part = Text("", palette.role(under), no_wrap=True, end="")
        for piece in pieces:
            part.append(piece.text, palette.style(piece.role, piece.share, piece.click) or None)
        text.append_text(part)
    return text
