"""The sentence: the query marked, every token with the weight it gets, shaded and in digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len, set_cell_size
from rich.style import Style
from rich.text import Text

from ..engine.arrays import FloatArray
from ..narration.numbers import number
from ..trace.trace import Trace
from ..trace.walk import Place
from .blocks import cell, shorten
from .look import SLOT, Look
from .windows import Window, around, whole

_LONGEST_TOKEN = 16
_GAP = 2


@dataclass(frozen=True)
class _Word:
    """One token as the strip shows it."""

    token: Text
    weight: Text

    @property
    def width(self) -> int:
        return self.token.cell_len


def sentence_lines(trace: Trace, place: Place, look: Look) -> list[Text]:
    """Two lines for each row of tokens: the tokens, and below each the weight it gets from the query.

    In cross-attention the sentence that asks comes first, on lines of its own. `look.height` limits the
    lines; a longer sentence is shown around the query and the rest counted.
    """
    weights = _weights(trace, place, look)
    if trace.example.context is None:
        return _lines(trace.example.tokens, weights, place.query, "query", look.word("sentence"), look)
    room = None if look.height is None else max(1, look.height - 2)
    asking = _lines(
        trace.example.tokens, None, place.query, "query", look.word("sentence"), look.sized(look.width, room)
    )
    left = None if look.height is None else max(2, look.height - len(asking))
    below = look.sized(look.width, left)
    return asking + _lines(trace.example.context, weights, None, "key", look.word("context"), below, place.key)


def _weights(trace: Trace, place: Place, look: Look) -> FloatArray:
    """(s,): the weights of the query, NaN where one is hidden."""
    weights = trace.row("weights", place.query, place.head)
    if not look.hidden:
        return weights
    hides = [look.hides("weights", place.query, key, place.head) for key in range(len(weights))]
    return np.where(hides, np.nan, weights)


def _lines(
    tokens: Sequence[str],
    weights: FloatArray | None,
    query: int | None,
    axis: str,
    label: str,
    look: Look,
    focus: int | None = None,
) -> list[Text]:
    label_width = max(cell(label).cell_len, cell(look.word("weight")).cell_len) + 2
    room = look.width - label_width
    most_rows = None if look.height is None else max(1, look.height // 2)
    at = query if query is not None else focus or 0
    window = _fitting(tokens, at, room, most_rows)
    while True:
        words = [_word(tokens, weights, index, index == query, axis, look) for index in window.shown]
        hidden = window.before + window.after
        rows = _rows(words, room - (len(f"+{hidden}") + _GAP if hidden else 0))
        if most_rows is None or len(rows) <= most_rows or len(words) == 1:
            break
        window = around(at, len(tokens), len(words) - 1)
    lines: list[Text] = []
    for row in rows:
        lines.append(_line([word.token for word in row], "" if lines else label, label_width, look))
        if weights is not None:
            lines.append(_line([word.weight for word in row], look.word("weight"), label_width, look))
    if hidden:
        lines[0].append(look.signs(f"+{hidden}"), look.palette.dim)
    for line in lines:
        line.rstrip()
    return lines


def _line(parts: Sequence[Text], label: str, label_width: int, look: Look) -> Text:
    line = cell("")
    line.append(set_cell_size(label, label_width), look.palette.dim)
    for part in parts:
        line.append_text(part)
        line.append(" " * _GAP)
    return line


def _word(
    tokens: Sequence[str], weights: FloatArray | None, index: int, is_query: bool, axis: str, look: Look
) -> _Word:
    """Token and weight, one centred below the other and shaded alike."""
    shown = shorten(tokens[index], _LONGEST_TOKEN, look.signs("…"))
    token = look.signs("▸") + shown + look.signs("◂") if is_query else f" {shown} "
    value = np.nan if weights is None else float(weights[index])
    hidden = bool(np.isnan(value))
    weight = "" if weights is None else f" {SLOT if hidden else number(value, look.digits)} "
    click = Style(meta={axis: index})
    shade = click if hidden else look.palette.heat_of(value) + click
    width = max(cell_len(token), cell_len(weight))
    style = look.palette.query + click if is_query else shade
    return _Word(cell(_centred(token, width), style), cell(_centred(weight, width), shade))


def _centred(text: str, width: int) -> str:
    left = (width - cell_len(text)) // 2
    return " " * left + text + " " * (width - left - cell_len(text))


def _rows(words: Sequence[_Word], room: int) -> list[list[_Word]]:
    rows: list[list[_Word]] = [[]]
    used = 0
    for word in words:
        if rows[-1] and used + word.width > room:
            rows.append([])
            used = 0
        rows[-1].append(word)
        used += word.width + _GAP
    return rows


def _fitting(tokens: Sequence[str], focus: int, room: int, most_rows: int | None) -> Window:
    """All tokens, or the page around the focus that surely fits."""
    if most_rows is None:
        return whole(len(tokens)) if len(tokens) <= 200 else around(focus, len(tokens), 200)
    widths = [
        min(len(token) * 2 if not token.isascii() else len(token), _LONGEST_TOKEN) + 2 + _GAP for token in tokens[:200]
    ]
    if len(tokens) <= 200 and sum(widths) + room // 4 * (most_rows - 1) <= room * most_rows:
        return whole(len(tokens))
    average = max(6, sum(widths) // len(widths) + 2)
    return around(focus, len(tokens), max(1, (room - 6) * most_rows // average - 1))
