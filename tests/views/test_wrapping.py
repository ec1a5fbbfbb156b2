"""Breaking text into lines: nothing is lost, nothing is too wide, nothing breaks in the wrong place."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from qkvtui.views.wrapping import _CLOSING as CLOSING
from qkvtui.views.wrapping import _OPENING as OPENING
from qkvtui.views.wrapping import wrap

prose = st.text(st.sampled_from("ab 1.,-+[]() 小红看谁 ，。；：？！、（）“”…√×é🙂שִ"), max_size=80) | st.text(
    st.characters(blacklist_categories=["Cs", "Cc"]), max_size=40
)
widths = st.integers(2, 50)
clauses = st.text(st.sampled_from("abc 小红看谁12."), min_size=1, max_size=12).filter(str.strip)
marks = st.sampled_from(["，", "。", "、", "“小”", "（红）", "“谁”。"])


def wrapped(text: str, width: int) -> list[str]:
    """The lines as plain text."""
    return [line.plain for line in wrap(Text(text), width)]


@given(prose, widths)
def test_no_line_is_wider_than_the_room(text: str, width: int) -> None:
    """The ends of Chinese lines, whose characters are two cells wide, were cut."""
    assert all(cell_len(line) <= width for line in wrapped(text, width))


@given(prose, widths)
def test_the_lines_are_the_text_but_for_blanks_at_breaks(text: str, width: int) -> None:
    """A word, or a blank between two words of one line, was lost on the way."""
    lines = wrapped(text, width)
    position = 0
    for line in lines:
        if not line:
            continue
        found = text.index(line, position)
        assert text[position:found].strip() == "", (text, lines)
        position = found + len(line)
    assert text[position:].strip() == "", (text, lines)
    assert all(line == line.rstrip() for line in lines)


@given(prose, widths)
def test_wrapping_twice_is_wrapping_once(text: str, width: int) -> None:
    """Text that fits already was broken again."""
    lines = wrapped(text, width)
    assert [again for line in lines for again in wrapped(line, width)] == lines


@given(st.lists(st.text(st.sampled_from("abcXYZ0189.-+%"), min_size=1, max_size=8), min_size=1, max_size=20))
def test_words_and_numbers_are_not_broken(words: list[str]) -> None:
    """A line ended in -0. and the next one began with 35."""
    lines = wrapped(" ".join(words), 12)
    assert [word for line in lines for word in line.split()] == words


@given(st.lists(st.tuples(clauses, marks), max_size=12))
def test_no_line_begins_with_a_closing_or_ends_with_an_opening_mark(parts: list[tuple[str, str]]) -> None:
    """A Chinese line began with a full stop, or ended with an opening quotation mark."""
    text = "".join(clause.strip() + mark for clause, mark in parts)
    for line in wrapped(text, 30):
        assert not line.lstrip().startswith(tuple(CLOSING)), line
        assert not line.endswith(tuple(OPENING)), line


def test_chinese_breaks_between_characters_and_latin_words_stay_whole() -> None:
    """A Chinese paragraph had a ragged edge, because it was broken at its few blanks only."""
    text = "查询和键只决定谁看谁；真正传过去的内容是值。softmax 把分数变成份额。"
    assert wrapped(text, 20) == ["查询和键只决定谁看", "谁；真正传过去的内容", "是值。softmax 把分数", "变成份额。"]


def test_a_token_in_quotation_marks_stays_together() -> None:
    """A line ended in “ and the token stood on the next one."""
    assert wrapped("for the word “animal” here", 16) == ["for the word", "“animal” here"]
    assert wrapped("“it”'s query is", 9) == ["“it”'s", "query is"]


def test_what_is_wider_than_a_line_is_cut_into_lines() -> None:
    """A token of 2,000 characters made every line 2,000 wide."""
    lines = wrapped("x" * 2000, 40)
    assert lines == ["x" * 40] * 50
    assert wrapped("小" * 5, 4) == ["小小", "小小", "小"]
    assert wrapped("小" * 3, 3) == ["小", "小", "小"]


@pytest.mark.parametrize(("text", "lines"), [("", [""]), ("a\n\nb", ["a", "", "b"]), ("  a", ["  a"]), ("a  ", ["a"])])
def test_line_breaks_of_the_file_are_kept(text: str, lines: list[str]) -> None:
    """The paragraphs of a file's note ran into one."""
    assert wrapped(text, 10) == lines


def test_styles_stay_with_their_words() -> None:
    """After a line break the number was plain and a word beside it bold."""
    text = Text.assemble("the weight is ", ("0.26", Style(bold=True)), " of all")
    lines = wrap(text, 12)
    bold = [line.plain[span.start : span.end] for line in lines for span in line.spans]
    assert bold == ["0.26"]


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=60), widths)
def test_whatever_the_file_says_it_is_wrapped(text: str, width: int) -> None:
    """A strange character in a note ended the program with a traceback."""
    lines = wrapped(text, width)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
