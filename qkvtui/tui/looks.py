"""The keyboard keys that change how everything looks: language, digits, colours, rows or columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from ..localized import LANGUAGES
from ..memory.remembered import CHOICES
from ..memory.state import Memory
from ..views.look import Look
from ..views.themes import following as next_palette
from ..views.themes import palette_for
from .messages import Said

FEWEST_DIGITS, MOST_DIGITS = 2, 6
"""Decimals that a keyboard key leads through."""


def _language(look: Look) -> tuple[Look, Said | None]:
    """The next language."""
    following = LANGUAGES[(LANGUAGES.index(look.language) + 1) % len(LANGUAGES)]
    return replace(look, language=following), None


def _tokens_as(look: Look) -> tuple[Look, Said | None]:
    """Tokens as columns instead of rows, or as rows again."""
    turned = replace(look, tokens_as="rows" if look.in_columns else "columns")
    return turned, Said("tokens_are_columns" if turned.in_columns else "tokens_are_rows")


def _digits(look: Look) -> tuple[Look, Said | None]:
    """One decimal more; after the most, as few as usual."""
    digits = look.digits + 1 if look.digits < MOST_DIGITS else FEWEST_DIGITS
    return replace(look, digits=digits), Said("digits", {"count": str(digits)})


def _theme(look: Look) -> tuple[Look, Said | None]:
    """The next theme."""
    palette = next_palette(look.palette)
    return replace(look, palette=palette), Said("theme", {"theme": palette.theme})


LOOKS: dict[str, Callable[[Look], tuple[Look, Said | None]]] = {
    "language": _language,
    "tokens_as": _tokens_as,
    "digits": _digits,
    "theme": _theme,
}
"""An action's name → the look after it, and what is said of that."""


def looked(name: str, look: Look, memory: Memory) -> tuple[Look, Said | None]:
    """The look after the action of this name, and what is said of that; a language and a theme are remembered."""
    after, said = LOOKS[name](look)
    if name in CHOICES:
        memory.choose(name, choices_of(after)[name])
    return after, said


def choices_of(look: Look) -> dict[str, str]:
    """What of a look is remembered once it was chosen, by the names of CHOICES."""
    return {"language": look.language, "theme": look.palette.theme}


def recalled(look: Look, choices: Mapping[str, str]) -> Look:
    """The look with what was chosen in place of its own."""
    meant = {**choices_of(look), **choices}
    return replace(look, language=meant["language"], palette=palette_for(meant["theme"], "", few=look.palette.few))


def suited(look: Look, memory: Memory, *, is_light: bool) -> Look:
    """The look for a terminal that has said how bright it is, which counts for less than what somebody has chosen."""
    if memory.is_chosen("theme"):
        return look
    theme = "light" if is_light else look.palette.theme
    memory.settle("theme", theme)
    return recalled(look, {"theme": theme})


def textual_theme(look: Look) -> str:
    """Textual's theme for what it draws itself: lists, and the line one types into."""
    return "ansi-light" if look.palette.theme == "light" else "ansi-dark"
