"""The last line: what the keyboard does here, or what there is to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.style import Style
from rich.text import Text

from ..views.blocks import cell
from ..views.look import Look
from .bound import Action

_APART = 2
_LEAD_AWAY = 3
"""How many entries at the end are the last to give way: the language or the lesson, help, quit."""

Shown = tuple[Action[Any], str]
"""An action, and the name of its text in the footer; empty: it is left out."""


def footer_line(
    notice: str, lead: str, shown: Iterable[Shown], labels: Mapping[str, str], look: Look, last: int = _LEAD_AWAY
) -> Text:
    """After `lead`, as many actions as fit, the `last` ones in any event; each can be clicked.

    A notice takes their place.
    """
    if notice:
        return _notice_line(notice, look)
    line = cell("").append(look.signs(f"{lead}  ") if lead else "", look.palette.query)
    entries = [(action.footer_gives_way, entry(action, labels[text], look)) for action, text in shown if text]
    firm = [one for gives_way, one in entries if not gives_way]
    everything = [one for _, one in entries]
    return _fitted(line, everything if _width(everything) <= look.width - line.cell_len else firm, look, last)


def _notice_line(notice: str, look: Look) -> Text:
    """What there is to say, as far as it fits."""
    line = cell(look.signs(notice), look.palette.marked)
    line.truncate(look.width, overflow="ellipsis")
    return line


def entry(action: Action[Any], text: str, look: Look, keys: str = "") -> Text:
    """One action, which can be clicked; with the keyboard keys of the footer unless others are given."""
    click = Style(meta={"action": action.call})
    keys = keys or action.footer_keys or action.shown
    return Text.assemble((look.keys(keys), look.palette.marked + click), (f" {text}", click))


def _width(entries: Sequence[Text]) -> int:
    return sum(one.cell_len + _APART for one in entries) - _APART


def _fitted(line: Text, entries: Sequence[Text], look: Look, last: int) -> Text:
    """The line with the entries that fit: the first ones, and before all others the last ones, which lead away."""
    kept = list(entries)
    room = look.width - line.cell_len
    while kept and _width(kept) > room:
        kept.pop(-1 - last if len(kept) > last else 0)
    for number, one in enumerate(kept):
        line.append(" " * _APART if number else "")
        line.append_text(one)
    line.rstrip()
    return line
