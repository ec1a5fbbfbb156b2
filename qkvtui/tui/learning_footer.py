"""The last line of the learning screen: what the keyboard does, how far a run is, or what there is to say."""

from __future__ import annotations

from math import ceil

from rich.text import Text

from ..views.blocks import cell
from ..views.look import Look
from .footer import Entry, footer_line
from .learning_actions import LEARNING_ACTIONS
from .trainer import Progress, Trainer

_BAR = 24
"""Terminal columns of a progress bar."""
_MINUTE = 60
_LEAVE = next(action for action in LEARNING_ACTIONS if action.name == "leave")


def learning_footer(notice: str, trainer: Trainer, look: Look) -> Text:
    """The learning screen's actions; how far a run is while it goes by itself. A notice takes their place."""
    labels = look.texts.learning_actions
    if trainer.progress is not None and not notice:
        return Entry(_LEAVE, labels["stop"], look, "Esc").write(progress_bar(trainer.progress, look))
    pace = "" if trainer.pace is None else look.studying("pace", pace=trainer.pace)
    return footer_line(notice, pace, ((action, action.footer) for action in LEARNING_ACTIONS), labels, look)


def progress_bar(progress: Progress, look: Look) -> Text:
    """`━━━━━━────── 52%  about 12 s left  `."""
    done = round(progress.share * _BAR)
    bar = cell(look.signs("━" * done), look.palette.bar)
    bar.append(look.signs("─" * (_BAR - done)), look.palette.dim)
    bar.append(f" {progress.share:4.0%}  ", look.palette.marked)
    if progress.seconds_left is not None:
        bar.append(_time_left(progress.seconds_left, look) + "  ")
    return bar


def _time_left(seconds: float, look: Look) -> str:
    if seconds < _MINUTE:
        return look.studying("seconds_left", count=max(1, ceil(seconds)))
    return look.studying("minutes_left", count=ceil(seconds / _MINUTE))
