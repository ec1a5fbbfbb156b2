"""The sentence: the query marked, every token with the weight it gets, shaded and in digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.style import Style
from rich.text import Text

from ..engine.arrays import FloatArray
from ..narration.numbers import number
from ..trace.trace import Trace
from ..trace.walk import Place
from .blocks import cell, shorten
from .look import Look
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
        return max(self.token.cell_len, self.weight.cell_len)


def sentence_lines(trace: Trace, place: Place, look: Look) -> list[Text]:
    """Two lines for each row of tokens: the tokens, and below each the weight it gets from the query.

    In cross-attention the sentence that asks comes first, on lines of its own. `look.height` limits the
    lines; a longer sentence is shown around the query and the rest counted.
    """
    weights = trace.row("weights", place.query, place.head)
    if trace.example.context is None:
        return _lines(trace.example.tokens, weights, place.query, "query", look.word("sentence"), look)
    room = None if look.height is None else max(1, look.height - 2)
    asking = _lines(
        trace.example.tokens, None, place.query, "query", look.word("sentence"), look.sized(look.width, room)
    )
    return asking + _lines(trace.example.context, weights, None, "key", look.word("context"), look, place.key)


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
    words = [_word(tokens, weights, index, index == query, axis, look) for index in window.shown]
    lines: list[Text] = []
    for row in _rows(words, room):
        top, bottom = cell(label.ljust(label_width), look.palette.dim), cell("", None)
        bottom.append(look.word("weight").ljust(label_width - _wide(look.word("weight"))), look.palette.dim)
        if lines:
            top = cell(" " * label_width)
        top.append(" " * (label_width - top.cell_len))
        bottom.append(" " * (label_width - bottom.cell_len))
        for word in row:
            top.append_text(word.token)
            top.append(" " * (word.width - word.token.cell_len + _GAP))
            bottom.append(" " * (word.width - word.weight.cell_len - (word.width - word.token.cell_len) // 2))
            bottom.append_text(word.weight)
            bottom.append(" " * (top.cell_len - bottom.cell_len))
        lines.extend([top] if weights is None else [top, bottom])
    hidden = window.before + window.after
    if hidden and lines:
        lines[0].append(look.signs(f" +{hidden}"), look.palette.dim)
    for line in lines:
        line.rstrip()
    return lines


def _wide(text: str) -> int:
    return cell(text).cell_len - len(text)


def _word(
    tokens: Sequence[str], weights: FloatArray | None, index: int, is_query: bool, axis: str, look: Look
) -> _Word:
    shown = shorten(tokens[index], _LONGEST_TOKEN, look.signs("…"))
    text = look.signs("▸") + shown + look.signs("◂") if is_query else f" {shown} "
    click = Style(meta={axis: index})
    shade = Style() if weights is None else look.palette.heat_of(float(weights[index]))
    style = look.palette.query + click if is_query else shade + click
    if weights is None:
        return _Word(cell(text, style), cell(""))
    return _Word(cell(text, style), cell(f" {number(float(weights[index]), look.digits)} ", shade + click))


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
