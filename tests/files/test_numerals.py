"""Full-width digits and punctuation and U+2212, as Chinese keyboards type them and this program itself prints them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qkvtui.errors import ExampleError
from qkvtui.files.numerals import plain_signs, plain_structure
from qkvtui.files.read import parse_example
from qkvtui.files.write import write_example
from qkvtui.graph.document import Kind
from qkvtui.trace.addresses import parse_address
from qkvtui.trace.changes import set_number
from qkvtui.trace.trace import Trace
from tests.files.samples import read_example

TOML = """format ＝ １
title = "−1，【it】"  # ［−１］
tokens = ["，", 'b−']
[inputs]
X = [[１，−0．5]，[0、1]]
【parameters】
W_Q = [[1, 0], [0, 1]]
W_K = [[1, 0], [0, 1]]
W_V = [[1, 0], [0, 1]]
"""
JSON = """{"format"： 1，"title": "−1，【it】", "tokens": ["，", "b−"], "inputs": {"X": [[１，−0.5]，[0, 1]]},
"parameters": {"W_Q": [[1, 0], [0, 1]], "W_K": [[1, 0], [0, 1]], "W_V": [[1, 0], [0, 1]]}}"""


@pytest.mark.parametrize(("text", "kind"), [(TOML, "toml"), (JSON, "json")])
def test_a_file_may_have_them_where_numbers_and_signs_stand(text: str, kind: Kind) -> None:
    """A 1 copied from the screen with its minus, and every comma of a Chinese keyboard, was a mistake in the file."""
    example = parse_example(text, kind=kind)
    assert example.inputs["X"].tolist() == [[1, -0.5], [0, 1]]
    assert example.title.in_language("zh") == "−1，【it】"
    assert example.tokens == ("，", "b−")


def test_a_file_with_them_can_be_written_with_a_change(tmp_path: Path) -> None:
    """The place to change was looked for in a text that is no TOML: `w` ended in a traceback."""
    path = tmp_path / "wide.toml"
    path.write_text(TOML, encoding="utf-8")
    trace = Trace(read_example(path))
    changed = set_number(trace, parse_address(trace, "X[0,1]"), 7.0).example
    written = write_example(tmp_path / "new.toml", trace.example, changed)
    again = read_example(written)
    assert again.inputs["X"].tolist() == [[1, 7], [0, 1]]
    assert again.tokens == ("，", "b−")
    assert "# ［−１］" in Path(written).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [(TOML.replace('"−1，【it】"', "“it”"), "toml", "line 2"), (JSON.replace('"，"', "“，”"), "json", "line 1")],
)
def test_another_quotation_mark_is_named(text: str, kind: Kind, place: str) -> None:
    """One was told that "this is no value", and saw nothing wrong with it."""
    with pytest.raises(ExampleError) as caught:
        parse_example(text, kind=kind)
    (problem,) = caught.value.problems
    assert problem.place.startswith(place)
    assert "“" in problem.problem
    assert '"' in problem.expected


@given(st.text(alphabet="\"'\\#\n，−１a= []", max_size=40), st.sampled_from(["toml", "json"]))
def test_whatever_the_file_every_character_keeps_its_place(text: str, kind: Kind) -> None:
    """A mistake further on would have been told with another column."""
    plain = plain_structure(text, kind)
    assert len(plain) == len(text)
    assert [one for one in plain if one == "\n"] == [one for one in text if one == "\n"]
    assert plain_structure(plain, kind) == plain


def test_a_number_is_read_as_it_is_meant() -> None:
    """`０．２６` from a Chinese keyboard and `−1` from a page were no numbers."""
    assert [float(plain_signs(text)) for text in ("０．２６", "−1", "－１", "1.5")] == [0.26, -1, -1, 1.5]
