"""Matrices of many columns, and pages as wide as one asks for."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qkvtui.files.read import load
from qkvtui.narration.numbers import NumberFormat
from qkvtui.pages.matrices import Matrix, number_width
from qkvtui.pages.scene import ShownNumbers
from qkvtui.pages.windows import whole
from qkvtui.trace.changes import set_causal
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import start, to_step
from qkvtui.views.look import Look
from tests.views.drawings import step_block

NUMBERS = st.floats(-1e4, 1e4, allow_nan=False)


def wide(folder: Path, columns: int) -> Trace:
    """Two tokens of that many features."""
    rng = np.random.default_rng(columns)
    arrays = {"X": (2, columns), "W_Q": (columns, 2), "W_K": (columns, 2), "W_V": (columns, 2)}
    np.savez(folder / "wide.npz", **{name: rng.normal(size=shape) for name, shape in arrays.items()})  # type: ignore[arg-type]
    tables = '[inputs]\nX = "X"\n[parameters]\n' + "".join(f'W_{letter} = "W_{letter}"\n' for letter in "QKV")
    path = folder / "wide.toml"
    path.write_text(f'format = 1\ntitle = "Wide"\ntokens = ["a", "b"]\narrays = "wide.npz"\n{tables}', encoding="utf-8")
    return Trace(load(str(path)))


def texts_written(trace: Trace, look: Look) -> int:
    """How many numbers are written as texts, or asked for how wide they are, while the queries are drawn."""
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call" and frame.f_code is NumberFormat.text.__code__

    place = to_step(trace, start(trace), 1)
    sys.setprofile(count)
    try:
        step_block(trace, place, look)
    finally:
        sys.setprofile(None)
    return calls


def test_a_page_of_thousands_of_columns_is_drawn_at_once(tmp_path: Path) -> None:
    """`print --width 10000` of a row of 20,000 numbers measured the same columns anew for minutes."""
    trace = wide(tmp_path, 6_000)
    assert texts_written(trace, Look(3_000)) < 60 * 3_000


def test_a_comparison_of_a_wide_matrix_writes_what_it_shows(tmp_path: Path) -> None:
    """`print --before --causal` wrote each of thousands of numbers that had not changed, seventy times."""
    trace = wide(tmp_path, 2_000)
    assert texts_written(set_causal(trace, True), Look(80)) < 2 * texts_written(trace, Look(80)) + 100


@given(st.lists(st.tuples(NUMBERS, NUMBERS, st.booleans(), st.booleans()), min_size=1, max_size=20))
def test_a_column_is_as_wide_as_what_is_written_in_it(cells: list[tuple[float, float, bool, bool]]) -> None:
    """A number that had changed stood outside its column, or a hidden one made room for its digits and told them."""
    now, was, changed, hidden = (np.array(column) for column in zip(*cells, strict=True))
    numbers = ShownNumbers(np.where(hidden, np.nan, now), hidden, np.where(hidden, np.nan, np.where(changed, was, now)))
    look, written = Look(80), NumberFormat(2)
    matrix = Matrix("X", ("a",), tuple("c" * len(cells)), lambda row: numbers, written)
    assert number_width(matrix, whole(1), look) == max(len(text) for text in numbers.written(written, look))


@pytest.mark.parametrize("count", [33, 200])
def test_of_many_changed_numbers_the_widest_before_and_after_fit(count: int) -> None:
    """A row of which everything had changed was cut."""
    rng = np.random.default_rng(count)
    numbers = ShownNumbers(rng.normal(size=count) * 100, None, rng.normal(size=count))
    look, written = Look(80), NumberFormat(2)
    matrix = Matrix("X", ("a",), tuple("c" * count), lambda row: numbers, written)
    assert number_width(matrix, whole(1), look) >= max(len(text) for text in numbers.written(written, look))
