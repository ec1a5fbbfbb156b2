"""Filled-in worksheets as they really come: from a spreadsheet, an editor, or a program."""

from __future__ import annotations

from pathlib import Path

import pytest

from qkvtui.errors import ExampleError
from qkvtui.files.answers import read_answers

ROWS = [("weights[it,The]", "0.16"), ("weights[it,animal]", "17/20"), ("scores[it,it]", "")]


@pytest.mark.parametrize(
    "text",
    [
        'address,answer\n"weights[it,The]",0.16\n"weights[it,animal]",17/20\n"scores[it,it]",\n',
        '"weights[it,The]",0.16\n"weights[it,animal]",17/20\n"scores[it,it]",\n',
        "weights[it,The],0.16\nweights[it,animal],17/20\nscores[it,it],\n",
        "\ufeffaddress;answer\r\nweights[it,The];0.16\r\nweights[it,animal];17/20\r\nscores[it,it];\r\n",
        "Address, Answer\n\nweights[it,The], 0.16\nweights[it,animal],  17/20\nscores[it,it],",
        '{"weights[it,The]": 0.16, "weights[it,animal]": "17/20", "scores[it,it]": null}',
        '[{"weights[it,The]": 0.16}, {"weights[it,animal]": "17/20", "scores[it,it]": ""}]',
        '{"format": 1, "answers": {"weights[it,The]": 0.16, "weights[it,animal]": "17/20", "scores[it,it]": null}}',
    ],
)
def test_every_usual_way_of_writing_answers_down_is_read(text: str, tmp_path: Path) -> None:
    """A learner's spreadsheet would have been refused for its semicolons."""
    path = tmp_path / "answers"
    path.write_text(text, encoding="utf-8")
    assert [(one.address, one.answer) for one in read_answers(str(path))] == ROWS


def test_a_number_in_json_keeps_the_digits_it_was_written_with(tmp_path: Path) -> None:
    """0.50 would have been judged as 0.5, and 1e400 have ended in a traceback."""
    path = tmp_path / "answers.json"
    path.write_text('{"a[0,0]": 0.50, "b[0,0]": 1e400, "c[0,0]": 3, "d[0,0]": -Infinity}', encoding="utf-8")
    assert [one.answer for one in read_answers(str(path))] == ["0.50", "1e400", "3", "-inf"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("abc\n", "line 1: has no answer column"),
        ('"weights[it,The]",0.16\nscores\n', "line 2: has no answer column"),
        ('{"a": [1]}', "a: is a list"),
        ('{"a": true}', "a: is true"),
        ('{"a": {"b": 1}}', "a: is a table"),
        ("[1]", "is the text"),
        ("[[]]", "is a list"),
        ('{"a": 1', "line 1, column 8: is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("x" * 200_000 + ",1\n", "is not CSV"),
    ],
)
def test_a_file_that_holds_no_answers_is_refused_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    """An autograder would have given 0 points for a file it could not read, or ended in a traceback."""
    path = tmp_path / "answers"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExampleError) as refused:
        read_answers(str(path))
    assert said in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A typing mistake in the file's name would have cost all points."""
    with pytest.raises(ExampleError, match="there is no such file"):
        read_answers(str(tmp_path / "none.csv"))
