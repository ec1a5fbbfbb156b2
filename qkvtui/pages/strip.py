"""The sentence at the top of a lesson: who asks, and from the weights on what each token gets.

The query is marked, and every token has its weight below it, shaded and in digits. Where not all fit, the one that
asks, the one that gets most and the last word stay, and signs between them count what is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from ..engine.arrays import FloatArray
from ..graph.sides import DECODER, ENCODER
from ..localized import Localized
from ..narration.numbers import number
from ..narration.sentences import Role
from ..narration.tells import SLOT
from ..records import record
from ..trace.trace import Trace
from ..trace.walk import Place
from .lines import Click, Line, Pen, cell_len, padded, shorten, stripped
from .room import PageRoom
from .scene import Scene

_CALLED = {ENCODER: "source_words", DECODER: "target_words"}
"""What translators call the words of each side."""
_LONGEST_TOKEN = 16
_GAP = 2
_MOST_WORDS = 200
"""A printed sentence has no more."""


def sentence_lines(trace: Trace, place: Place, room: PageRoom) -> tuple[Line, ...]:
    """Two lines for each row of tokens: the tokens, and below each the weight it gets from the query.

    The second is empty before the step that computes the weights, so that nothing moves on a screen when they come. In
    cross-attention the sentence that asks comes first, on lines of its own. `room.height` limits the lines.
    """
    example, query = trace.example, place.query
    scene = Scene(trace, place, room)
    weights, is_due = scene.row("weights", query, place.head).values, trace.step("weights").number <= place.step + 1
    first = () if scene.touches("weights", place.head) else (int(np.argmax(weights)),)
    label = room.word("sentence" if example.side is None else _CALLED[example.side.name])
    asks = _Tokens(label, example.tokens, "query", (query,), query, gloss=_gloss(example.gloss, room))
    if example.context is None:
        focus = (query, *first)
        return _lines(replace(asks, focus=focus, weights=weights, is_due=is_due), room)
    asking = _lines(asks, room.sized(room.width, None if room.height is None else max(1, room.height - 2)))
    below = room.sized(room.width, None if room.height is None else max(2, room.height - len(asking)))
    focus = first if is_due else (place.key, *first)
    gloss = _gloss(example.context_gloss, room)
    label = room.word("context" if example.side is None else _CALLED[ENCODER])
    answers = _Tokens(label, example.context, "key", focus or (place.key,), None, weights, is_due, gloss)
    return asking + _lines(answers, below)


def _gloss(texts: Sequence[Localized], room: PageRoom) -> tuple[str, ...]:
    """What the tokens mean, in the reader's language or in none; empty where nothing is said in it."""
    found = tuple(one.texts.get(room.language, one.texts.get("", "")) for one in texts)
    return found if any(found) else ()


@record(frozen=True)
class _Tokens:
    """One sentence: its tokens, the weights below them, and which tokens are to be seen first of all."""

    label: str
    tokens: Sequence[str]
    axis: str
    """What a click on a token chooses: the query or the key."""
    focus: tuple[int, ...]
    query: int | None = None
    weights: FloatArray | None = None
    is_due: bool = False
    """Whether the weights are shown; they take their room all the same."""
    gloss: Sequence[str] = ()
    """What each token means, where there is room for that."""

    def by_importance(self) -> list[int]:
        """The tokens in the order in which they are to be seen: the focus, the ends, and what is near to these."""
        count = len(self.tokens)
        first = list(dict.fromkeys((*self.focus, count - 1, 0)))
        distance = np.min([np.abs(np.arange(count) - index) for index in first], axis=0)
        near = np.argsort(distance, kind="stable")[: _MOST_WORDS + len(first)]
        return list(dict.fromkeys((*first, *near.tolist())))


@record(frozen=True)
class _Word:
    """One token as the strip shows it, and the weight below it; or how many are left out here."""

    token: str
    weight: str
    role: Role
    share: float | None = None
    click: Click | None = None

    @property
    def width(self) -> int:
        return cell_len(self.token)


def _lines(one: _Tokens, room: PageRoom) -> tuple[Line, ...]:
    label_width = max(cell_len(one.label), cell_len(room.word("weight"))) + 2
    left = room.width - label_width
    most_rows = None if room.height is None else max(1, room.height // 2)
    made: dict[int, _Word] = {}

    def rows_of(shown: Iterable[int]) -> list[list[_Word]]:
        for index in shown:
            if index not in made:
                made[index] = _word(one, index, room)
        return _rows(_with_counts(made, sorted(shown), len(one.tokens)), left)

    shown = _shown(one, most_rows, rows_of)
    if one.gloss and len(one.tokens) > len(shown):
        return _lines(replace(one, gloss=()), room)
    pens: list[Pen] = []
    for row in rows_of(shown):
        pens.append(_line([(word.token, word) for word in row], "" if pens else one.label, label_width))
        if one.weights is not None:
            below = [(word.weight, replace(word, role=Role.PLAIN)) for word in row]
            pens.append(_line(below, room.word("weight"), label_width) if one.is_due else Pen())
    if not one.is_due and most_rows is None:
        pens = [pen for pen in pens if pen.pieces]
    return tuple(stripped(pen.line) for pen in pens)


def _shown(one: _Tokens, most_rows: int | None, rows_of: Callable[[Iterable[int]], list[list[_Word]]]) -> set[int]:
    """The tokens that fit, the most important ones first; one at least."""
    everything = range(len(one.tokens))
    if len(everything) <= _MOST_WORDS and (most_rows is None or len(rows_of(everything)) <= most_rows):
        return set(everything)
    shown: set[int] = set()
    for index in one.by_importance():
        more = {*shown, index}
        if shown and (len(shown) == _MOST_WORDS or (most_rows is not None and len(rows_of(more)) > most_rows)):
            if index in (*one.focus, len(everything) - 1):  # a long one; those behind it may fit
                continue
            break
        shown = more
    return shown


def _with_counts(made: dict[int, _Word], shown: Sequence[int], count: int) -> list[_Word]:
    """The words, and where some are left out `+3`."""
    words: list[_Word] = []
    for before, index in zip((-1, *shown), (*shown, count), strict=True):
        if index - before > 1:
            text = f"+{index - before - 1}"
            words.append(_Word(text, " " * len(text), Role.DIM))
        if index < count:
            words.append(made[index])
    return words


def _line(parts: Sequence[tuple[str, _Word]], label: str, label_width: int) -> Pen:
    pen = Pen().write(padded(label, label_width), Role.DIM)
    for index, (text, word) in enumerate(parts):
        pen.write(" " * _GAP if index else "")
        pen.write(text, word.role, share=word.share if word.role is Role.PLAIN else None, click=word.click)
    return pen


def _word(one: _Tokens, index: int, room: PageRoom) -> _Word:
    """Token and weight, one centred below the other and shaded alike."""
    shown = shorten(one.tokens[index], _LONGEST_TOKEN, room.signs("…"))
    if one.gloss and one.gloss[index]:
        shown = f"{shown} {shorten(one.gloss[index], _LONGEST_TOKEN, room.signs('…'))}"
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
        None if hidden or not one.is_due else value,
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
