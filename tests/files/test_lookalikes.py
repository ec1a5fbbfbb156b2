"""What is pasted without quotation marks is no TOML: the message says what it looks like, and shows the place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from qkvtui.errors import ExampleError
from qkvtui.files.clean import clean_line
from qkvtui.files.excerpts import excerpt
from qkvtui.files.read import parse_example
from qkvtui.graph.document import Kind
from tests.cli.program import run

HEAD = 'format = 1\ntitle = "t"\ntokens = ["a", "b"]\n[inputs]\n'
TEX = r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}"


def message(text: str, kind: Kind = "toml") -> str:
    with pytest.raises(ExampleError) as caught:
        parse_example(text, kind=kind, file="it")
    return str(caught.value)


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("pasted", "said", "cure"),
    [
        ("X = [[1. 0.]\n [0. 1.]]", "looks like NumPy's print", '"""'),
        ("X = array([[1., 0.],\n       [0., 1.]], dtype=float32)", "looks like NumPy's print", '"""'),
        ("X = 1 0\n0 1\n[parameters]", "looks like NumPy's print", '"""'),
        ("X = tensor([[1., 0.],\n  [0., 1.]], grad_fn=<M>)\nY = [[1]]", "looks like PyTorch's print", '"""'),
        ("X = tensor([[1., ..., 0.]])", "looks like PyTorch's print", '"""'),
        ("X = tf.Tensor(\n[[1. 2.]], shape=(1, 2), dtype=float32)", "looks like TensorFlow's print", '"""'),
        (f"X = {TEX}", "looks like TeX", "'''"),
        (f'X = "{TEX}"', "looks like TeX", "'''"),
        (f'X = """\n{TEX}"""', "looks like TeX", "'''"),
        ("X = [1 0; 0 1]", "looks like MATLAB", '"""'),
        ("X = [[.5, 1.], [1, 2]] # no digit", "a digit beside the point", "write 1.0 and 0.5"),
        ("X = [[1/2, 1], [1, 2]]", "looks like a calculation", "quotation marks"),
        ("X = [[1, 0]]\n[attention]\nscale = 1/sqrt(3)", "looks like a calculation", "quotation marks"),
        ("X = [[1, 0]]\n[attention]\nmask = [[True, False], [True, True]]", "looks like Python", "write true, false"),
        ("X = [[1, 0]]\n[published]\nweights = { a = [0.5 0.5], b = [1, 0] }", "looks like NumPy's print", '"""'),
        ("X = [[1, 0]]\n[published]\nweights = { a = [67%, 33%] }", "a percentage", "quotation marks"),
    ],
)
def test_what_is_pasted_without_quotation_marks_is_named_with_its_cure(pasted: str, said: str, cure: str) -> None:
    """ "A comma or a ] is missing here" sends one through a screen of numbers that were printed by a program."""
    found = message(HEAD + pasted)
    assert f"is not TOML: this {said}" in found or said in found
    assert cure in found.split("\n")[0]
    assert found.split("\n")[2].strip() == "^"


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ('title = "t\n', "the text is not closed"),
        ("X = [[1, 0] [0, 1]]", "a comma or a ] is missing"),
        ("X = [[0,5 0,3], [0,1 1]]", "a comma or a ] is missing"),
        ("X = [[1, 0], [0, 1]]\nY", "an = is missing"),
        ("X = [[1, 0], [0, 1]]\n[inputs]", "a second time"),
        ("X = [[1, 0], [0, 1]]\n[attention]\nnorm = rms", "this is no value"),
    ],
)
def test_any_other_mistake_is_told_as_before(pasted: str, said: str) -> None:
    """A forgotten comma would have been taken for a print."""
    assert said in message(HEAD + pasted)
    assert "looks like" not in message(HEAD + pasted)


def test_the_other_format_is_named() -> None:
    """Somebody who named a JSON file .toml was told that no name starts with a brace."""
    assert "this looks like JSON; name the file .json" in message('\n {"format": 1}')
    assert "this looks like TOML; name the file .toml" in message(HEAD, "json")
    structure = '{"format": 1, "inputs": {"X": %s, "Y": 1}}'
    assert "looks like NumPy's print; json.dumps(x.tolist())" in message(structure % "[[1. 0.]\n [0. 1.]]", "json")
    assert "looks like Python; write true, false and null" in message(structure % "[[True, None]]", "json")
    assert "write 1.0 and 0.5" in message(structure % "[[.5, 1]]", "json")


def test_json_on_standard_input_is_read_as_json() -> None:
    """A file cannot be named there."""
    inputs = '{"Q": [[1]], "K": [[1]], "V": [[1]]}'
    found = run("check", "-", stdin=f' {{"format": 1, "title": "t", "tokens": ["a"], "inputs": {inputs}}}')
    assert (found.status, found.messages) == (0, "")


def test_the_line_is_shown_with_a_mark_below_the_place(tmp_path: Path) -> None:
    """One counted columns, through Chinese characters that take two."""
    path = tmp_path / "bad.toml"
    path.write_text(HEAD + 'X = [["注意力é", 1 2]]\n', encoding="utf-8")
    for command, status in (("print", 2), ("check", 2)):
        ended = run(command, path)
        assert ended.status == status
        shown = next(line for line in (ended.messages or ended.output).split("\n") if "注意力" in line)
        mark = next(line for line in (ended.messages or ended.output).split("\n") if line.endswith("^"))
        assert cell_len(shown[: shown.index("2]]")]) == mark.index("^")


@given(st.text(max_size=300), st.integers(1, 4), st.integers(1, 400))
def test_whatever_the_line_it_is_safe_and_short(text: str, line: int, column: int) -> None:
    """An escape sequence in the line would have steered the terminal; a long line would have filled it."""
    for shown in excerpt(text, line, column):
        assert shown == clean_line(shown)
        assert len(shown.rstrip("^ ")) <= 400
        assert "\n" not in shown
    found = excerpt("0.25, " * 5000 + "x", 1, 30001)
    assert cell_len(found[0]) <= 74
    assert found[0][found[1].index("^")] == "x"


@given(st.text(alphabet="=[]{}(),;.…'\"\\&%/ \n\t01aXT#:一", max_size=60), st.sampled_from(["toml", "json"]))
def test_whatever_the_text_the_message_is_made(text: str, kind: Kind) -> None:
    """A traceback would have been the answer to a typing error."""
    assert message(text, kind).startswith("it: ")
