"""The last line: what the keyboard does here, or what there is to say."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from rich.text import Text

from ..trace.trace import Trace
from ..views.blocks import cell
from ..views.look import Look
from .actions import ACTIONS

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
    if notice:
        return notice_line(notice, look)
    line = cell("")
    if tempo is not None:
        line.append(look.signs(look.texts.screen["playing"].format(seconds=tempo)) + "  ", look.palette.query)
    entries = []
    for action in ACTIONS:
        text = _AMONG_TERMS.get(action.name, "") if is_opened and not action.of_app else action.footer
        absent = (action.needs_heads and trace.shape.heads == 1) or (action.needs_task and trace.example.learn is None)
        if text and not absent:
            entries.append(entry(action.footer_keys or action.shown, look.texts.actions[text], action.call, look))
    return fitted(line, entries, look)


def notice_line(notice: str, look: Look) -> Text:
    """What there is to say, as far as it fits."""
    line = cell(look.signs(notice), look.palette.marked)
    line.truncate(look.width, overflow="ellipsis")
    return line


def entry(keys: str, text: str, call: str, look: Look) -> Text:
    """One action, which can be clicked."""
    click = Style(meta={"action": call})
    return Text.assemble((look.signs(keys), look.palette.marked + click), (f" {text}", click))


def fitted(line: Text, entries: Sequence[Text], look: Look) -> Text:
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
