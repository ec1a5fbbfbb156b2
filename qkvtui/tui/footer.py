"""The last line: what the keyboard does here, or what there is to say."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text

from ..trace.trace import Trace
from ..views.blocks import cell
from ..views.look import Look
from .actions import ACTIONS

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
        line = cell(look.signs(notice), look.palette.marked)
        line.truncate(look.width, overflow="ellipsis")
        return line
    line = cell("")
    if tempo is not None:
        line.append(look.signs(look.texts.screen["playing"].format(seconds=tempo)) + "  ", look.palette.query)
    for action in ACTIONS:
        text = _AMONG_TERMS.get(action.name, "") if is_opened and not action.of_app else action.footer
        if not text or (action.needs_heads and trace.shape.heads == 1):
            continue
        keys = look.signs(action.footer_keys or action.shown)
        click = Style(meta={"action": action.call})
        entry = Text.assemble((keys, look.palette.marked + click), (f" {look.texts.actions[text]}  ", click))
        if line.cell_len + entry.cell_len - 2 > look.width:
            break
        line.append_text(entry)
    line.rstrip()
    return line
