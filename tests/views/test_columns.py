"""Tokens as columns: every matrix turned over, the same numbers under the same addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pytest

from qkvtui.operations.operation import Drawing
from qkvtui.operations.tensors import Address
from qkvtui.report.request import Request, formatted
from qkvtui.trace.changes import set_number, set_softmax
from qkvtui.trace.lesson import Lesson
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import cell_of, start, step_at, to_step
from qkvtui.views.blocks import LineCell
from qkvtui.views.look import Look
from tests import samples
from tests.views.drawings import body, flow_lines, heading_lines, step_block, whole_matrix
from tests.views.pages import lines_of, page_in, place_at, steps, widest

NAMES = pytest.mark.parametrize("name", samples.each(samples.LESSONS))
BUNDLED = [name for name in samples.bundled() if name not in samples.MODELS]
PRODUCTS = {Drawing.GIVEN, Drawing.PROJECTION, Drawing.SCORES, Drawing.CONCATENATION, Drawing.GRADIENT}
ROWS, COLUMNS = Look(4000), Look(4000, tokens_as="columns")
Cell = tuple[str, int, int, int]


@dataclass(frozen=True)
class Seen:
    """A number on a page: its line, where it ends, and its text."""

    y: int
    x: int
    text: str


def numbers_of(name: str, step_id: str, look: Look) -> dict[Cell, Seen]:
    """Every number of a step's drawing that can be clicked."""
    trace, place = samples.trace(name), place_at(name, step_id)
    found: dict[Cell, Seen] = {}
    drawn = step_block(trace, place, look)
    for y, row in enumerate(drawn.rows):
        x = 0
        for text, width in zip(row, drawn.widths, strict=True):
            x += width
            if isinstance(text, LineCell):
                continue
            meta = getattr(text.style, "meta", {})
            if "cell" in meta:
                found[meta["cell"]] = Seen(y, x, text.plain.strip(" []"))
    return found


def drawn_as_matrices(name: str) -> list[str]:
    """The steps whose whole drawing is matrices; a long example's scores are listed."""
    trace = samples.trace(name)
    return [
        step.id for step in trace.steps if step.type.kind in PRODUCTS and step.shape[0] <= 12 and step.shape[1] <= 12
    ]


def lies(cells: dict[Cell, Seen], matrix: str) -> bool | None:
    """Whether a matrix is shown as it is addressed; None where one line or column does not tell."""
    seen = [(cell, one) for cell, one in cells.items() if cell[0] == matrix]
    if len({cell[1] for cell, _ in seen}) == 1 or len({cell[2] for cell, _ in seen}) == 1:
        return None
    for first, second in (("y", "x"), ("x", "y")):
        rows, columns = (
            {(cell[axis], getattr(one, at)) for cell, one in seen} for axis, at in ((1, first), (2, second))
        )
        if len(rows) == len({row for row, _ in rows}) and len(columns) == len({column for column, _ in columns}):
            return first == "y"
    raise AssertionError(f"{matrix} is no table")


def stands_twice(trace: Trace, step_id: str) -> set[str]:
    """Without W_Q and W_K, S = X Xᵀ: X stands there both ways, in either look."""
    return {"embeddings"} if step_id == "scores" and not trace.has("queries") else set()


@pytest.mark.sampled(4)
@NAMES
def test_the_same_numbers_stand_turned_over(name: str) -> None:
    """A reader whose book writes columns saw other numbers than the book, or the right ones in the wrong place."""
    for step_id in drawn_as_matrices(name):
        rows, columns = numbers_of(name, step_id, ROWS), numbers_of(name, step_id, COLUMNS)
        if len({one.y for one in rows.values()}) == len(rows):
            continue  # a listing of one query
        assert {cell: seen.text for cell, seen in rows.items()} == {cell: seen.text for cell, seen in columns.items()}
        for matrix in {cell[0] for cell in rows} - stands_twice(samples.trace(name), step_id):
            before, after = lies(rows, matrix), lies(columns, matrix)
            assert before is None or before is not after, (step_id, matrix)


