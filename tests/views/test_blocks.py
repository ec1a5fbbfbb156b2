"""Blocks of cells and windows on rows: what a drawing is put together from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.style import Style

from qkvtui.pages.windows import around, only, whole
from qkvtui.views.blocks import BLANK, CellBlock, above, as_table, beside, block, cell, gap, left_cell
from tests.views.pages import lines_of, widest

texts = st.sampled_from(["", " ", "1", " -0.35 ", "[12]", "小红", "▸it ", "x" * 9])
grids = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(texts, min_size=width, max_size=width), min_size=1, max_size=4)
)


def drawn_from(grid: list[list[str]]) -> CellBlock:
    """A block of plain cells."""
    return block([[cell(text) for text in row] for row in grid])


@given(grids)
def test_a_block_is_as_wide_as_its_table(grid: list[list[str]]) -> None:
    """A drawing that was measured to fit did not, and rich took the missing column from a number."""
    drawn = drawn_from(grid)
    exactly, wider = (lines_of(as_table(drawn), drawn.width + room) for room in (0, 40))
    assert exactly == wider
    assert len(exactly) == drawn.height
    assert widest(exactly) <= drawn.width
    for row, line in zip(grid, exactly, strict=True):
        assert line.replace(" ", "") == "".join(row).replace(" ", "")


def test_the_current_cell_s_brackets_do_not_move_its_digits() -> None:
    """The number in brackets stood one place further left than the numbers above and below it."""
    lines = lines_of(as_table(drawn_from([[" 0.85 ", "|"], ["[0.60]", "|"], [" -1.00 ", "|"]])), 40)
    assert lines == ("  0.85 |", " [0.60]|", " -1.00 |")


def test_cells_stand_at_the_right_unless_they_say_otherwise() -> None:
    """Bars and percentages stood at the wrong end of their column."""
    lines = lines_of(as_table(block([[cell("1"), left_cell("ab")], [cell("1000"), left_cell("abcd")]])), 40)
    assert lines == ("   1ab", "1000abcd")


def test_neighbours_of_one_style_are_one_piece() -> None:
    """A page of 10,000 columns took more than two seconds: it was half a million pieces of a cell each."""
    numbers = block([[cell(f" {at}") for at in range(50)], [cell("a"), cell("b", Style(bold=True)), *[BLANK] * 48]])
    console = Console(width=400)
    pieces = [(one.text, bool(one.style)) for one in console.render(as_table(numbers))]
    assert pieces[:2] == [("".join(f" {at}" for at in range(50)), False), ("\n", False)]
    assert pieces[2:] == [(" a ", False), ("b", True), (" " * (numbers.width - 4), False), ("\n", False)]


def test_blocks_are_centred_beside_and_aligned_above_each_other() -> None:
    """The sign of a product stood above its matrices, or columns that belong together were shifted."""
    tall, low = drawn_from([["a"], ["b"], ["c"]]), drawn_from([["d"]])
    assert lines_of(as_table(beside(tall, gap(2), drawn_from([["×"]]), low)), 20) == ("a", "b  ×d", "c")
    stacked = above(drawn_from([["1", "2"]]), drawn_from([["10", "200"]]))
    assert lines_of(as_table(stacked), 20) == (" 1  2", "10200")
    assert block([[BLANK]]).width == 1


@given(st.integers(1, 300), st.data())
def test_a_window_holds_its_focus_and_stays_while_the_focus_moves_in_it(count: int, data: st.DataObject) -> None:
    """The current row was not on the page, or the page jumped at every key."""
    focus, room = data.draw(st.integers(0, count - 1)), data.draw(st.integers(0, 400))
    window = around(focus, count, room)
    assert focus in window.shown
    assert window.before + len(window.shown) + window.after == count
    assert len(window.shown) == max(1, min(room, count))
    assert window.whole == (len(window.shown) == count)
    page = focus // len(window.shown)
    neighbours = {around(index, count, room).start for index in window.shown if index // len(window.shown) == page}
    assert neighbours == {window.start}


def test_one_row_or_all_of_them() -> None:
    """The rest of the rows was not counted."""
    assert (only(3, 5).before, only(3, 5).after, only(3, 5).whole) == (3, 1, False)
    assert (whole(5).before, whole(5).after, whole(5).whole) == (0, 0, True)
    assert only(0, 1).whole
