"""What stands before the steps of a printed lesson, and around a step on the screen: sentence, map, instructions.

The sentence has the query marked, and every token with the weight it gets, shaded and in digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ..engine.arrays import FloatArray
from ..narration.numbers import number
from ..narration.sentences import Role
from ..narration.tells import SLOT
from ..operations.operation import Drawing
from ..operations.tensors import Address
from ..records import record
from ..trace.terms import projection_letter, projection_source
from ..trace.trace import Step, Trace
from ..trace.walk import Place, step_at
from .headings import heading_of
from .lines import Click, Line, Pen, cell_len, line_of, padded, shorten, stripped
from .page import Page, PageWords, said, step_page
from .room import PageRoom
from .scene import Scene
from .windows import Window, around, whole

_LONGEST_TOKEN = 16
_GAP = 2


def title(trace: Trace, room: PageRoom) -> PageWords:
    """The lesson's title."""
    return said("title", [line_of(trace.example.title.in_language(room.language), Role.TITLE)], room)


def opening(trace: Trace, place: Place, room: PageRoom) -> Iterator[PageWords]:
    """Title, sentence, map, source."""
    example = trace.example
    yield title(trace, room)
    yield PageWords("sentence", sentence_lines(trace, place, room))
    yield PageWords("map", map_lines(trace, None, room))
    if example.source is not None:
        credit = f"{room.word('source')}{room.word('colon')}{example.source.in_language(room.language).strip()}"
        yield said("source", [line_of(credit, Role.DIM)], room)


def instructions(count: int, room: PageRoom) -> PageWords:
    """What to do with so many blanks, or that this is the key."""
    says = room.texts.worksheet
    texts = (says["answers" if room.revealed else "fill_in"].format(count=count), says["how"])
    return said("instructions", [line_of(room.signs(text), Role.MARKED) for text in texts], room)


def worksheet_page(trace: Trace, place: Place, room: PageRoom, blanks: Sequence[Address]) -> Page:
    """A step with blanks; a question where the step would say in words what is left to the learner."""
    if step_at(trace, place).type.kind is not Drawing.SUMMARY or not room.hidden.touches("weights", place.head):
        return step_page(trace, place, room, blanks=blanks)
    opening, closing = room.texts.quotes
    before, after = (room.signs(part) for part in room.texts.worksheet["in_words"].split("{query}"))
    pen = Pen().write(before + room.signs(opening)).write(trace.example.tokens[place.query])
    question = said("question", [pen.write(room.signs(closing) + after).line], room)
    return Page((question,), heading_of(trace, place, room))


def map_lines(trace: Trace, place: Place | None, room: PageRoom) -> tuple[Line, ...]:
    """The map, one step a line; `place` None marks nothing."""
    here = None if place is None else step_at(trace, place)
    lines: list[Line] = []
    for step, after in zip(trace.steps, (*trace.steps[1:], None), strict=True):
        mark = room.signs("▸") if step == here else " "
        line = line_of(f"{mark}{room.signs(_how(trace, step, after, room))}")
        text = line.text + " " * max(2, 20 - line.width)
        text += room.signs(room.texts.step_names[step.id].replace("gradient: ", "∇ "))
        if step == here:
            here_mark = line_of(room.signs(f"  ◂ {room.word('here')}"))
            if line_of(text).width + here_mark.width <= room.width:
                text += here_mark.text
        lines.append(line_of(text, Role.MARKED if step == here else Role.PLAIN))
    return tuple(lines)


def _how(trace: Trace, step: Step, after: Step | None, room: PageRoom) -> str:
    """How the step's matrix comes about, as a branch of the map."""
    match step.type.kind:
        case Drawing.GIVEN:
            return step.formula
        case Drawing.PROJECTION:
            source = projection_source(trace, step.id)
            if source is None:
                return f"├─→ {step.symbol}"
            goes_on = step.type.learns or (after is not None and after.type.kind is Drawing.PROJECTION)
            name, weights = _source_symbol(trace, source), f"W_{projection_letter(trace, step.id)}"
            product = f"{weights}ᵀ·{name}" if room.in_columns else f"{name}·{weights}"
            return f"{'├' if goes_on else '└'}─ {product} → {step.symbol}"
        case Drawing.SUMMARY:
            return "✓"
        case _:
            return room.formula(step)


