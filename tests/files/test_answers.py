"""Filled-in worksheets as they really come: from a spreadsheet, an editor, or a program."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qkvtui.errors import ExampleError
from qkvtui.files.answers import read_answers

ROWS = [("weights[it,The]", "0.16"), ("weights[it,animal]", "17/20"), ("scores[it,it]", "")]


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    "text",
    [
        'address,answer\n"weights[it,The]",0.16\n"weights[it,animal]",17/20\n"scores[it,it]",\n',
        '"weights[it,The]",0.16\n"weights[it,animal]",17/20\n"scores[it,it]",\n',
        "weights[it,The],0.16\nweights[it,animal],17/20\nscores[it,it],\n",
        "\ufeffaddress;answer\r\nweights[it,The];0.16\r\nweights[it,animal];17/20\r\nscores[it,it];\r\n",
        "Address, Answer\n\nweights[it,The], 0.16\nweights[it,animal],  17/20\nscores[it,it],",
        "\ufeffaddress;answer;;\r\nweights[it,The];0.16;;\r\nweights[it,animal];17/20;;\r\nscores[it,it];;;\r\n;;;\r\n",
        "sep=;\naddress;answer\nweights[it,The];0.16\nweights[it,animal];17/20\nscores[it,it];\n",
        "address\tanswer\nweights[it,The]\t0.16\nweights[it,animal]\t17/20\nscores[it,it]\t\n",
        "weights[it,The]，0.16\nweights[it,animal]，17/20\nscores[it,it]，\n",
        "weights［it，The］；0.16\nweights[it,animal]；17/20\nscores[it,it]；\n".replace("［it，The］", "[it,The]"),
        '"weights[it,The]",0.16\r"weights[it,animal]",17/20\r"scores[it,it]",\r',
        '"weights[it,The],0.16\n"weights[it,animal]",17/20\nscores[it,it]\n',
        '{"weights[it,The]": 0.16, "weights[it,animal]": "17/20", "scores[it,it]": null}',
        '[{"weights[it,The]": 0.16}, {"weights[it,animal]": "17/20", "scores[it,it]": ""}]',
        '{"format": 1, "answers": {"weights[it,The]": 0.16, "weights[it,animal]": "17/20", "scores[it,it]": null}}',
    ],
)
def test_every_usual_way_of_writing_answers_down_is_read(text: str, tmp_path: Path) -> None:
    """A learner's spreadsheet would have been refused for its semicolons."""
    path = tmp_path / "answers"
    path.write_text(text, encoding="utf-8")
    assert [(one.address, one.answer) for one in read_answers(str(path)).answers] == ROWS


def test_a_number_in_json_keeps_the_digits_it_was_written_with(tmp_path: Path) -> None:
    """0.50 would have been judged as 0.5, and 1e400 have ended in a traceback."""
    path = tmp_path / "answers.json"
    path.write_text('{"a[0,0]": 0.50, "b[0,0]": 1e400, "c[0,0]": 3, "d[0,0]": -Infinity}', encoding="utf-8")
    assert [one.answer for one in read_answers(str(path)).answers] == ["0.50", "1e400", "3", "-inf"]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("abc\n", 'line 1: "abc" has no answer column'),
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


@pytest.mark.parametrize(
    "line",
    [
        "weights[it,The];0,26",
        '"weights[it,The]","0,26"',
        '"weights[it,The]",0,26',
        "weights[it,The],0,26",
    ],
)
def test_a_decimal_comma_is_no_separator(line: str, tmp_path: Path) -> None:
    """A spreadsheet in German, French or Spanish made every answer unreadable, and cost all points."""
    path = tmp_path / "answers.csv"
    path.write_text(f"{line}\n", encoding="utf-8")
    assert read_answers(str(path)).answers == (("weights[it,The]", "0,26", "line 1"),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb2312"])
def test_a_file_is_read_as_editors_and_spreadsheets_save_it(encoding: str, tmp_path: Path) -> None:
    """Excel's "Unicode text", and every file of a Chinese Excel, was refused."""
    path = tmp_path / "answers.csv"
    path.write_bytes("weights[他,小红],０．２６\n".encode(encoding))
    assert read_answers(str(path)).answers == (("weights[他,小红]", "０．２６", "line 1"),)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            "weights[囧,小红],0.26".encode("gb18030"),
            "line 1: is not UTF-8; it looks like GBK; save the file as UTF-8",
        ),
        ("a\nweights[für,ich],0.26".encode("cp1252"), "line 2: byte 0xFC is not UTF-8; save the file as UTF-8"),
        (b"\xff\xfea\0b", "is cut off in a character of UTF-16"),
    ],
)
def test_another_encoding_is_named(data: bytes, said: str, tmp_path: Path) -> None:
    """Nobody would have known what to do about a byte 0xB0."""
    path = tmp_path / "answers.csv"
    path.write_bytes(data)
    with pytest.raises(ExampleError) as refused:
        read_answers(str(path))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("scores", 'line 2: "scores" has no answer column; write "weights[it,animal]",0.26'),
        ("x" * 200_000 + ",1", "line 2: is not CSV (field larger than field limit (131072))"),
    ],
)
def test_a_bad_line_loses_that_line_only(bad: str, said: str, tmp_path: Path) -> None:
    """One line that a learner added for their name would have cost the whole grade."""
    path = tmp_path / "answers.csv"
    path.write_text(f'"weights[it,The]",0.16\n{bad}\n"weights[it,it]",0.2\n', encoding="utf-8")
    found = read_answers(str(path))
    assert [one.answer for one in found.answers] == ["0.16", "0.2"]
    assert len(found.unread) == 1
    assert str(found.unread[0]).startswith(said)


@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(str.encode),
        st.lists(st.sampled_from([*'weights[it,The]";,\t\r\n 0.26=%{}:', "\ufeff", "，"]), max_size=80).map(
            lambda parts: "".join(parts).encode()
        ),
    )
)
def test_no_file_ends_in_a_traceback(data: bytes) -> None:
    """One file of thirty would have ended the grading of a class."""
    with NamedTemporaryFile(suffix=".csv") as file:
        file.write(data)
        file.flush()
        with suppress(ExampleError):
            read_answers(file.name)
