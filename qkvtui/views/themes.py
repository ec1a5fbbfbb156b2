"""The themes: styles for a dark background, for a light one, and for whichever there is.

Whatever is read has a contrast of 4.5 or more (7 in `high-contrast`) in the colours of xterm, macOS Terminal and
Windows Terminal. On a background that is not known, no colour has that by itself: there, text that is coloured brings
its background along.
"""

from __future__ import annotations

from dataclasses import replace

from rich.color import Color
from rich.style import Style

from ..environment import THEMES
from .palette import DARK, Palette, heat_of, shade

_PLAIN, _BOLD = Style(), Style(bold=True)


def _colored(number: int, *, bold: bool = False) -> Style:
    return Style(color=Color.from_ansi(number), bold=bold or None)


_ANSI = Palette(
    theme="ansi",
    few=True,
    dim=_PLAIN,
    header=_BOLD,
    bar=_PLAIN,
    query=shade(3, 0),
    key=shade(2, 0),
    wrong=shade(1, 15),
    heat=heat_of((4, 15), (6, 0), (14, 0)),
)
_LIGHT = Palette(
    theme="light",
    dim=_colored(241),
    header=_colored(24),
    query=_colored(94, bold=True),
    key=_colored(22, bold=True),
    wrong=_colored(124, bold=True),
    bar=_colored(28),
    heat=heat_of((195, 0), (159, 0), (117, 0), (75, 0), (20, 15), (19, 15), (18, 15)),
)
_CONTRAST = Palette(
    theme="high-contrast",
    dim=_PLAIN,
    header=_BOLD,
    bar=_PLAIN,
    query=shade(226, 16),
    key=shade(46, 16),
    wrong=shade(88, 231),
    heat=heat_of((17, 231), (19, 231), (37, 16), (51, 16)),
)
_PALETTES = (
    DARK,
    replace(DARK, few=True, dim=_PLAIN, heat=_ANSI.heat),
    _LIGHT,
    replace(_ANSI, theme="light", header=_colored(4), heat=heat_of((14, 0), (6, 0), (4, 15))),
    replace(_ANSI, few=False),
    _ANSI,
    _CONTRAST,
    replace(
        _CONTRAST,
        few=True,
        query=shade(11, 0),
        key=shade(10, 0),
        wrong=Style(bold=True, underline=True),
        heat=heat_of((7, 0), (14, 0)),
    ),
)
PALETTES = {(palette.theme, palette.few): palette for palette in _PALETTES}
"""By theme, and by whether the terminal has sixteen colours only."""


def palette_for(theme: str, colorfgbg: str, *, few: bool) -> Palette:
    """The palette of a theme; of `auto` the one that suits the terminal.

    `colorfgbg` is what COLORFGBG says, `foreground;background`; where it is silent, the background is taken to be dark.
    """
    if theme == "auto":
        theme = "light" if colorfgbg.rpartition(";")[2] in ("7", "15") else "dark"
    return PALETTES[theme, few]


def following(palette: Palette) -> Palette:
    """The next theme, with as many colours."""
    themes = [theme for theme in THEMES if theme != "auto"]
    return PALETTES[themes[(themes.index(palette.theme) + 1) % len(themes)], palette.few]
