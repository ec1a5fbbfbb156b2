"""The last steps of a lesson: where its numbers come from, and its end."""

from __future__ import annotations

import pytest

from qkvtui.files.find import bundled_names, lesson_after
from qkvtui.files.read import load
from qkvtui.graph.closing import CLOSING
from qkvtui.localized import LANGUAGES
from qkvtui.operations.tensors import Address
from qkvtui.pages.closing import MOST_WRONG
from qkvtui.pages.room import PageRoom
from qkvtui.pages.step_page import step_page
from qkvtui.trace.changes import set_number
from qkvtui.trace.hidden import Hidden, Part
from qkvtui.trace.published import comparisons
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import start, to_step
from tests.trace.lessons import lesson_with
from tests.views.pages import narration_of

WIDE = PageRoom(1000)


def told(trace: Trace, step: str, room: PageRoom = WIDE) -> list[str]:
    """What stands at a step, a paragraph a line."""
    page = step_page(trace, to_step(trace, start(trace), trace.step(step).number - 1), room)
    return [line.text for line in narration_of(page) if line.text]


def test_the_source_lists_what_does_not_hold() -> None:
    """A learner would have been told that something is wrong, but not which number."""
    lines = told(Trace(load("animal")), "source")
    assert lines[0].startswith("Source: Chinese blog post")
    assert "  weights[it,animal]  printed 0.45, computed 0.26" in lines
    assert any("10 printed numbers 10 do not hold" in line and "qkvtui check animal" in line for line in lines)


def test_of_many_wrong_numbers_the_others_are_counted() -> None:
    """A page of notes full of mistakes would have hidden the sentences above its list."""
    trace = Trace(load("i-am-studying"))
    wrong = sum(not one.agrees for one in comparisons(trace))
    assert wrong > MOST_WRONG
    assert told(trace, "source")[-1] == f"  and {wrong - MOST_WRONG} more"


def test_a_source_that_is_right_is_said_to_be() -> None:
    """Its reader would have looked for a mistake."""
    lines = told(Trace(load("journey")), "source")
    assert any("all of them hold" in line for line in lines)
    assert not any("computed" in line for line in lines)


def test_the_source_is_about_the_file_whatever_was_changed() -> None:
    """The author would have been blamed for a number that the learner typed."""
    trace = Trace(load("journey"))
    assert told(set_number(trace, Address("X", 0, 0), 9.0), "source") == told(trace, "source")


def test_hidden_numbers_are_told_by_no_source() -> None:
    """What was asked for would have stood two steps further on."""
    room = PageRoom(1000, hidden=Hidden((Part("weights"),)))
    lines = told(Trace(load("animal")), "source", room)
    assert not any("0.26" in line or "0.45" in line for line in lines)


LINES = """errata = "Wrong: {scores[it,animal]}."
[experiment]
step = "weights"
text = "Press s: {weights[it,animal]} becomes {weights[it,animal] then}."
scale = "none"
[[questions]]
text = "Which is {weights[it,it] then}?"
choose = ["{weights[it,it]}", "b"]
right = 1
scale = "none"
[[questions]]
text = "And now?"
watch = "weights[it,it]"
temperature = 2
[end]
learned = "You know {queries[it]}."
"""


def test_the_end_says_what_was_learned_what_to_try_and_what_to_answer() -> None:
    """The lesson would have stopped at its last number."""
    lines = told(lesson_with(LINES.split("\n", 1)[1]), "end")
    assert lines == [
        "You know [0.50, 0.50].",
        "Try it: Press s: 0.26 becomes 0.28.",
        "1. Which is 0.20?",
        "   1) 0.20   2) b",
        "2. And now?",
        "   1) it grows   2) it shrinks   3) it stays the same",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lesson_leads_to_the_next(language: str) -> None:
    """A learner would have had to find the way through the course alone."""
    for name in ("two-heads", bundled_names()[-1]):
        lines = told(Trace(load(name)), "end", PageRoom(1000, language=language))
        following = lesson_after(name)
        title = following and load(following).title.in_language(language)
        assert (title in lines[-1] and "→" in lines[-1]) if title else "→" not in lines[-1]


def test_a_small_file_of_one_s_own_gets_no_empty_step() -> None:
    """Each would have ended with two pages of nothing."""
    trace = lesson_with("")
    assert [step.id for step in trace.walk if step.id in CLOSING] == ["source"]
    bare = trace.example.document
    assert bare is not None
    for room in (WIDE, PageRoom(40, 6), PageRoom(40, 1)):
        page = step_page(trace, to_step(trace, start(trace), 99), room)
        assert room.height is None or sum(part.height for part in page.parts) <= room.height
