"""Computed numbers in a lesson's own texts."""

from __future__ import annotations

import pytest

from qkvtui.files.read import load
from qkvtui.narration.narrate import narrate
from qkvtui.narration.own import own_sentence
from qkvtui.narration.sentences import Role, text_of
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import start, to_step
from tests.trace.lessons import lesson_with


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("It is {scores[it,animal]}.", "It is 0.85."),
        ("It is {weights[it,animal]}, {weights[it,animal] %}.", "It is 0.26, 26%."),
        ("{weights[it,animal]%}", "26%"),
        ("Row {queries[it]}, {{braces}}", "Row [0.50, 0.50], {braces}"),
        ("{W_Q[0,0]} of {W_Q[0]}", "1 of [1, 0]"),
        ("{exp[it,The]} ÷ {sum[it]}", "0.61 ÷ 3.90"),
        ("  {tokens}", None),
    ],
)
def test_a_number_stands_as_its_table_writes_it(text: str, told: str | None) -> None:
    """The sentence would have said 0.8499999999999999, or another number than the table above it."""
    trace = Trace(load("animal"))
    if told is None:
        with pytest.raises(Exception, match="there is no step"):
            own_sentence(text, trace, 2)
        return
    assert text_of(own_sentence(text, trace, 2)) == told


def test_a_long_row_is_cut() -> None:
    """384 numbers would have filled the screen."""
    assert text_of(own_sentence("{X[it]}", Trace(load("minilm-tired")), 2)).endswith(", … +378]")


def test_more_digits_are_shown_where_they_are_asked_for() -> None:
    """With --digits 4 table and sentence would have differed."""
    assert text_of(own_sentence("{weights[it,animal]}", Trace(load("animal")), 4)) == "0.2565"


def test_a_hidden_number_is_a_blank() -> None:
    """The answer would have stood below the question."""
    trace = lesson_with('[says]\nweights = "{scores[it,animal]} becomes {weights[it,animal] %}."\n')
    place = to_step(trace, start(trace), trace.step("weights").number - 1)
    hidden = frozenset(("weights",))
    assert [text_of(one) for one in narrate(trace, place, "en", 2, hidden)] == ["0.85 becomes ____."]
    assert [text_of(one) for one in narrate(trace, place, "en", 2, hidden, revealed=True)] == ["0.85 becomes 26%."]


def test_numbers_are_told_apart_from_words() -> None:
    """A screen would not have set them off as in the sentences of the program."""
    spans = own_sentence("It is {scores[it,animal]}.", Trace(load("animal")), 2)
    assert [span.role for span in spans] == [Role.PLAIN, Role.NUMBER, Role.PLAIN]
