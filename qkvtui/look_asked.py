"""How what a command writes or shows is to look, once its options are read."""

from __future__ import annotations

import os

from .command_line import LessonOptions, PageOptions
from .environment import color_system, page_width, wants_color
from .report.output import Output
from .trace.rounding import ROUNDING_DIGITS
from .views.look import Look
from .views.palette import Palette
from .views.themes import palette_for


def page_look(options: PageOptions, output: Output) -> Look:
    """How the options and the terminal say that a page is to look."""
    return Look(
        width=page_width(options.width, output.terminal_width, os.environ),
        digits=_shown_digits(options),
        language=options.lang,
        ascii=options.ascii or not output.can_show("≈√ᵀ▸"),
        palette=_palette(options),
        tokens_as=options.tokens_as,
        notation=options.notation,
    )


def _palette(options: PageOptions) -> Palette:
    few = color_system(options.color, os.environ) != "256"
    return palette_for(options.theme, os.environ.get("COLORFGBG", ""), few=few)


def _shown_digits(options: PageOptions) -> int:
    round_each = options.round_each
    return int(options.digits if round_each is None else max(options.digits, round_each + ROUNDING_DIGITS))


def check_look(options: LessonOptions, output: Output) -> Look:
    """How the findings about an example, or about answers, are to look."""
    return Look(
        width=page_width(None, output.terminal_width, os.environ),
        digits=options.digits,
        language=options.lang,
        ascii=options.ascii or not output.can_show("≈√×“"),
    )


def application_look(options: LessonOptions) -> Look:
    """How the options say that the application is to look; the terminal says how large."""
    return Look(
        width=80,
        height=24,
        digits=options.digits,
        language=options.lang,
        ascii=options.ascii,
        palette=_palette(options),
        tokens_as=options.tokens_as,
        notation=options.notation,
    )


def page_color(options: PageOptions, output: Output) -> str | None:
    """rich's colour system for the page; None for plain text."""
    if not wants_color(options.color, output.is_terminal, os.environ):
        return None
    return color_system(options.color, os.environ)


def usual_format(options: PageOptions) -> str:
    """What is written unless it is told: sentences for a terminal that says it can show nothing else."""
    is_drawn = getattr(options, "picture", None) is not None or wants_color(options.color, False, os.environ)
    return "transcript" if os.environ.get("TERM") == "dumb" and not is_drawn and not options.output else "text"
