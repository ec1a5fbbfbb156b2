"""Columns that stay where they are while one moves, and that tell nothing by their width."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qkvtui.narration.numbers import NumberFormat
from qkvtui.narration.tells import SLOT
from qkvtui.pages.room import PageRoom
from qkvtui.pages.scene import ShownNumbers
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import start, to_step
from qkvtui.views.blocks import LineCell
from qkvtui.views.look import Look
from tests import samples
from tests.views.drawings import step_block
from tests.views.pages import place_at


@pytest.mark.parametrize("step", ["scores", "scaled", "weights"])
def test_moving_along_the_row_moves_no_column(step: str) -> None:
    """With each key the table jumped to the left or the right, and all of it was painted again."""
    trace, place = samples.trace("animal-sentence"), place_at("animal-sentence", step)
    there = [replace(place, key=key) for key in range(trace.shape.keys)]
    assert len({step_block(trace, one, Look(80, 12)).widths for one in there}) == 1


def test_the_width_of_a_column_tells_nothing_of_a_hidden_number() -> None:
    """The blank of a worksheet was as wide as its number, or as what that was before a change."""
    hidden, written = np.array([False, True]), NumberFormat(2)
    values, before = np.array([1.0, -123456.0]), np.array([1.0, 654321.0])
    for numbers in (ShownNumbers(values), ShownNumbers(values, before=before)):
        assert numbers.widest(written, PageRoom(80)) >= len("-123456.00")
        assert numbers.veiled(hidden).widest(written, PageRoom(80)) == max(len("1.00"), len(SLOT))


def test_a_column_is_as_wide_as_what_is_written_of_numbers_that_are_none() -> None:
    """Where nothing is wanted of a token stood `-`, in a column with room for -∞."""
    written, room = NumberFormat(0), PageRoom(80)
    assert ShownNumbers(np.array([8.0, np.nan])).widest(written, room) == 1
    assert ShownNumbers(np.array([8.0, np.inf])).widest(written, room) == 1
    assert ShownNumbers(np.array([8.0, -np.inf])).widest(written, room) == 2


@pytest.mark.parametrize(
    ("example", "step", "height", "wanted"),
    [
        ("sentence-learn", "d_keys", 13, "dSᵀ"),
        ("it-learn", "d_values", 13, "Aᵀ"),
        ("sentence-learn", "d_scaled", 7, "A"),
    ],
)
def test_what_is_out_of_sight_takes_no_factor_out_of_the_page(
    example: str, step: str, height: int, wanted: str
) -> None:
    """At 60 columns a long name further down left no room for the matrix that is multiplied by."""
    trace: Trace = samples.trace(example)
    place = to_step(trace, start(trace), trace.step(step).number - 1)
    drawn = step_block(trace, place, Look(60, height))
    symbols = [cell.plain.strip(" ▾▸") for row in drawn.rows for cell in row if not isinstance(cell, LineCell)]
    assert wanted in symbols
    assert drawn.width <= 60


def test_the_querys_own_numbers_give_way_only_where_that_lets_another_token_in() -> None:
    """In three lines the numbers that are multiplied by were gone, and nothing stood in their place."""
    trace, place = samples.trace("scaling"), place_at("scaling", "scores")
    drawn = step_block(trace, place, Look(60, 3))
    assert any(cell.plain.strip() == "q red" for row in drawn.rows for cell in row if not isinstance(cell, LineCell))
