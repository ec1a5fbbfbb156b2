"""The last line of the learning screen: what the keyboard does, how far a run is, or what there is to say."""

from __future__ import annotations

from math import ceil

from rich.text import Text

from ..views.blocks import cell
from ..views.look import Look
from .footer import entry, fitted, notice_line
from .learning_actions import LEARNING_ACTIONS
from .trainer import Progress, Trainer

_BAR = 24
"""Terminal columns of a progress bar."""
_MINUTE = 60


def learning_footer(notice: str, trainer: Trainer, look: Look) -> Text:
    """The learning screen's actions; how far a run is while it goes by itself. A notice takes their place."""
    if notice:
        return notice_line(notice, look)
    line = cell("")
    if trainer.progress is not None:
        line.append_text(progress_bar(trainer.progress, look))
        return line.append_text(entry("Esc", look.texts.learning_actions["stop"], "act('leave')", look))
    if trainer.pace is not None:
        line.append(look.studying("pace", pace=trainer.pace) + "  ", look.palette.query)
    entries = []
    for action in LEARNING_ACTIONS:
        if action.footer:
            text = look.texts.learning_actions[action.footer]
            entries.append(entry(action.footer_keys or action.shown, text, action.call, look))
    return fitted(line, entries, look)


def progress_bar(progress: Progress, look: Look) -> Text:
    """`━━━━━━────── 52%  about 12 s left  `."""
    done = round(progress.share * _BAR)
    bar = cell(look.signs("━" * done), look.palette.key)
    bar.append(look.signs("─" * (_BAR - done)), look.palette.dim)
    bar.append(f" {progress.share:4.0%}  ", look.palette.marked)
    if progress.seconds_left is not None:
        bar.append(_time_left(progress.seconds_left, look) + "  ")
    return bar


def _time_left(seconds: float, look: Look) -> str:
    if seconds < _MINUTE:
        return look.studying("seconds_left", count=max(1, ceil(seconds)))
    return look.studying("minutes_left", count=ceil(seconds / _MINUTE))
