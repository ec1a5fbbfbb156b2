"""What tokens of another language mean stands beside them, for those who read another one."""

from __future__ import annotations

import pytest

from qkvtui.files.read import load
from qkvtui.pages.lines import Line
from qkvtui.pages.strip import sentence_lines
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import start
from qkvtui.views.look import Look


def _strip(name: str, language: str, width: int, height: int | None) -> str:
    trace = Trace(load(name))
    lines: tuple[Line, ...] = sentence_lines(trace, start(trace), Look(language=language, width=width, height=height))
    return "\n".join(line.text for line in lines)


def test_an_english_reader_sees_what_each_chinese_word_means() -> None:
    """A reader without Chinese could not even say which row is which."""
    strip = _strip("xiaohong", "en", 80, 4)
    assert all(word in strip for word in ("小明 Xiaoming", "书 book", "▸她 she◂", "要用 needs"))


def test_a_chinese_reader_is_told_no_english_for_chinese_words() -> None:
    """A Chinese reader saw English beside every word of a Chinese sentence."""
    assert "Xiaoming" not in _strip("xiaohong", "zh", 80, 4)


@pytest.mark.parametrize("width", [40, 60])
def test_glosses_give_way_before_a_token_does(width: int) -> None:
    """On a narrow screen the words of the sentence were left out so that their meanings could stand there."""
    strip = _strip("xiaohong", "en", width, 2)
    assert "▸她" in strip
    assert "小红" in strip
