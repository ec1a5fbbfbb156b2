"""Numbers as they are printed elsewhere, given as a text: read back as they were printed, or refused with a place."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from pathlib import Path
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qkvtui.files.pasteerrors import PasteError
from qkvtui.files.pastes import is_paste, read_paste
from qkvtui.files.read import parse_example
from qkvtui.files.same import same_example
from qkvtui.files.write import write_example
from qkvtui.graph.document import Kind
from qkvtui.trace.addresses import parse_address
from qkvtui.trace.changes import set_number
from qkvtui.trace.trace import Trace
from tests.files.samples import LABELLED, PROJECTED, TOP, edited_text, example_text, read, read_example, refusal

X = [[1, 2], [3, 4]]


def with_x(text: str) -> str:
    return TOP + PROJECTED.replace("[[1, 2], [3, 4]]", f"'''\n{text}'''")


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    "text",
    [
        "[[1. 2.]\n [3. 4.]]",
        "array([[1., 2.],\n       [3., 4.]], dtype=float32)",
        "np.array([[1, 2], [3, 4]])",
        "X = tensor([[1.0000e+00, 2.0000],\n        [3.0000, 4.0000]], device='cuda:0', grad_fn=<MmBackward0>)",
        "Parameter containing:\ntensor([[1., 2.],\n        [3., 4.]], requires_grad=True)",
        "tf.Tensor(\n[[1. 2.]\n [3. 4.]], shape=(2, 2), dtype=float32)",
        "<tf.Tensor: shape=(2, 2), dtype=float32, numpy=\narray([[1., 2.],\n       [3., 4.]], dtype=float32)>",
        "Array([[1., 2.],\n       [3., 4.]], dtype=float32)",
        "[1. 2.]\n[3. 4.]",
        "((1, 2), (3, 4))",
        "[1 2; 3 4]",
        "1 2; 3 4",
        "[1, 2; 3, 4]",
        "1 2\n3 4\n",
        "1\t2\r\n3\t4",
        "1, 2\n3, 4",
        "1，2；3，4",
        "［［１，２］、［３，４］］",
        r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
        r"$$W = \left[\begin{array}{cc} 1 & \frac{4}{2} \\[2pt] \sqrt{9} & \mathbf{4} \\ \end{array}\right]$$",
        r"1 & 2 \\ 3 & 4",
        "1 & 2 \\\n3 & 4",
        "2/2 √4\n9/3 400%",
    ],
)
def test_the_same_matrix_is_read_from_whatever_printed_it(text: str) -> None:
    """What one copies from a notebook, a paper or a spreadsheet had to be typed again with commas."""
    assert read(with_x(text)).inputs["X"].tolist() == X
    values = {"X": text}
    structure = {"format": 1, "title": "t", "tokens": ["one", "two"], "inputs": values}
    structure["parameters"] = dict.fromkeys(("W_Q", "W_K", "W_V"), "1 0; 0 1")
    assert read(json.dumps(structure), kind="json").inputs["X"].tolist() == X


def numbers() -> st.SearchStrategy[float]:
    return st.one_of(
        st.floats(-1000, 1000, allow_nan=False),
        st.integers(-9, 9).map(float),
        st.floats(allow_nan=False, allow_infinity=False),
    )


matrices = st.tuples(st.integers(1, 4), st.integers(1, 5)).flatmap(
    lambda shape: st.lists(numbers(), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]).map(
        lambda found: np.array(found).reshape(shape)
    )
)
options = st.fixed_dictionaries(
    {
        "precision": st.integers(1, 17),
        "suppress": st.booleans(),
        "linewidth": st.sampled_from([20, 75, 200]),
        "sign": st.sampled_from(["-", "+", " "]),
        "floatmode": st.sampled_from(["fixed", "unique", "maxprec", "maxprec_equal"]),
    }
)


def as_printed(text: str) -> list[float]:
    """The numbers of a print, taken from it in another way."""
    return [float(word) for word in text.replace("[", " ").replace("]", " ").split()]


@given(matrices, options)
def test_whatever_numpy_prints_is_read_as_it_was_printed(matrix: np.ndarray, how: dict[str, object]) -> None:
    """A number would have been read that the page does not show."""
    with np.printoptions(**how):  # type: ignore[arg-type]
        plain, made = str(matrix), repr(matrix)
    wanted = np.array(as_printed(plain)).reshape(matrix.shape)
    assert np.array_equal(np.array(read_paste(plain).value, dtype=float), wanted)
    assert np.array_equal(np.array(read_paste(made).value, dtype=float), wanted)


@given(matrices, st.sampled_from(["%.3f", "%.4e", "%g", "%r"]))
def test_so_is_what_tex_matlab_and_lines_have(matrix: np.ndarray, how: str) -> None:
    """The same numbers would have been others in another dress."""
    rows = [[how % number for number in row] for row in matrix.tolist()]
    wanted = [[float(number) for number in row] for row in rows]
    for cell, row, around in (
        (" & ", r" \\ ", (r"\begin{bmatrix}", r"\end{bmatrix}")),
        (" ", "; ", ("[", "]")),
        (" ", ";\n", ("", "")),
        (", ", "\n", ("", "")),
        (",", "\n", ("", "")),
        ("\t", "\n", ("", "")),
    ):
        text = around[0] + row.join(cell.join(one) for one in rows) + around[1]
        found = read_paste(text).value
        assert found == (wanted[0] if around[0] == "[" and len(wanted) == 1 else wanted), text


def test_a_stack_of_matrices_and_a_wrapped_row_are_read() -> None:
    """Heads printed with an empty line between them would have run together, a long row would have become two."""
    heads = np.arange(8.0).reshape(2, 2, 2)
    assert read_paste(repr(heads)).value == heads.tolist()
    long = np.linspace(0, 1, 40)
    assert read_paste(repr(long)).value == [float(f"{number:.8f}") for number in long]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("1 2\n3 x", "line 2, column 3", '"x" is no number'),
        ("[[1. 2.]\n ...\n [3. 4.]]", "line 2, column 2", "numpy.set_printoptions(threshold=sys.maxsize)"),
        ("tensor([[1., ..., 2.]])", "line 1, column 14", 'torch.set_printoptions(profile="full")'),
        (r"\begin{pmatrix} 1 & \cdots & 2 \end{pmatrix}", "line 1, column 21", "left out"),
        (r"\frac{1}{2} \begin{pmatrix} 1 & 2 \end{pmatrix}", "line 1, column 1", "beside the matrix"),
        (r"\begin{pmatrix} 1 & \\ 2 & 3 \end{pmatrix}", "line 1, column 21", "a number is missing"),
        ("[[1 2]\n [3 4]", "line 2, column 7", "a ] is missing"),
        ("[[1 2]] * 3", "line 1, column 9", "behind the numbers"),
        ("[1,,2]", "line 1, column 4", "a number is missing before this comma"),
        ("0,5 0,3\n0,1 0,2", "line 1, column 1", "decimals or between numbers"),
        ("[[[[1]]]]", "line 1, column 4", "too deep"),
    ],
)
def test_a_text_that_cannot_be_read_says_where_and_what_was_found(text: str, where: str, said: str) -> None:
    """One would have looked through a screen of numbers for the one that is none."""
    message = refusal(with_x(text))
    assert f"it.toml: inputs.X, {where} of the text: " in message
    assert said in message


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "1" * 100_000,
        ", " * 50_000,
        "\\begin{pmatrix}" * 30_000,
        "\\frac{" * 30_000 + "&",
        " " * 100_000 + "[",
        "tensor(" * 30_000 + "[1]",
        "[1],dtype=" + "a" * 100_000 + "[",
        "1/" * 50_000 + "&",
    ],
)
def test_no_text_takes_long(text: str) -> None:
    """A file from anybody would have kept a server busy for minutes."""
    started = process_time()
    with suppress(PasteError):
        read_paste(text)
    assert process_time() - started < 3


@given(st.text(alphabet="[](),;.…01-+e/√%?&\\{} \n\tnanTruearay一，", max_size=40))
def test_whatever_the_text_it_is_read_or_refused(text: str) -> None:
    """A traceback would have been all there was to see."""
    try:
        found = read_paste(text).value
    except PasteError as error:
        found = [error.line, error.column]
    assert isinstance(found, list)


def test_the_name_of_an_array_stays_a_name(tmp_path: Path) -> None:
    """A file of arrays could not have had an array called "0" or "1 2" any more."""
    np.savez(tmp_path / "a.npz", allow_pickle=False, **{"W0": np.eye(2), "0": 2 * np.eye(2), "1 2": 3 * np.eye(2)})
    text = TOP + 'arrays = "a.npz"\n' + PROJECTED.replace("[[2, 0], [0, 2]]", '"0"').replace("[[1, 0], [0, 1]]", '"W0"')
    found = read(text.replace("[[3, 0], [0, 3]]", '"1 2"'), folder=str(tmp_path)).parameters
    assert [found[name][0, 0] for name in ("W_Q", "W_K", "W_V")] == [1, 2, 3]
    assert 'holds no array "0.wieght"' in refusal(text.replace('"0"', '"0.wieght"'), folder=str(tmp_path))
    assert not is_paste("W0")


def test_a_vector_and_a_single_number_may_be_texts_too() -> None:
    """A bias printed below its matrix could not have been pasted with it."""
    example = read(
        TOP
        + PROJECTED
        + 'b_Q = "tensor([1., 2.])"\nb_K = "1 2"\nb_V = """\n1\n2"""\n'
        + '[attention]\nsoftcap = "50."\nsink = "1/2"\nbias = "0 1; 1 0"\n'
    )
    assert [example.parameters[f"b_{letter}"].tolist() for letter in "QKV"] == [[1, 2]] * 3
    assert example.attention.softcap == 50
    assert example.attention.sink == (0.5,)
    assert isinstance(example.attention.bias, np.ndarray)


def test_a_pasted_mask_is_all_truth_values_and_one_of_0_and_1_is_refused() -> None:
    """The 0 and 1 that a tutorial prints would have been added to the scores, and forbidden nothing."""
    mask = read(TOP + PROJECTED + '[attention]\nmask = """\n[[ True False]\n [ True  True]]"""\n').attention.mask
    assert mask is not None
    assert mask.dtype == np.bool_
    assert mask.tolist() == [[True, False], [True, True]]
    padding = read(TOP + PROJECTED + '[attention]\npadding = "[ True False]"\n').attention.padding
    assert padding is not None
    assert padding.tolist() == [True, False]
    for given_mask in ('mask = "1 0; 1 1"', 'mask = "tensor([[1., 0.],\\n [1., 1.]])"', 'padding = "1 0"'):
        assert "is made of 0 and 1" in refusal(f"{TOP}{PROJECTED}[attention]\n{given_mask}\n")


@pytest.mark.parametrize("kind", ["toml", "json"])
def test_a_change_in_a_pasted_matrix_is_written_as_lists_and_leaves_the_rest(kind: Kind, tmp_path: Path) -> None:
    """The rest of the file, comments and all, would have been lost, or half a text would have been written."""
    text = "# mine\n" + with_x("[[1. 2.]\n [3. 4.]]").replace("[[1, 0], [0, 1]]", '"1 0; 0 1"')
    if kind == "json":
        structure = {"format": 1, "title": "t", "tokens": ["one", "two"], "inputs": {"X": "1 2; 3 4"}}
        text = json.dumps({**structure, "parameters": dict.fromkeys(("W_Q", "W_K", "W_V"), "1 0; 0 1")}, indent=1)
    original = parse_example(text, kind=kind)
    trace = Trace(original)
    changed = set_number(trace, parse_address(trace, "X[0,1]"), 7.5).example
    written = edited_text(original, changed)
    assert parse_example(written, kind=kind).inputs["X"].tolist() == [[1, 7.5], [3, 4]]
    assert '"1 0; 0 1"' in written
    assert ("# mine" in written) == (kind == "toml")
    there = tmp_path / f"it.{kind}"
    write_example(there, original, changed)
    assert same_example(read_example(there), parse_example(written, kind=kind))


# ---- published


def published(table: str) -> object:
    return read(f"{TOP}{PROJECTED}[published]\n{table}\n").published


def test_numbers_keep_the_digits_that_they_are_written_with() -> None:
    """0.50 was judged as 0.5: a number that is off by 0.04 would have held."""
    for table, decimals in {
        "weights = [[0.50, 0.5], [0.5, 0.5]]": 2,
        'weights = [["0.500", 0.5], [0.5, 0.5]]': 3,
        'weights = [["67%", 0.3], [0.5, 0.5]]': 2,
        'weights = [["66.7%", 0.3], [0.5, 0.5]]': 3,
        'weights = [["1/3", 0.67], [0.5, 0.5]]': 2,
        'weights = [["1/3", "2/3"], [0, 1]]': 6,
        'weights = """tensor([[0.5000, 0.2500],\n [1.0000, 2.0000]])"""': 4,
        "weights = [[0.5, 1.0], [1, 2]]": 1,
        "weights = { one = [1.0, 2.0] }": 0,
        "weights = [[0.5, 1.50e-1], [1, 2]]": 3,
        '"weights[one,two]" = 0.250': 3,
    }.items():
        found = read(f"{TOP}{PROJECTED}[published]\n{table}\n").published
        assert found is not None
        assert found.decimals_of("weights") == decimals, table
    assert published('weights = { one = ["67%", "2/5"] }') == published('weights = { one = ["0.67", "2/5"] }')


def test_json_numbers_keep_their_digits_too() -> None:
    """The same number in the other format would have been judged otherwise."""
    text = json.dumps(
        {
            "format": 1,
            "title": "t",
            "tokens": ["a"],
            "inputs": {name: [[1]] for name in "QKV"},
            "published": {"scores": 77},
        }
    )
    found = read(text.replace("77", "[[1.50]]"), kind="json").published
    assert found is not None
    assert found.decimals_of("scores") == 2


@pytest.mark.parametrize(
    "table",
    [
        'weights = { one = [0.5, "?"], two = [nan, 0.25] }',
        'weights = [[0.5, "?"], ["?", 0.25]]',
        '"weights[one,one]" = 0.5\n"weights[#1,two]" = 0.25',
        'weights = { one = [0.5, "?"] }\n"weights@0[two,1]" = "0.25"',
    ],
)
def test_a_row_may_be_partial_and_a_cell_may_stand_alone(table: str) -> None:
    """Books print single numbers; they could not be checked without the rest of their rows."""
    found = read(f"{TOP}{PROJECTED}[published]\n{table}\n")
    assert found.published is not None
    rows = found.published.rows["weights"]
    assert rows[0][0] == 0.5
    assert math.isnan(rows[0][1])
    assert math.isnan(rows[1][0])
    assert rows[1][1] == 0.25
    assert same_example(read(example_text(found)), found)


def test_null_is_a_number_that_was_not_printed_but_behind_a_mask_minus_infinity() -> None:
    """In JSON there was no way to leave a number out; −∞ is null there."""
    inputs = {"Q": [[1], [1]], "K": [[1], [2]], "V": [[1], [2]]}
    structure = {"format": 1, "title": "t", "tokens": ["a", "b"], "inputs": inputs, "attention": {"causal": True}}
    rows = {"weights": {"a": [1, None]}, "masked": {"a": [1, None]}, "scores": {"a": ["-inf", 2]}}
    example = read(json.dumps({**structure, "published": rows}), kind="json")
    assert example.published is not None
    assert math.isnan(example.published.rows["weights"][0][1])
    assert example.published.rows["masked"][0] == (1, -math.inf)
    assert example.published.rows["scores"][0] == (-math.inf, 2)


def test_published_numbers_are_written_back_with_their_digits_and_gaps(tmp_path: Path) -> None:
    """A saved file would have been judged otherwise than the one it was made from."""
    table = 'weights = [["0.50", "?"], [0.5, 0.5]]\nscores = { one = ["1/3", 0.25] }\noutput = [["66.7%", 1], [1, 1]]\n'
    text = f"{TOP}{PROJECTED}[published]\n{table}"
    original = read(text)
    assert original.published is not None
    for name in ("new.toml", "new.json"):
        written = write_example(tmp_path / name, parse_example(example_text(original)), original)
        found = read_example(written).published
        assert found is not None
        assert found.rows == original.published.rows
        for step in ("weights", "scores", "output"):
            assert found.decimals_of(step) == original.published.decimals_of(step)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('"weights[one]" = 0.5', 'published.weights[one]: names "one" only; write "weights[ROW,COLUMN]"'),
        ('"weights[one,three]" = 0.5', 'no column is "three"'),
        ('"wieghts[one,two]" = 0.5', 'did you mean "weights"?'),
        ('"weights@1[one,two]" = 0.5', 'there is no head "1"'),
        ('"weights[one,two]" = [0.5]', "is a list; a single cell has one number"),
        ('"weights[one,two]" = "much"', 'is the text "much"'),
        ('weights = { one = [1, 2] }\n"weights[one,two]" = 0.5', "is given again; row 0 of weights has this number"),
        ('"output[one,7]" = 0.5', "there is no column 7"),
    ],
)
def test_a_cell_that_cannot_be_told_is_refused(table: str, said: str) -> None:
    """The number would have been compared with another cell, or been left out without a word."""
    assert said in refusal(f"{TOP}{PROJECTED}[published]\n{table}\n")


def test_what_is_to_be_learned_may_be_pasted_too() -> None:
    """Only half of a file could have been pasted."""
    example = read(f'{TOP}{PROJECTED}[learn]\ntarget = {{ one = ["25%", "3/4"], two = "0.5 0.5" }}\n')
    assert example.learn is not None
    assert example.learn.target is not None
    assert example.learn.target.tolist() == [[0.25, 0.75], [0.5, 0.5]]
    text = LABELLED.replace("it = [0.5, 0.25]", 'it = "tensor([0.5000, 0.2500])"')
    assert same_example(read(text), read(LABELLED))


def test_what_is_wanted_of_learning_is_all_there() -> None:
    """A gap in a target would have become NaN in every number that is learned."""
    assert 'is the text "?"' in refusal(f'{TOP}{PROJECTED}[learn]\ntarget = {{ one = ["?", 0.5] }}\n')
