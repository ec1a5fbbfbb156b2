"""Columns stand still while one moves along a table or from token to token, also where there is room for one row."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qkvtui.pages.room import PageRoom
from qkvtui.pages.step_page import step_page
from qkvtui.trace.walk import Place, move_cell, start, to_query, to_step
from tests import samples

SIZES = ((60, 6), (60, 9), (80, 6), (80, 9))


def places(step: str) -> Iterator[Place]:
    """Every token asks, and each is walked from its first number to the next row and beyond."""
    trace = samples.trace("animal-sentence")
    for query in range(trace.shape.queries):
        place = to_step(trace, to_query(trace, start(trace), query), trace.step(step).number - 1)
        for _ in range(6):
            yield place
            place = move_cell(trace, place, 1)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("step", ["embeddings", "queries", "keys", "values"])
def test_the_columns_of_a_table_stand_where_they_stood(step: str, language: str) -> None:
    """At 80 × 24 the whole table sprang to the left from "didn't" to "cross", and grew from "too" to "tired"."""
    trace = samples.trace("animal-sentence")
    for width, height in SIZES:
        room = PageRoom(width, height, language=language)
        drawn = {tuple(table.widths for table in step_page(trace, place, room).tables) for place in places(step)}
        assert len(drawn) == 1, (width, height, drawn)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_room_for_the_widest_row_costs_no_column_of_the_query(language: str) -> None:
    """At 60 × 20 two of the four numbers of a query were out of sight, with room for all beside them."""
    for place in places("queries"):
        _, matrix, result = step_page(
            samples.trace("animal-sentence"), place, PageRoom(60, 9, language=language)
        ).tables
        assert len(result.widths) == len(matrix.widths) == 5
