"""The table of updates: a row for each, or for every so many."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

import numpy as np

from ..narration.numbers import NumberFormat, loss_number, number
from ..operations.tensors import largest
from ..pages.cut_names import LONGEST_ROW_LABEL
from ..pages.lines import shorten
from ..trace.story import Story
from .blocks import CellBlock, block, cell
from .look import Look

_FEWEST = 3
"""So few tokens are shown before the gradients are taken together."""

_Column = tuple[str, ...]
"""A heading, and a text for each update."""


def updates_rows(story: Story, every: int, look: Look) -> list[tuple[str, ...]]:
    """A row for every so many updates: the loss, the lengths of the gradients, the query's weights."""
    return list(zip(*(column for columns in _updates_columns(story, every, look) for column in columns), strict=True))


def _updates_columns(story: Story, every: int, look: Look) -> tuple[list[_Column], list[_Column], list[_Column]]:
    """The same by columns, each below its heading: update and loss, gradients, tokens."""
    updates = story.updates(every)
    losses = [look.signs(loss_number(one.loss, look.digits)) for one in updates]
    numbers = [NumberFormat(0).text(one.number) for one in updates]
    lengths = [
        (f"d_{name}", *(look.signs(loss_number(one.lengths[name], look.digits)) for one in updates))
        for name in updates[0].lengths
    ]
    weights = [
        (token, *(number(float(one.weights[key]), look.digits) for one in updates))
        for key, token in enumerate(story.example.keys)
    ]
    return [(look.learning("update"), *numbers), (look.learning("loss"), *losses)], lengths, weights


def updates_block(story: Story, every: int, look: Look) -> tuple[CellBlock, bool, bool]:
    """The same, drawn.

    Where not all columns fit, the gradients are taken together and those tokens are shown that get most. The second
    says whether the gradients stand one by one, the third whether all tokens are there.
    """
    losses, lengths, weights = _updates_columns(story, every, look)
    updates, count = story.updates(every), len(weights)
    norms = [look.signs(loss_number(hypot(*one.lengths.values()), look.digits)) for one in updates]
    greatest = np.nan_to_num([one.weights for one in updates]).max(axis=0)
    ways = [(lengths, room) for room in range(count, min(count, _FEWEST) - 1, -1)]
    ways.extend(([(look.learning("gradient"), *norms)], room) for room in range(count, -1, -1))
    for gradients, room in (*ways, ([], 0)):
        tokens = largest(greatest, room) if room else ()
        drawn = _columns_block([*losses, *gradients, *(weights[key] for key in tokens)], look)
        if drawn.width <= look.width:
            break
    return drawn, gradients is lengths, room == count


def _columns_block(columns: Sequence[_Column], look: Look) -> CellBlock:
    heading, *rows = zip(*columns, strict=True)
    names = [cell(" " + shorten(name, LONGEST_ROW_LABEL, look.signs("…")), look.palette.header) for name in heading]
    first = look.palette.title
    return block([names, *([cell(f" {at}", first), *(cell(f" {text}") for text in texts)] for at, *texts in rows)])
