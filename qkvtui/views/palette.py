"""The colours, resolved. Every fact that a colour carries is carried by a sign or a digit as well."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.style import Style

from ..narration.sentences import Role


def _heat(*levels: tuple[int, int]) -> tuple[Style, ...]:
    """Backgrounds from weak to strong with a foreground that can be read on each; the weakest has none."""
    return (Style(), *(Style.parse(f"color({front}) on color({back})") for back, front in levels))


_HEAT_ON_DARK = _heat((17, 15), (18, 15), (19, 15), (25, 15), (31, 15), (37, 0), (44, 0))
_HEAT_ON_LIGHT = _heat((195, 0), (159, 0), (117, 0), (75, 0), (33, 15), (26, 15), (19, 15))


@dataclass(frozen=True)
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
        """The style of a part of a sentence."""
        return {
            Role.QUERY: self.query,
            Role.KEY: self.key,
            Role.TOKEN: self.marked,
            Role.NUMBER: self.marked,
            Role.RESULT: self.marked,
            Role.WRONG: self.wrong,
        }.get(role, Style())

    def heat_of(self, share: float) -> Style:
        """The shade of a share between 0 and 1."""
        return self.heat[max(0, min(len(self.heat) - 1, round(share * (len(self.heat) - 1))))]


DARK = Palette()
LIGHT = Palette(heat=_HEAT_ON_LIGHT)


def palette_for(colorfgbg: str) -> Palette:
    """The palette for a terminal that says `foreground;background` in COLORFGBG; dark where it is silent."""
    background = colorfgbg.rpartition(";")[2]
    return LIGHT if background in ("7", "15") else DARK