def _source_symbol(trace: Trace, source: str) -> str:
    """The letter of what is projected: a step's, or that of an input."""
    return trace.step(source).symbol if trace.has(source) else source


@record(frozen=True)
class _Word:
    """One token as the strip shows it, and the weight below it."""

    token: str
    weight: str
    role: Role
    share: float | None
    click: Click

    @property
    def width(self) -> int:
        return cell_len(self.token)


@record(frozen=True)
class _Tokens:
    """One sentence: its tokens, the weights below them, and which token is marked or looked at."""

    label: str
    tokens: Sequence[str]
    axis: str
    """What a click on a token chooses: the query or the key."""
    focus: int
    query: int | None = None
    weights: FloatArray | None = None


def sentence_lines(trace: Trace, place: Place, room: PageRoom) -> tuple[Line, ...]:
    """Two lines for each row of tokens: the tokens, and below each the weight it gets from the query.

    In cross-attention the sentence that asks comes first, on lines of its own. `room.height` limits the
    lines; a longer sentence is shown around the query and the rest counted.
    """
    example, query = trace.example, place.query
    weights = Scene(trace, place, room).row("weights", query, place.head).values
    asks = _Tokens(room.word("sentence"), example.tokens, "query", query, query)
    if example.context is None:
        return _lines(replace(asks, weights=weights), room)
    asking = _lines(asks, room.sized(room.width, None if room.height is None else max(1, room.height - 2)))
    below = room.sized(room.width, None if room.height is None else max(2, room.height - len(asking)))
    answers = _Tokens(room.word("context"), example.context, "key", place.key, weights=weights)
    return asking + _lines(answers, below)


def _lines(one: _Tokens, room: PageRoom) -> tuple[Line, ...]:
    label_width = max(cell_len(one.label), cell_len(room.word("weight"))) + 2
    left = room.width - label_width
    most_rows = None if room.height is None else max(1, room.height // 2)
    window = _fitting(one.tokens, one.focus, left, most_rows)
    while True:
        words = [_word(one, index, room) for index in window.shown]
        hidden = window.before + window.after
        rows = _rows(words, left - (len(f"+{hidden}") + _GAP if hidden else 0))
        if most_rows is None or len(rows) <= most_rows or len(words) == 1:
            break
        window = around(one.focus, len(one.tokens), len(words) - 1)
    pens: list[Pen] = []
    for row in rows:
        pens.append(_line([(word.token, word) for word in row], "" if pens else one.label, label_width))
        if one.weights is not None:
            below = [(word.weight, replace(word, role=Role.PLAIN)) for word in row]
            pens.append(_line(below, room.word("weight"), label_width))
    if hidden:
        pens[0].write(" " * _GAP).write(room.signs(f"+{hidden}"), Role.DIM)
    return tuple(stripped(pen.line) for pen in pens)


def _line(parts: Sequence[tuple[str, _Word]], label: str, label_width: int) -> Pen:
    pen = Pen().write(padded(label, label_width), Role.DIM)
    for index, (text, word) in enumerate(parts):
        pen.write(" " * _GAP if index else "")
        pen.write(text, word.role, share=word.share if word.role is Role.PLAIN else None, click=word.click)
    return pen


def _word(one: _Tokens, index: int, room: PageRoom) -> _Word:
    """Token and weight, one centred below the other and shaded alike."""
    shown = shorten(one.tokens[index], _LONGEST_TOKEN, room.signs("…"))
    is_query = index == one.query
    token = room.signs("▸") + shown + room.signs("◂") if is_query else f" {shown} "
    value = np.nan if one.weights is None else float(one.weights[index])
    hidden = bool(np.isnan(value))
    weight = "" if one.weights is None else f" {SLOT if hidden else number(value, room.digits)} "
    width = max(cell_len(token), cell_len(weight))
    return _Word(
        _centred(token, width),
        _centred(weight, width),
        Role.QUERY if is_query else Role.PLAIN,
        None if hidden else value,
        (one.axis, index),
    )


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
