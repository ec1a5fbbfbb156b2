"""Whether what is coloured can be read: contrast as WCAG 2 measures it, in the colours of three terminals."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rich.style import Style

from qkvtui.environment import THEMES
from qkvtui.narration.sentences import Role
from qkvtui.views.palette import Palette
from qkvtui.views.themes import PALETTES, following, palette_for
from tests.contrast import Rgb, contrast, rgb

SIXTEEN = {
    "xterm": "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff"
    " ffffff",
    "macOS Terminal": "000000 c23621 25bc24 adad27 492ee1 d338d3 33bbc8 cbcccd 818383 fc391f 31e722 eaec23 5833ff"
    " f935f8 14f0f0 e9ebeb",
    "Windows Terminal": "0c0c0c c50f1f 13a10e c19c00 0037da 881798 3a96dd cccccc 767676 e74856 16c60c f9f1a5 3b78ff"
    " b4009e 61d6d6 f2f2f2",
}
"""What the sixteen colours are, as each of them is delivered."""
GROUNDS = {
    "xterm": {"dark": ("e5e5e5", "000000"), "light": ("000000", "ffffff")},
    "macOS Terminal": {"dark": ("cbcccd", "1e1e1e"), "light": ("000000", "ffffff")},
    "Windows Terminal": {"dark": ("cccccc", "0c0c0c"), "light": ("383a42", "fafafa")},
}
"""What it writes in, and on, where nothing is said: its dark and its light profile."""
BACKGROUNDS = {
    "dark": ("dark",),
    "light": ("light",),
    "ansi": ("dark", "light"),
    "high-contrast": ("dark", "light"),
}
"""What each theme is made for."""
LEAST = {"high-contrast": 7.0}
USUAL_LEAST = 4.5
_STEPS = (0, 95, 135, 175, 215, 255)
_BOLD_IS_BRIGHT = 8


def of_number(number: int, terminal: str) -> Rgb:
    """One of the 256 colours: the first sixteen are the terminal's own, then a cube, then greys."""
    if number < 16:
        return rgb(SIXTEEN[terminal].split()[number])
    if number < 232:
        of_cube = number - 16
        return _STEPS[of_cube // 36], _STEPS[of_cube // 6 % 6], _STEPS[of_cube % 6]
    grey = 8 + 10 * (number - 232)
    return grey, grey, grey


def seen(style: Style, terminal: str, ground: str) -> Iterator[tuple[Rgb, Rgb]]:
    """What is written in, and on; twice where a terminal may brighten what is bold."""
    front, back = map(rgb, GROUNDS[terminal][ground])
    numbers = [None if color is None else color.number for color in (style.color, style.bgcolor)]
    behind = back if numbers[1] is None else of_number(numbers[1], terminal)
    fronts = [numbers[0]]
    if style.bold and numbers[0] is not None and numbers[0] < _BOLD_IS_BRIGHT:
        fronts.append(numbers[0] + _BOLD_IS_BRIGHT)
    for number in fronts:
        before = front if number is None else of_number(number, terminal)
        yield (behind, before) if style.reverse else (before, behind)


def read_styles(palette: Palette) -> Iterator[tuple[str, Style]]:
    """Every style that something is written in: of each role, alone and on each shade."""
    levels = len(palette.heat)
    for role in Role:
        if role is not Role.BAR:
            yield role.value, palette.role(role)
            for level in range(levels):
                yield f"{role.value}, shade {level}", palette.style(role, share=level / (levels - 1))


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda one: f"{one.theme}{'-16' if one.few else ''}")
def test_everything_that_is_read_stands_out_from_its_background(palette: Palette) -> None:
    """On a projector, or with weak eyes, the token that asks was yellow on white: 1.7 where 4.5 can be read."""
    least = LEAST.get(palette.theme, USUAL_LEAST)
    faint = [
        f"{name} in {terminal}, {ground}: {contrast(front, back):.1f}"
        for name, style in read_styles(palette)
        for terminal in SIXTEEN
        for ground in BACKGROUNDS[palette.theme]
        for front, back in seen(style, terminal, ground)
        if contrast(front, back) < least
    ]
    assert faint == []


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda one: f"{one.theme}{'-16' if one.few else ''}")
def test_nothing_is_dim(palette: Palette) -> None:
    """How faint dim is, each terminal decides: in some, half of what the rest has."""
    assert [name for name, style in read_styles(palette) if style.dim] == []


@pytest.mark.parametrize("theme", [theme for theme in THEMES if theme != "auto"])
def test_sixteen_colours_are_enough_where_there_are_no_more(theme: str) -> None:
    """A colour beyond them would be replaced by the nearest: white on cyan, which nobody can read."""
    palette = PALETTES[theme, True]
    numbers = [
        color.number
        for _, style in read_styles(palette)
        for color in (style.color, style.bgcolor)
        if color is not None and color.number is not None
    ]
    assert max(numbers) < 16


@pytest.mark.sampled(4)
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("terminal", SIXTEEN)
@pytest.mark.parametrize("few", [False, True])
def test_more_of_the_attention_stands_out_more(theme: str, terminal: str, few: bool) -> None:
    """The token that gets least would have drawn the eye."""
    heat = PALETTES[theme, few].heat
    behind = rgb(GROUNDS[terminal][theme][1])
    out = [contrast(behind, next(seen(style, terminal, theme))[1]) for style in heat]
    assert out == sorted(out)
    assert len(set(out)) == len(out) >= 4


def test_the_usual_theme_is_that_of_the_background_the_terminal_tells() -> None:
    """Whoever says nothing gets what suits the terminal, as far as it can be known."""
    assert palette_for("auto", "0;15", few=False).theme == "light"
    assert palette_for("auto", "15;0", few=False).theme == "dark"
    assert palette_for("auto", "", few=True) is PALETTES["dark", True]
    assert palette_for("dark", "0;15", few=False).theme == "dark"


def test_a_key_leads_through_all_themes_and_round() -> None:
    """One theme could never have been reached."""
    first = palette_for("auto", "", few=True)
    met = [first]
    for _ in range(len(THEMES) - 1):
        met.append(following(met[-1]))
    assert met[-1] is first
    assert {palette.theme for palette in met} == set(THEMES) - {"auto"}
    assert all(palette.few for palette in met)