@pytest.mark.sampled(6)
@NAMES
def test_the_current_cell_is_the_same_number(name: str) -> None:
    """Turning the page over moved the reader to another number."""
    for step_id in steps(name):
        marked = []
        for look in (ROWS, COLUMNS):
            trace, place = samples.trace(name), place_at(name, step_id)
            seen = [
                text for row in step_block(trace, place, look).rows for text in row if not isinstance(text, LineCell)
            ]
            cells = [text for text in seen if text.plain.startswith("[")]
            marked.append([text.plain for text in cells if getattr(text.style, "meta", {}).get("cell")])
        assert marked[0] == marked[1], step_id


_FACTOR = r"(?P<{0}>[A-Za-z_′″]+)(?P<{0}_t>ᵀ?)"
FACTORS = re.compile(rf"(?P<made>\S+) = {_FACTOR.format('left')} {_FACTOR.format('right')}(?: \+ (?P<bias>b_\w))?")


@NAMES
def test_every_product_is_what_its_formula_says(name: str) -> None:
    """The heading named the matrices in the wrong order, or a transpose where there is none."""
    trace = samples.trace(name)
    if trace.shape.heads > 1:
        return
    matrices = {name: np.atleast_2d(array) for name, array in trace.example.parameters.items()}
    matrices |= trace.example.inputs
    matrices |= {step.symbol: trace.matrix(step.id) for step in trace.steps if step.id != "summary"}
    for look in (ROWS, COLUMNS):
        shown = {
            symbol: matrix.T if look.in_columns and "W_" not in symbol else matrix
            for symbol, matrix in matrices.items()
        }
        for step in trace.steps:
            found = FACTORS.fullmatch(look.formula(step))
            if found is None or step.type.kind not in PRODUCTS | {Drawing.WEIGHTED_SUM}:
                continue
            left, right = (
                shown[found[side]].T if found[f"{side}_t"] else shown[found[side]] for side in ("left", "right")
            )
            made = left @ right + (shown[found["bias"]] if found["bias"] else 0.0)
            expected = shown[found["made"].removesuffix("ᵀ")]
            expected = expected.T if found["made"].endswith("ᵀ") else expected
            np.testing.assert_allclose(made, expected, rtol=1e-6, atol=1e-9, err_msg=look.formula(step))


@NAMES
def test_formulas_multiply_in_the_order_of_what_is_shown(name: str) -> None:
    """The heading said Q = X W_Q above a product of W_Qᵀ and X."""
    trace = samples.trace(name)
    for step_id in steps(name):
        place = place_at(name, step_id)
        step = step_at(trace, place)
        formula = COLUMNS.formula(step)
        assert heading_lines(trace, place, COLUMNS)[1].plain.endswith(formula)
        if step.type.kind is Drawing.SCORES:
            asks, found = (
                ("Q′", "K′") if trace.has("rotated_keys") else ("Q", "K") if trace.has("queries") else ("X", "X")
            )
            assert formula == f"S = {found}ᵀ {asks}"
        if step.type.kind is Drawing.WEIGHTED_SUM:
            assert formula == ("O = V A" if trace.has("values") else "O = X A")
        if step.type.kind is Drawing.PROJECTION and "W_" in formula:
            symbol, weights, source = formula.replace(" = ", " ").split()[:3]
            assert (weights[-1], len(symbol.strip("₂₃′")), len(source.strip("₂₃′″"))) == ("ᵀ", 1, 1)
    chart = "\n".join(line.plain for line in flow_lines(trace, None, COLUMNS))
    assert "·W_" not in chart
    assert (re.search("W_Qᵀ·[XN] → Q", chart) is not None) == ("W_Q" in trace.example.parameters)


def test_the_sheet_by_hand_reads_as_in_the_sheet() -> None:
    """Tom Yeh's own rows of numbers, which the example promises, were nowhere on the page."""
    trace = samples.trace("by-hand")
    place = to_step(trace, start(trace), trace.step("scores").number - 1)
    lines = [line.split() for line in lines_of(body(trace, place, replace(COLUMNS, width=80)), 80)]
    sheet = [["3", "2", "2", "1"], ["4", "3", "1", "5"], ["-1", "-1", "-2", "1"], ["3", "2", "2", "1"]]
    shown = [[word.strip("[]") for word in line[-4:]] for line in lines[1:5]]
    assert shown == sheet


