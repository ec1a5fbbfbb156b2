"""The loss curve: the right size, readable axes, and the line where the numbers are."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qkvtui.localized import LANGUAGES
from qkvtui.views.axes import loss_axis, update_ticks
from qkvtui.views.curve import curve_lines
from qkvtui.views.look import Look

FALLING = 1.2 + 0.5 * np.exp(-np.arange(201) / 30)
INF, NAN = float("inf"), float("nan")
losses = st.lists(st.floats(0, 1e9) | st.floats(0, 1) | st.sampled_from([INF, NAN, 1e308, 1e-320]), min_size=1)
looks = st.builds(
    Look, st.integers(20, 130), st.integers(4, 40), language=st.sampled_from(LANGUAGES), ascii=st.booleans()
)


def drawn(values: object, look: Look, **more: int | None) -> list[str]:
    """The lines as text, blanks at their ends taken off."""
    return [line.plain.rstrip() for line in curve_lines(np.asarray(values, dtype=np.float64), look, **more)]


@pytest.mark.slow
@given(losses, looks, st.data())
def test_a_curve_has_exactly_the_size_of_its_room(values: list[float], look: Look, data: st.DataObject) -> None:
    """The curve pushed what stands below it off the screen, or its lines were broken in two."""
    at = data.draw(st.none() | st.integers(0, len(values) - 1))
    until = data.draw(st.none() | st.integers(0, 100_000))
    lines = curve_lines(values, look, at=at, until=until)
    assert len(lines) == look.height
    assert {line.cell_len for line in lines} == {look.width}
    if look.ascii and look.language == "en":
        assert all(line.plain.isascii() for line in lines)
    assert [line.plain for line in curve_lines(values, look, at=at, until=until)] == [line.plain for line in lines]


def test_a_curve_falls_from_the_upper_left_to_the_lower_right_between_its_numbers() -> None:
    """The curve stood on its head, or the numbers beside it were those of another curve."""
    lines = drawn(FALLING, Look(60, 12))
    rows = [next((column for column, sign in enumerate(line) if sign >= "\u2800"), None) for line in lines[1:-2]]
    first = [column for column in rows if column is not None]
    assert first == sorted(first)
    assert [float(text) for line in lines for text in re.findall(r"([\d.]+) ┤", line)] == [1.8, 1.6, 1.4, 1.2]
    assert lines[-1].split() == ["update", "0", "50", "100", "150", "200"]


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("width", [20, 33, 80])
def test_the_marked_update_has_a_dot_a_stem_and_its_loss_in_digits(width: int, plain: bool) -> None:
    """Without colours nobody saw which update the page is about."""
    lines = drawn(FALLING, Look(width, 10, ascii=plain), at=40)
    dot, stem = ("O", ":") if plain else ("●", "┆")
    assert lines[0].endswith("40: loss 1.33" if width > 20 else "40: 1.33")
    places = [(row, line.index(dot)) for row, line in enumerate(lines[1:-2]) if dot in line]
    assert len(places) == 1
    row, column = places[0]
    below = [line[column : column + 1] for line in lines[row + 2 : -2]]
    assert stem in below


def test_losses_of_many_sizes_are_drawn_on_a_logarithmic_axis_that_says_so() -> None:
    """Ninety of a hundred updates lay flat on the axis, though the loss fell by half with each."""
    lines = drawn(10.0 ** (-np.arange(201) / 40), Look(70, 12))
    assert lines[0] == "loss, logarithmic scale"
    assert [text for line in lines for text in re.findall(r"(\S+) ┤", line)] == ["1", "0.001", "1e-05"]
    assert drawn([1.0, 0.02], Look(70, 12))[0] == "loss"
    assert drawn([1.0, 0.0], Look(70, 12))[0] == "loss"


def test_a_run_that_blew_up_ends_with_a_cross() -> None:
    """The curve ended early, and nothing said that the loss was no number any more."""
    for broken in (INF, NAN):
        lines = drawn([1, 2, 8, 1e5, broken], Look(50, 9), at=4)
        assert lines[1].endswith("✗")
        assert sum("✗" in line for line in lines) == 1
        assert drawn([1, 2, broken], Look(50, 9, ascii=True))[1].endswith("x")
    assert "∞" in drawn([1, INF], Look(50, 9), at=1)[0]


def test_a_single_moment_and_losses_that_do_not_change_are_drawn() -> None:
    """Before the first update there was a traceback instead of a curve."""
    assert sum("●" in line for line in drawn([1.0], Look(30, 8), at=0)[1:]) == 1
    flat = drawn([0.7] * 9, Look(30, 8))
    assert sum(any(sign >= "\u2800" for sign in line) for line in flat) == 1
    assert drawn([NAN], Look(30, 8))[1].endswith("✗")


def test_one_peak_among_a_hundred_thousand_updates_is_seen() -> None:
    """A single update at which the loss leapt up was between two columns, and the curve looked calm."""
    values = np.ones(100_001)
    values[54_321] = 5.0
    lines = drawn(values, Look(80, 12))
    assert any(sign >= "\u2800" for sign in lines[3])


def test_a_run_that_goes_on_does_not_move_what_is_drawn() -> None:
    """With every update the whole curve was squeezed together a little more."""
    short, longer = (drawn(FALLING[:count], Look(60, 9), until=200) for count in (50, 51))
    assert short[-1] == longer[-1]
    assert all(one.rstrip() in other or one == other for one, other in zip(short[3:-2], longer[3:-2], strict=True))


@given(st.lists(st.floats(0, 1e12), min_size=1, max_size=9), st.integers(1, 40))
def test_every_loss_lies_on_its_axis_and_ticks_are_told_apart(values: list[float], rows: int) -> None:
    """The curve left its frame, or two marks of the axis bore the same number."""
    array = np.asarray(values)
    axis = loss_axis(array, rows)
    assert ((axis.shares(array) >= -1e-9) & (axis.shares(array) <= 1 + 1e-9)).all()
    assert len(axis.labels) == len(set(axis.labels)) >= 2
    for tick, label in zip(axis.ticks, axis.labels, strict=True):
        assert float(label) == pytest.approx(tick, rel=1e-6, abs=1e-12)


@given(st.integers(0, 100_000), st.integers(12, 120))
def test_the_numbers_of_the_updates_are_whole_and_apart(last: int, columns: int) -> None:
    """Two numbers below the axis ran into one, 150 and 200 into 150200."""
    line, ticks = update_ticks(last, columns, lambda update: round(update * (columns - 1) / max(1, last)))
    numbers = [int(text) for text in line.split()]
    assert numbers[0] == 0
    assert numbers[-1] == last
    assert numbers == sorted(set(numbers))
    assert len(line) == columns
    assert len(ticks) == len(numbers)
