"""The last line: what the keyboard does here, or what there is to say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.style import Style
from rich.text import Text

from ..trace.trace import Trace
from ..views.blocks import cell
from ..views.look import Look
from .actions import ACTIONS
from .bound import Action

_APART = 2
_LEAD_AWAY = 3
"""How many entries at the end are the last to give way: the language or the lesson, help, quit."""
_AMONG_TERMS = {
    "open_cell": "open_cell",
    "next_cell": "term",
    "close_cell": "close_cell",
    "edit": "edit",
    "go_to": "go_to",
}
"""What the footer shows while a cell is opened, by action: the name of its text."""


def footer_line(trace: Trace, notice: str, tempo: float | None, is_opened: bool, look: Look) -> Text:
    """As many of the footer's actions as fit; each can be clicked. A notice takes their place."""
    before = "" if tempo is None else look.signs(look.texts.screen["playing"].format(seconds=tempo)) + "  "
    shown = []
    for action in ACTIONS:
        text = _AMONG_TERMS.get(action.name, "") if is_opened and not action.of_app else action.footer
        absent = (action.needs_heads and trace.shape.heads == 1) or (action.needs_task and trace.example.learn is None)
        if text and not absent:
            shown.append((action, look.texts.actions[text]))
    return actions_line(notice, before, shown, look)


def actions_line(notice: str, before: str, actions: Iterable[tuple[Action[Any], str]], look: Look) -> Text:
    """What goes on by itself, and behind it the actions with their texts; a notice takes the place of it all."""
    if notice:
        line = cell(look.signs(notice), look.palette.marked)
        line.truncate(look.width, overflow="ellipsis")
        return line
    entries = [entry(action.footer_keys or action.shown, text, action.call, look) for action, text in actions]
    return _fitted(cell("").append(before, look.palette.query), entries, look)


def entry(keys: str, text: str, call: str, look: Look) -> Text:
    """One action, which can be clicked."""
    click = Style(meta={"action": call})
    return Text.assemble((look.signs(keys), look.palette.marked + click), (f" {text}", click))


def _fitted(line: Text, entries: Sequence[Text], look: Look) -> Text:
    """The line with the entries that fit: the first ones, and before all others the last ones, which lead away."""
    kept = list(entries)
    room = look.width - line.cell_len
    while kept and sum(one.cell_len + _APART for one in kept) - _APART > room:
        kept.pop(-1 - _LEAD_AWAY if len(kept) > _LEAD_AWAY else 0)
    for number, one in enumerate(kept):
        line.append(" " * _APART if number else "")
        line.append_text(one)
    line.rstrip()
    return line
