"""The last line: what the keyboard does here, or what there is to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.style import Style
from rich.text import Text

from ..pages.lines import cell_len
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
    entries = [(action.footer_gives_way, Entry(action, labels[text], look)) for action, text in shown if text]
    firm = [one for gives_way, one in entries if not gives_way]
    everything = [one for _, one in entries]
    room = look.width - line.cell_len
    for number, one in enumerate(_fitting(everything if _width(everything) <= room else firm, room, last)):
        one.write(line.append(" " * _APART if number else ""))
    line.rstrip()
    return line


def _notice_line(notice: str, look: Look) -> Text:
    """What there is to say, as far as it fits."""
    line = cell(look.signs(notice), look.palette.marked)
    line.truncate(look.width, overflow="ellipsis")
    return line


class Entry:
    """One action, which can be clicked; with the keyboard keys of the footer unless others are given."""

    def __init__(self, action: Action[Any], text: str, look: Look, keys: str = "") -> None:
        self._keys = look.keys(keys or action.footer_keys or action.shown)
        self._text = f" {text}"
        self._call = action.call
        self._look = look
        self.width = cell_len(self._keys) + cell_len(self._text)

    def write(self, line: Text) -> Text:
        """The line with the entry at its end."""
        click = Style(meta={"action": self._call})
        return line.append(self._keys, self._look.palette.marked + click).append(self._text, click)


def _width(entries: Sequence[Entry]) -> int:
    return sum(one.width + _APART for one in entries) - _APART


def _fitting(entries: Sequence[Entry], room: int, last: int) -> list[Entry]:
    """The entries that fit: the first ones, and before all others the last ones, which lead away."""
    kept = list(entries)
    while kept and _width(kept) > room:
        kept.pop(-1 - last if len(kept) > last else 0)
    return kept
