"""A run while it learns: its heading, where one is in it, and whom the query attends to, at the start and now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.style import Style
from rich.text import Text

from ..engine.arrays import FloatArray
from ..narration.numbers import fixed_format, format_for, number
from ..pages.lines import shorten
from ..pages.windows import Window, picked, whole
from ..trace.moment import Answers
from ..trace.study import Study
from .blocks import Block, as_table, block, cell, left_cell
from .curve import LEAST_HEIGHT, LEAST_WIDTH, curve_lines
from .look import Look
from .matrices import Matrix, column_width, label_width, matrix_block
from .page import BLANK_LINE, as_lines, ends

_LOSS_DIGITS = 4
_LONGEST_TOKEN, _LEAST_TOKEN = 14, 6
_LONGEST_BAR = 20
_SHORTEST_BAR = 4
_NARROWEST_SLIDER = 8
_ROOMY = 60
"""Columns from which on the heading says all of it."""
_LEAST_TABLE = 3
"""Rows that the table of weights keeps for itself: its heading, one token, how many more."""


def heading_lines(study: Study, look: Look) -> list[Text]:
    """Two lines: the title and which moment this is; what is learned and how."""
    written = fixed_format([study.record.loss], max(look.digits, _LOSS_DIGITS))
    loss = look.signs(written.text(study.record.loss))
    moment = look.studying("moment", number=study.at, count=study.learn.steps, loss=loss)
    title = cell(study.example.title.in_language(look.language), look.palette.title)
    goal = cell(look.studying(f"goal_{study.learn.objective}"), look.palette.dim)
    how = cell(_settings(study, look), look.palette.dim)
    return [ends(title, cell(moment, look.palette.title), look), ends(goal, how, look)]


def _settings(study: Study, look: Look) -> str:
    """`adam · rate 0.05 · random, seed 7`; less where it is narrow."""
    learn = study.learn
    parts = [learn.optimizer, look.studying("rate", rate=learn.rate)]
    if learn.start == "random":
        parts.append(look.studying("seed" if look.width < _ROOMY else "start_random", seed=learn.seed))
    elif look.width >= _ROOMY:
        parts.append(look.studying("start_changed" if study.changed else "start_given"))
    return look.signs(" · ").join(parts)


def progress_lines(study: Study, look: Look) -> list[Text]:
    """The loss curve with this moment marked and, below it, all updates as a slider; without room only that."""
    room = (look.height or 0) - 1
    slider = slider_line(study, look)
    if look.width < LEAST_WIDTH or room < LEAST_HEIGHT:
        left_out = [cell(look.studying("curve_left_out"), look.palette.dim)] if room > 0 else []
        return [slider, *left_out]
    losses = [record.loss for record in study.run.records]
    drawn = curve_lines(losses, look.sized(look.width, room), at=study.at, until=study.learn.steps)
    return [*drawn, slider]


def slider_line(study: Study, look: Look) -> Text:
    """`├━━━●━━───┤ 37/200`: what is learned so far in a heavier line; a click leads to an update."""
    last = max(study.learn.steps, study.newest)
    room = max(_NARROWEST_SLIDER, look.width - 2 * len(str(last)) - 4)
    line = cell(look.signs("├"))
    at, newest = (round(moment / max(1, last) * (room - 1)) for moment in (study.at, study.newest))
    for column in range(room):
        update = round(column / (room - 1) * last)
        sign = "●" if column == at else "━" if column <= newest else "─"
        line.append(look.signs(sign), (look.palette.query if column == at else Style()) + _to_update(update))
    line.append(look.signs("┤"))
    line.append(f" {study.at}/{last}", look.palette.dim)
    return line


def _to_update(update: int) -> Style:
    return Style(meta={"update": update})


def attention_view(study: Study, look: Look) -> RenderableType:
    """Whom the query attends to, then and now, beside whom it should; what is read from it, or its output."""
    answers = list(_answers(study, look))
    extras: list[RenderableType] = [as_lines(answers)] if answers else []
    rows = len(answers)
    wanted = study.wanted("output")
    if wanted is not None:
        drawn = _output_block(study, wanted, look)
        extras, rows = [as_table(drawn)], drawn.height
    if look.height is not None and look.height - rows < _LEAST_TABLE:
        extras, rows = [], 0
    left = None if look.height is None else look.height - rows
    table = attention_block(study, look.sized(look.width, left))
    gap = [BLANK_LINE] * (bool(extras) and (left is None or table.height < left))
    return Group(as_table(table), *gap, *extras)


def attention_height(study: Study) -> int:
    """The rows that `attention_view` takes where nothing is left out."""
    extras = 3 if study.learn.objective == "label" else 5 if study.learn.objective == "output" else 0
    return len(study.example.keys) + 1 + extras


def attention_block(study: Study, look: Look) -> Block:
    """The table of weights: a row for each token, those with the largest weights where not all fit."""
    columns, keys = _weight_columns(study), study.example.keys
    room = len(keys) if look.height is None else look.height - 1
    shown = range(len(keys)) if room >= len(keys) else _largest(list(columns.values()), max(1, room - 1))
    columns = _fitting_columns(columns, look)
    width = min(_LONGEST_TOKEN + 1, look.width - _columns_width(columns, look))
    names = [cell(f" {look.studying(name)}", look.palette.header) for name in columns]
    rows = [[_asking(study, width, look), *names]]
    rows.extend([_token(study, key, width, look), *_weights(columns, key, look)] for key in shown)
    if rest := sorted(set(range(len(keys))) - set(shown)):
        more = left_cell(shorten(look.word("more_tokens", count=len(rest)), width, ""), look.palette.dim)
        sums = [float(column[rest].sum()) for column in columns.values()]
        rows.append([more, *(cell(f"  {number(total, look.digits)}", look.palette.dim) for total in sums)])
    return _with_bars(block(rows), columns["now"], list(shown), look)


def _fitting_columns(columns: dict[str, FloatArray], look: Look) -> dict[str, FloatArray]:
    """As many of the columns as leave room for the tokens; now is the last to go."""
    kept = dict(columns)
    for name in ("start", "wanted"):
        if look.width - _columns_width(kept, look) < _LEAST_TOKEN:
            kept.pop(name, None)
    return kept


def _columns_width(columns: Iterable[str], look: Look) -> int:
    least = look.digits + len("  0.")
    return sum(max(least, cell_len(look.studying(name)) + 1) for name in columns)


def _weight_columns(study: Study) -> dict[str, FloatArray]:
    """Name of the column → the weights, (s,)."""
    columns = {
        "start": study.moment(0).weights(study.query, study.head),
        "now": study.moment(study.at).weights(study.query, study.head),
    }
    wanted = study.wanted("attention")
    return columns if wanted is None else {**columns, "wanted": wanted}


def _largest(columns: Sequence[FloatArray], most: int) -> list[int]:
    """The tokens that have the most in one of the columns, in the order of the sentence."""
    greatest = np.nan_to_num(np.max(columns, axis=0))
    return sorted(np.argsort(-greatest, kind="stable")[:most].tolist())


def _asking(study: Study, width: int, look: Look) -> Text:
    """`“it” looks at`, or as much of it as there is room for; of several heads, which one."""
    opening, closing = (look.signs(quote) for quote in look.texts.quotes)
    heads = study.example.attention.heads > 1
    end = f" {look.word('head')} {study.head}" if heads else look.studying("looks_at")
    token = study.example.tokens[study.query]
    if cell_len(opening + token + closing + end) > width and not heads:
        end = ""
    token = shorten(token, max(1, width - cell_len(opening + closing + end)), look.signs("…"))
    return left_cell(f"{opening}{token}{closing}", look.palette.query).append(end, look.palette.dim)


def _token(study: Study, key: int, width: int, look: Look) -> Text:
    asks = study.example.context is None and key == study.query
    token = shorten(study.example.keys[key], width - 1, look.signs("…"))
    click = Style(meta={"query": key}) if study.example.context is None else Style()
    return left_cell(look.signs("▸" if asks else " ") + token, (look.palette.query if asks else Style()) + click)


def _weights(columns: dict[str, FloatArray], key: int, look: Look) -> Iterable[Text]:
    for name, column in columns.items():
        style = look.palette.marked if name == "now" else Style()
        yield cell(f"  {look.signs(number(float(column[key]), look.digits))}", style)


def _with_bars(drawn: Block, weights: FloatArray, shown: Sequence[int], look: Look) -> Block:
    """The table with bars as long as the weights, where there is room for them."""
    room = min(_LONGEST_BAR, look.width - drawn.width - 2)
    if room < _SHORTEST_BAR:
        return drawn
    bars = [left_cell("")]
    for key in shown:
        halves = 0 if np.isnan(weights[key]) else round(float(weights[key]) * 2 * room)
        bars.append(left_cell(look.signs(" " + "█" * (halves // 2) + "▌" * (halves % 2)), look.palette.key))
    bars.extend([left_cell("")] * (len(drawn.rows) - len(bars)))
    return Block(tuple((*row, bar) for row, bar in zip(drawn.rows, bars, strict=True)), (*drawn.widths, room + 2))


def _answers(study: Study, look: Look) -> Iterable[Text]:
    """With labels: how probable the right one is, and how many of the test sentences are answered right."""
    start, now = study.moment(0).answers, study.moment(study.at).answers
    if start is None or now is None:
        return
    line = cell(look.studying("label") + " ", look.palette.dim)
    share = look.signs(f" {_share(start, look)} → {_share(now, look)}")
    room = max(1, look.width - line.cell_len - len(share))
    label = study.learn.labels[now.walked.sentence.label]
    line.append(shorten(label, min(_LONGEST_TOKEN, room), look.signs("…")), look.palette.key)
    yield line.append(share, look.palette.marked)
    if now.test:
        words = look.studying("test", before=start.right, right=now.right, count=len(now.test))
        yield cell(words, look.palette.key if now.right == len(now.test) else Style())


def _share(answers: Answers, look: Look) -> str:
    return number(answers.probability, look.digits)


def _output_block(study: Study, wanted: FloatArray, look: Look) -> Block:
    """The query's row of the last step: at the start, now, and as it should be."""
    rows = [study.moment(0).output(study.query), study.moment(study.at).output(study.query), wanted]
    labels = tuple(look.studying(name) for name in ("start", "now", "wanted"))
    columns = tuple(str(index) for index in range(len(wanted)))
    written = format_for(np.concatenate([rows[0], wanted]), look.digits)
    matrix = Matrix(look.studying("output"), labels, columns, lambda row: rows[row], written)
    return matrix_block(matrix, whole(3), _fitting(matrix, look), look)


def _fitting(matrix: Matrix, look: Look) -> Window:
    """As many of the first columns as fit."""
    count = matrix.shape[1]
    width, label = column_width(matrix, whole(3), look), label_width(matrix, whole(3))
    if label + count * width <= look.width:
        return whole(count)
    return picked(range(max(1, (look.width - label - len(f" +{count}")) // width)), count)
