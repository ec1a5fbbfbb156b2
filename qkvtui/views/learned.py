"""A training run in tables: the attention at a few moments, what moved, what is read from sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.style import Style
from rich.text import Text

from ..engine.arrays import FloatArray
from ..narration.numbers import NumberFormat, format_for, loss_number, number
from ..trace.story import Moment, Reason, Story
from .blocks import BLANK, Block, above, beside, block, cell, gap, left_cell, shorten
from .look import Look
from .matrices import LONGEST_ROW_LABEL, Matrix, matrix_block
from .windows import Window, around, whole

_MOST_ROWS = 24
_MOST_MATRIX_ROWS = 12
_BAR = 10
_GAP = 2
_TOGETHER = ""
"""Stands for the whole gradient among the names of its parts."""
_FEWEST = 3
"""So few tokens are shown before the gradients are taken together."""
_KEPT: tuple[Reason, ...] = ("at_start", "at_end", "at_half", "at_top", "at_most", "at_first", "at_quarter")
"""Which moments stay where there is no room for all: the first of these first."""


def attention_block(story: Story, look: Look) -> Block:
    """A column for each moment there is room for and one for the target, a row for each token."""
    order = sorted(story.moments, key=lambda one: (min(map(_KEPT.index, one.reasons)), one.number))
    for count in range(len(order), 0, -1):
        shown = tuple(sorted(order[:count], key=lambda one: one.number))
        drawn = _attention(story, shown, look)
        if drawn.width <= look.width or count == 1:
            break
    bars = _bars(story, shown[-1], look)
    if drawn.width + bars.width <= look.width:
        drawn = beside(drawn, bars)
    return drawn


def _attention(story: Story, moments: Sequence[Moment], look: Look) -> Block:
    wanted = story.wanted_weights
    header = [cell(f"{look.learning('update')} ", look.palette.dim)]
    header.extend(cell(f" {NumberFormat(0).text(one.number)} ", look.palette.header) for one in moments)
    losses = [cell(f"{look.learning('loss')} ", look.palette.dim)]
    losses.extend(cell(f" {look.signs(loss_number(one.loss, look.digits))} ", look.palette.title) for one in moments)
    columns = [one.weights for one in moments]
    if wanted is not None:
        header.append(cell(f"  {look.learning('wanted')} ", look.palette.header))
        losses.append(cell(f" {loss_number(story.least_loss or 0.0, look.digits)} ", look.palette.title))
        columns.append(wanted)
    rows = [header, losses]
    keys = story.example.keys
    shown = _shown_keys(story)
    for key in shown:
        label = shorten(keys[key], LONGEST_ROW_LABEL, look.signs("…"))
        rows.append(
            [
                cell(f"{label} ", look.palette.key if key == moments[-1].top else look.palette.label),
                *(_weight(float(column[key]), look) for column in columns),
            ]
        )
    if len(shown) < len(keys):
        others = [float(column.sum() - column[list(shown)].sum()) for column in columns]
        label = look.learning("row_of", count=len(keys) - len(shown))
        rows.append([cell(f"{label} ", look.palette.dim), *(_weight(one, look) for one in others)])
    return block(rows)


def _weight(value: float, look: Look) -> Text:
    style = look.palette.heat_of(value) if np.isfinite(value) else Style()
    return cell(f" {number(value, look.digits)} ", style)


def _bars(story: Story, moment: Moment, look: Look) -> Block:
    """The last moment's weights as bars."""
    shown = _shown_keys(story)
    texts = [look.signs("█") * round(float(np.nan_to_num(moment.weights[key])) * _BAR) for key in shown]
    rows = [[left_cell("")], [left_cell("")], *([left_cell(f"  {text}", look.palette.key)] for text in texts)]
    rows.extend([left_cell("")] for _ in range(len(shown) < len(story.example.keys)))
    return Block(block(rows).rows, (_BAR + 2,))


def _shown_keys(story: Story) -> tuple[int, ...]:
    """All tokens, or of many those that get most at some told moment, as they stand in the sentence."""
    count = len(story.example.keys)
    if count <= _MOST_ROWS:
        return tuple(range(count))
    columns = [one.weights for one in story.moments]
    if story.wanted_weights is not None:
        columns.append(story.wanted_weights)
    largest = np.max(columns, axis=0)
    return tuple(sorted(np.argsort(-largest, kind="stable")[:_MOST_ROWS].tolist()))


def output_block(story: Story, look: Look) -> Block:
    """The query's row of the last step before and after, beside what it was to become; numbers count from 0."""
    columns = [story.last_rows(0), story.last_rows(story.end)]
    names = ["before", "after"]
    if story.wanted is not None:
        columns.append(story.wanted)
        names.append("wanted")
    written = format_for(np.array(columns), look.digits)
    rows = [[BLANK, *(cell(f"  {look.learning(name)} ", look.palette.header) for name in names)]]
    for index in range(min(len(columns[0]), _MOST_ROWS)):
        numbers = [cell(f" {look.signs(written.text(float(column[index])))} ") for column in columns]
        rows.append([cell(f"{NumberFormat(0).text(index)} "), *numbers])
    if len(columns[0]) > _MOST_ROWS:
        rows.append([cell(f"+{len(columns[0]) - _MOST_ROWS} ", look.palette.dim), *([BLANK] * len(columns))])
    return block(rows)