def test_a_bias_stands_beside_its_matrix_line_by_line() -> None:
    """The bias of feature 1 stood in the line of feature 0, or below the matrix, where it is added to a token."""
    trace, place = samples.trace("three_heads"), place_at("three_heads", "queries")
    lines = lines_of(body(trace, place, COLUMNS), 4000)
    first = place.head * trace.shape.d_k
    features = range(first, first + trace.shape.d_k)
    end = next(line.index("b_Q") + len("b_Q") for line in lines if "b_Q" in line)
    for feature in features:
        line = next(line for line in lines if line.lstrip(" ▸").startswith(f"{feature} "))
        assert float(line[:end].split()[-1]) == trace.example.parameters["b_Q"][feature]


def test_softmax_over_columns_is_told_as_along_the_rows() -> None:
    """With tokens as columns, the warning called the right softmax wrong."""
    trace = set_softmax(samples.trace("plain"), "columns")
    place = to_step(trace, start(trace), trace.step("weights").number - 1)
    text = " ".join(lines_of(body(trace, place, replace(COLUMNS, width=80)), 80))
    assert "WRONG, on purpose: softmax along the rows." in text
    assert "max of row" in text
    assert "softmax goes down it" not in text
    right = " ".join(lines_of(body(samples.trace("plain"), place, replace(COLUMNS, width=80)), 80))
    assert "softmax goes down it, as it should" in right


def test_what_was_changed_is_shown_in_the_turned_matrix() -> None:
    """After a change with tokens as columns, before → after stood at another number."""
    trace = set_number(samples.trace("plain"), Address("X", 1, 2), 9.0)
    trace = Trace(trace.example, compared_to=samples.trace("plain"))
    lines = lines_of(body(trace, start(trace), replace(COLUMNS, width=80)), 80)
    changed = [line for line in lines if "→9" in line]
    assert len(changed) == 1
    assert changed[0].split()[0] == "2"


@pytest.mark.parametrize("name", ["by-hand", "sixty", "cross"])
def test_all_queries_at_once_are_the_columns(name: str) -> None:
    """`print --query all --tokens-as columns` still had a line for each token that asks."""
    trace = samples.trace(name)
    place = to_step(trace, start(trace), trace.step("weights").number - 1)
    lines = lines_of(whole_matrix(trace, place, Look(80, tokens_as="columns")), 80)
    assert f"▾{trace.example.tokens[place.query]}" in lines[0]
    assert widest(lines) <= 80
    assert any(
        line.startswith(f"▸{trace.example.keys[cell_of(trace, place).column]}"[:9]) for line in map(str.strip, lines)
    )


def test_json_and_addresses_stay_as_they_are() -> None:
    """A script would have been given transposed numbers, or other names, with an option about what is shown."""
    trace = samples.trace("three_heads")
    lessons = (Lesson(trace, start(trace), "three_heads"),)
    assert formatted(Request(lessons, COLUMNS), "json") == formatted(Request(lessons, ROWS), "json")


def check_every_page(name: str, width: int) -> None:
    """Nothing wider than the page, and every number that can be clicked is whole."""
    for look in (Look(width), Look(width, tokens_as="columns")):
        for step_id in steps(name):
            assert page_in(name, step_id, look).width <= width, (step_id, look.tokens_as)
            whole = numbers_of(name, step_id, ROWS)
            for cell, seen in numbers_of(name, step_id, look).items():
                assert seen.text == whole.get(cell, seen).text, (step_id, look.tokens_as, cell)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", samples.each(BUNDLED, ("animal", "by-hand")))
def test_every_bundled_example_fits_either_way(name: str, width: int) -> None:
    """A book's reader on a small terminal saw half a number, or a table that ran over the edge."""
    check_every_page(name, width)


@pytest.mark.slow
@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", samples.MODELS)
def test_a_real_model_fits_either_way(name: str, width: int) -> None:
    """The same with 384 features."""
    check_every_page(name, width)
