"""A training run drawn, while it goes on and when it has ended: whom a query attends to, and what is read from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.style import Style
from rich.text import Text

from ..engine.arrays import FloatArray
from ..narration.numbers import NumberFormat, fixed_format, loss_number, number
from ..operations.tensors import largest
from ..pages.cut_names import LONGEST_ROW_LABEL
from ..pages.lines import shorten
from ..records import record
from ..trace.story import Reason, Story
from ..trace.study import Study
from .answers import own_answer_lines
from .blocks import CellBlock, as_table, block, cell, left_cell
from .curve import LEAST_HEIGHT, LEAST_WIDTH, curve_lines, slider_line
from .look import Look
from .page import BLANK_LINE, as_lines, ends
from .run_blocks import MOST_ROWS, bar
from .run_output import output_block

_LONGEST_TOKEN, _LEAST_TOKEN = 14, 6
_LONGEST_BAR, _SHORTEST_BAR = 20, 4
_LOSS_DIGITS = 4
_ROOMY = 60
"""Columns from which on the heading says all of it."""
_LEAST_TABLE = 3
"""Rows that the table of weights keeps for itself: its heading, one token, how many more."""
_KEPT: tuple[Reason, ...] = ("at_start", "at_end", "at_half", "at_top", "at_most", "at_first", "at_quarter")
"""Which moments stay where there is no room for all: the first of these first."""
_HEADINGS = "update", "loss"


def heading(study: Study, look: Look) -> Text:
    """Two lines: the title and which moment this is; what is learned and how."""
    written = fixed_format([study.moment.loss], max(look.digits, _LOSS_DIGITS))
    loss = look.signs(written.text(study.moment.loss))
    moment = look.studying("moment", number=study.at, count=study.learn.steps, loss=loss)
    title = cell(study.example.title.in_language(look.language), look.palette.title)
    goal = cell(look.studying(f"goal_{study.learn.objective}"), look.palette.dim)
    how = cell(_settings(study, look), look.palette.dim)
    return as_lines([ends(title, cell(moment, look.palette.title), look), ends(goal, how, look)])


def _settings(study: Study, look: Look) -> str:
    """`adam · rate 0.05 · random, seed 7`; less where it is narrow."""
    learn = study.learn
    parts = [learn.optimizer, look.studying("rate", rate=learn.rate)]
    if learn.start == "random":
        parts.append(look.studying("seed" if look.width < _ROOMY else "start_random", seed=learn.seed))
    elif look.width >= _ROOMY:
        parts.append(look.studying("start_changed" if study.changed else "start_given"))
    return look.signs(" · ").join(parts)


def progress(study: Study, look: Look) -> Text:
    """The loss curve with this moment marked and, below it, all updates as a slider; without room only that."""
    room = (look.height or 0) - 1
    slider = slider_line(study.at, study.run.last.number, study.learn.steps, look)
    if look.width < LEAST_WIDTH or room < LEAST_HEIGHT:
        left_out = [cell(look.studying("curve_left_out"), look.palette.dim)] if room > 0 else []
        return as_lines([slider, *left_out])
    drawn = curve_lines(study.run.losses, look.sized(look.width, room), at=study.at, until=study.learn.steps)
    return as_lines([*drawn, slider])


@record(frozen=True)
class MomentColumn:
    """A column of the table of weights: whom the query attends to at a moment, or should."""

    headings: tuple[str, ...]
    weights: FloatArray  # (s,)
    rank: int
    """Where there is no room for all columns, those with the highest go first."""
    current: bool = False
    """Whether it has the bars."""
    apart: int = 1
    """Blanks before its headings."""
    behind: str = ""
    """A blank behind headings and numbers, where these are shaded."""
    style: Style | None = None
    """Of its numbers; None: shaded by what they are."""

    def width(self, digits: int) -> int:
        """Terminal columns it takes."""
        return max(digits + len("  0."), *(cell_len(self.heading(line)) for line in range(len(self.headings))))

    def heading(self, line: int) -> str:
        """One of its headings with the blanks around it."""
        return f"{'':{self.apart}}{self.headings[line]}{self.behind}"


def told_columns(story: Story, look: Look) -> list[MomentColumn]:
    """A column for each moment of the story, under its number and its loss, and one for what is wanted."""
    kept = sorted(story.moments, key=lambda one: (min(map(_KEPT.index, one.reasons)), one.number))
    columns = []
    for told in story.moments:
        at, loss = told.number, look.signs(loss_number(story.run.losses[told.number], look.digits))
        headings = (NumberFormat(0).text(at), loss)
        columns.append(MomentColumn(headings, story.weights(at), kept.index(told), at == story.run.end, behind=" "))
    if (wanted := story.wanted("attention")) is not None:
        headings = (look.learning("wanted"), loss_number(story.least_loss or 0.0, look.digits))
        columns.append(MomentColumn(headings, wanted, 0, apart=2, behind=" "))
    return columns


def told_rows(story: Story, look: Look) -> list[tuple[str, ...]]:
    """The same as text, all of it: update, loss, and a row for each token."""
    columns = told_columns(story, look)
    heads = [(look.learning(name), *(one.headings[line] for one in columns)) for line, name in enumerate(_HEADINGS)]
    keys = enumerate(story.example.keys)
    return [*heads, *((key, *(number(float(one.weights[at]), look.digits) for one in columns)) for at, key in keys)]


def told_block(story: Story, look: Look) -> CellBlock:
    """The weights at the moments of the story, as many of them as there is room for: a row for each token."""
    keys = [shorten(key, LONGEST_ROW_LABEL, look.signs("…")) for key in story.example.keys]
    corner = [cell(f"{look.learning(name)} ", look.palette.dim) for name in _HEADINGS]
    label = max(map(cell_len, [*(f"{key} " for key in keys), *(text.plain for text in corner)]))
    columns = _fitting(told_columns(story, look), label, look)
    top = story.top(story.run.end)

    def token(key: int) -> Text:
        return cell(f"{keys[key]} ", look.palette.key if key == top else look.palette.label)

    return _weights_block(columns, corner, token, lambda text, style: cell(f"{text} ", style), MOST_ROWS + 1, look)


def attention_view(study: Study, look: Look) -> RenderableType:
    """Whom the query attends to, then and now, beside whom it should; what is read from it, or its output."""
    answers = list(own_answer_lines(study, look))
    extras: list[RenderableType] = [as_lines(answers)] if answers else []
    rows = len(answers)
    if study.story.wanted("output") is not None:
        drawn = output_block(study, look)
        extras, rows = [as_table(drawn)], drawn.height
    if look.height is not None and look.height - rows < _LEAST_TABLE:
        extras, rows = [], 0
    left = None if look.height is None else look.height - rows
    table = attention_block(study, look.sized(look.width, left))
    gap = [BLANK_LINE] * (bool(extras) and (left is None or table.height < left))
    return Group(as_table(table), *gap, *extras)


def attention_height(study: Study) -> int:
    """The rows that `attention_view` takes where nothing is left out."""
    extras = 3 if study.learn.reads else 5 if study.learn.objective == "output" else 0
    return len(study.example.keys) + 1 + extras


def _attention_columns(study: Study, look: Look) -> list[MomentColumn]:
    """The weights at the start and now, and those that are wanted."""
    story = study.story
    columns = [
        MomentColumn((look.studying("start"),), story.weights(0), 2, style=Style()),
        MomentColumn((look.studying("now"),), story.weights(study.at), 0, True, style=look.palette.marked),
    ]
    if (wanted := story.wanted("attention")) is not None:
        columns.append(MomentColumn((look.studying("wanted"),), wanted, 1, style=Style()))
    return columns


def attention_rows(study: Study, look: Look) -> list[tuple[str, ...]]:
    """The same as `attention_block` as text, all of it: a row for each token below their heading."""
    columns = _attention_columns(study, look)
    keys = enumerate(study.example.keys)
    corner = _asking(study.story, look.width, look).plain
    head = (corner, *(one.headings[0] for one in columns))
    return [head, *((key, *(number(float(one.weights[at]), look.digits) for one in columns)) for at, key in keys)]


def attention_block(study: Study, look: Look) -> CellBlock:
    """The weights at the start and now, beside those that are wanted: a row for each token."""
    story = study.story
    columns = _fitting(_attention_columns(study, look), _LEAST_TOKEN, look)
    width = min(_LONGEST_TOKEN + 1, look.width - sum(one.width(look.digits) for one in columns))
    return _weights_block(
        columns,
        [_asking(story, width, look)],
        lambda key: _token(story, key, width, look),
        lambda text, style: left_cell(shorten(text, width, ""), style),
        None if look.height is None else look.height - 1,
        look,
    )


def _fitting(columns: list[MomentColumn], label: int, look: Look) -> list[MomentColumn]:
    """As many of the columns as leave so much room for the tokens; one at least."""
    kept = list(columns)
    while len(kept) > 1 and label + sum(one.width(look.digits) for one in kept) > look.width:
        kept.remove(max(kept, key=lambda one: one.rank))
    return kept


def _weights_block(
    columns: Sequence[MomentColumn],
    corner: Sequence[Text],
    token: Callable[[int], Text],
    more: Callable[[str, Style], Text],
    most: int | None,
    look: Look,
) -> CellBlock:
    """The table of weights; where not all rows fit, those of the tokens that get most in one of the columns."""
    count = len(columns[0].weights)
    greatest: FloatArray = np.nan_to_num(np.stack([column.weights for column in columns]).max(axis=0))
    shown = range(count) if most is None or count <= most else largest(greatest, max(1, most - 1))
    rows = [
        [one, *(cell(column.heading(line), style) for column in columns)]
        for line, (one, style) in enumerate(zip(corner, (look.palette.header, look.palette.title), strict=False))
    ]
    rows.extend(
        [token(key), *(_weight(column, float(column.weights[key]), look) for column in columns)] for key in shown
    )
    if rest := sorted(set(range(count)) - set(shown)):
        sums = [_weight(replace(one, style=look.palette.dim), float(one.weights[rest].sum()), look) for one in columns]
        rows.append([more(look.word("more_tokens", count=len(rest)), look.palette.dim), *sums])
    drawn = block(rows)
    room = min(_LONGEST_BAR, look.width - drawn.width - 2)
    if room < _SHORTEST_BAR:
        return drawn
    bars = [left_cell("") for _ in rows]
    for now in (column.weights for column in columns if column.current):
        bars[len(corner) : len(corner) + len(shown)] = [bar(float(now[key]), room, look) for key in shown]
    return CellBlock(tuple((*row, one) for row, one in zip(drawn.rows, bars, strict=True)), (*drawn.widths, room + 2))


def _weight(column: MomentColumn, weight: float, look: Look) -> Text:
    shade = look.palette.shade_of(weight) if np.isfinite(weight) else Style()
    text = f"{'':{2 - len(column.behind)}}{look.signs(number(weight, look.digits))}{column.behind}"
    return cell(text, shade if column.style is None else column.style)


def _asking(story: Story, width: int, look: Look) -> Text:
    """`“it” looks at`, or as much of it as there is room for; of several heads, which one."""
    opening, closing = (look.signs(quote) for quote in look.texts.quotes)
    heads, layers = story.heads > 1, len(story.example.layers) > 1
    where = [look.texts.word("layer", layer=story.layer)] * layers + [f"{look.word('head')} {story.head}"] * heads
    end = " " + ", ".join(where) if where else look.studying("looks_at")
    token = story.example.tokens[story.query]
    if cell_len(opening + token + closing + end) > width and not where:
        end = ""
    token = shorten(token, max(1, width - cell_len(opening + closing + end)), look.signs("…"))
    return left_cell(f"{opening}{token}{closing}", look.palette.query).append(end, look.palette.dim)


def _token(story: Story, key: int, width: int, look: Look) -> Text:
    asks = story.example.context is None and key == story.query
    token = shorten(story.example.keys[key], width - 1, look.signs("…"))
    click = Style(meta={"query": key}) if story.example.context is None else Style()
    return left_cell(look.signs("▸" if asks else " ") + token, (look.palette.query if asks else Style()) + click)