def moved_block(story: Story, name: str, look: Look) -> Block:
    """A matrix before, after, and by how much each number moved; of a large one the part around the largest move."""
    before, after = (np.atleast_2d(story.run.records[at].parameters[name]) for at in (0, story.end))
    moved = after - before
    row, column = farthest(moved)
    rows = whole(len(moved)) if len(moved) <= _MOST_MATRIX_ROWS else around(row, len(moved), _MOST_MATRIX_ROWS)
    labels = _row_labels(story, name, len(moved))
    tables, count = (before, after, moved), moved.shape[1]
    drawn = _three(name, tables, labels, (rows, whole(count)), look)
    if sum(one.width for one in drawn) + 2 * _GAP <= look.width:
        return beside(drawn[0], gap(_GAP), drawn[1], gap(_GAP), drawn[2])
    for room in range(count, 0, -1):
        columns = whole(count) if room == count else around(column, count, room)
        stacked = above(*_three(name, tables, labels, (rows, columns), look))
        if stacked.width <= look.width:
            break
    return stacked


def farthest(moved: FloatArray) -> tuple[int, int]:
    """Row and column of the number that moved most."""
    row, column = np.unravel_index(int(np.argmax(np.abs(moved))), moved.shape)
    return int(row), int(column)


def _three(
    name: str, tables: tuple[FloatArray, ...], labels: Sequence[str], shown: tuple[Window, Window], look: Look
) -> list[Block]:
    """The parts of the matrices that are shown, before, after, and the difference."""
    symbols = (name, look.learning("after"), look.learning("moved"))
    counted = [NumberFormat(0).text(index) for index in range(tables[0].shape[1])]
    written = format_for(np.array(tables), look.digits)
    return [
        matrix_block(Matrix(symbol, labels, counted, table.__getitem__, written), *shown, look)
        for table, symbol in zip(tables, symbols, strict=True)
    ]


def _row_labels(story: Story, name: str, count: int) -> Sequence[str]:
    learn = story.run.learn
    named = {"X": story.example.tokens, "Y": story.example.keys, "Z": story.example.keys}
    if learn.vocabulary is not None:
        named["E"] = learn.vocabulary.words
    return named.get(name, tuple(NumberFormat(0).text(index) for index in range(count)))


def answers_lines(story: Story, look: Look, *, test: bool) -> list[Text]:
    """What is read from each sentence before and after: the label, its probability, and whether it is right."""
    labels = story.run.learn.labels
    pairs = list(zip(story.answers(0, test=test), story.answers(story.end, test=test), strict=True))
    lines = []
    for before, after in pairs:
        text = cell("")
        for index, word in enumerate(before.sentence.tokens):
            asks = index == before.sentence.query
            text.append(" " * bool(index))
            text.append(look.signs("▸") + word + look.signs("◂") if asks else word, look.palette.query if asks else "")
        lines.append(text)
        line = cell("   ")
        for number_of, (name, one) in enumerate((("before", before), ("after", after))):
            sign = look.signs("✓" if one.right else "✗")
            line.append("   " * bool(number_of))
            line.append(f"{look.learning(name)} ", look.palette.dim)
            line.append(shorten(labels[one.label], LONGEST_ROW_LABEL, look.signs("…")), look.palette.marked)
            chance = number(float(one.probabilities[one.label]), look.digits)
            line.append(f" {chance} {sign}", Style() if one.right else look.palette.wrong)
        lines.append(line)
    return lines


def updates_block(story: Story, numbers: Sequence[int], look: Look) -> tuple[Block, bool, bool]:
    """A row for each of these updates: loss, lengths of the gradients, the query's weights.

    Where not all fit, the gradients are taken together and those tokens are shown that get most. The second says
    whether the gradients stand one by one, the third whether all tokens are there.
    """
    count = len(story.example.keys)
    names = tuple(story.run.records[0].gradient_norms)
    fewest = min(count, _FEWEST)
    ways = ((names, range(count, fewest - 1, -1)), ((_TOGETHER,), range(count, -1, -1)), ((), range(1)))
    for gradients, rooms in ways:
        for room in rooms:
            drawn = _updates(story, numbers, gradients, room, look)
            if drawn.width <= look.width:
                return drawn, gradients == names, room == count
    return drawn, False, False


def _updates(story: Story, numbers: Sequence[int], gradients: Sequence[str], room: int, look: Look) -> Block:
    weights = [story.weights(at) for at in numbers]
    order = np.argsort(-np.max(np.nan_to_num(np.array(weights)), axis=0), kind="stable").tolist()
    shown = sorted(order[:room])
    keys = story.example.keys
    header = [look.learning("update"), look.learning("loss")]
    header.extend(look.learning("gradient") if name == _TOGETHER else f"d_{name}" for name in gradients)
    header.extend(shorten(keys[key], LONGEST_ROW_LABEL, look.signs("…")) for key in shown)
    rows = [[cell(f" {text}", look.palette.header) for text in header]]
    for at, row in zip(numbers, weights, strict=True):
        record = story.run.records[at]
        norms = {**record.gradient_norms, _TOGETHER: float(np.linalg.norm(record.gradient))}
        line = [cell(f" {NumberFormat(0).text(at)}", look.palette.title)]
        texts = [loss_number(one, look.digits) for one in (record.loss, *(norms[name] for name in gradients))]
        line.extend(cell(f" {look.signs(text)}") for text in texts)
        line.extend(cell(f" {number(float(row[key]), look.digits)}") for key in shown)
        rows.append(line)
    return block(rows)


def curve_look(look: Look) -> Look:
    """The room for the curve on a page."""
    return look.sized(min(look.width, 100), 12)
