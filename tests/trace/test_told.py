"""A lesson's own texts in its trace: what they name is there, and they are said only of the file's own numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qkvtui.errors import ExampleError
from qkvtui.files.placeholders import Placeholder
from qkvtui.files.read import load
from qkvtui.operations.tensors import Address
from qkvtui.trace.changes import set_causal, set_number, set_rounding, set_scale, set_softmax
from qkvtui.trace.fresh import with_fresh_numbers
from qkvtui.trace.told import after, check_texts, mentioned, own_paragraphs
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import start, to_head, to_step
from tests.trace.lessons import lesson_with


def said(trace: Trace, step: str = "scores", *, query: int | None = None, head: int = 0) -> list[str]:
    """What the lesson itself says at a step."""
    place = to_head(trace, to_step(trace, start(trace, query=query), trace.step(step).number - 1), head)
    return [text.in_language("en") for text in own_paragraphs(trace, place)]


OWN = '[says]\nscores = ["One.", { en = "Two.", zh = "二。" }]\n'
FIRST_NUMBER = Address("X", 0, 0)


def test_a_lesson_says_its_own_sentences_where_it_has_any() -> None:
    """An author would have written them for nobody."""
    trace = lesson_with(OWN)
    assert said(trace) == ["One.", "Two."]
    assert said(trace, "weights") == []


@pytest.mark.parametrize(
    "changed",
    [
        lambda trace: set_number(trace, FIRST_NUMBER, 3.0),
        lambda trace: set_scale(trace, "none"),
        lambda trace: set_causal(trace, True),
        lambda trace: set_softmax(trace, "columns"),
        lambda trace: set_rounding(trace, 1),
        lambda trace: Trace(with_fresh_numbers(trace.example, 7)),
    ],
)
def test_they_are_not_said_of_other_numbers(changed: Callable[[Trace], Trace]) -> None:
    """The screen would have said what is no longer true."""
    assert said(changed(lesson_with(OWN))) == []


def test_they_are_said_again_when_a_change_is_taken_back() -> None:
    """Whoever tried something out would have lost the lesson for good."""
    trace = lesson_with(OWN)
    there = set_number(trace, FIRST_NUMBER, 3.0)
    back = set_number(there, FIRST_NUMBER, trace.value(FIRST_NUMBER))
    assert said(set_scale(set_scale(back, "none"), "1/sqrt(d_k)")) == ["One.", "Two."]


def test_they_are_not_said_of_another_query() -> None:
    """“it” would have been spoken of while “street” asks."""
    trace = lesson_with(OWN)
    assert trace.example.query != 0
    assert said(trace, query=0) == []


def test_each_head_has_sentences_of_its_own() -> None:
    """What head 1 does would have been said of head 0."""
    trace = lesson_with('[says]\nscores = "Head 0."\n"weights@1" = "Head 1."\nprojected = "Both."\n', "two-heads")
    assert (said(trace), said(trace, head=1)) == (["Head 0."], [])
    assert (said(trace, "weights"), said(trace, "weights", head=1)) == ([], ["Head 1."])
    assert said(trace, "projected", head=1) == ["Both."]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("scores[it,animal]", (Address("scores", 3, 1), False)),
        ("queries[it]", (Address("queries", 3, 0), True)),
        ("W_Q[1]", (Address("W_Q", 1, 0), True)),
        ("sum[it]", (Address("sum", 3, 0), False)),
    ],
)
def test_a_number_or_a_row_can_be_named(address: str, found: tuple[Address, bool]) -> None:
    """Another number would have stood in the sentence."""
    one = mentioned(Trace(load("animal")), Placeholder(address))
    assert (one.address, one.is_row) == found


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ('[says]\nscores = "{scores[it,dog]}"\n', 'says.scores: {scores[it,dog]}: scores: no column is "dog"'),
        ('[says]\nscores = ["1", { en = "2", zh = "{score[it,it]}" }]\n', "says.scores, entry 1.zh: {score[it,it]}"),
        ('[says]\nscores = "{scores[dog]}"\n', "says.scores: {scores[dog]}: scores[dog] names a row only"),
        ('[says]\nmasked = "Hidden."\n', "says.masked: is no step of this example; it has embeddings, queries"),
        ('[says]\nd_scores = "Back."\n', "says.d_scores: is no step of this example"),
        ('[says]\n"scores@2" = "Third."\n', "says.scores@2: there is no head 2; the heads are 0 to 0"),
        (
            '[says]\n"embeddings@1" = "X."\n',
            "says.embeddings@1: names a head; embeddings belongs to all heads together",
        ),
        ('[says]\nscores = "{scores[it,it] then}"\n', "says.scores: has {scores[it,it] then}; nothing is changed"),
        ('[[stops]]\naddress = "X[0,0]"\ntext = "{Q[0,0]}"\n', "stops, entry 0.text: {Q[0,0]}: there is no step"),
    ],
)
def test_what_names_nothing_is_told_with_its_place(lines: str, problem: str) -> None:
    """A class would have seen a hole in a sentence, or the author a traceback."""
    with pytest.raises(ExampleError) as refusal:
        check_texts(lesson_with(lines))
    (found,) = refusal.value.problems
    assert str(found).startswith(problem)


def test_texts_are_checked_by_the_numbers_of_the_file() -> None:
    """`--scale none` would have been refused, because a sentence speaks of the scaled scores."""
    trace = lesson_with('[says]\nscaled = "{scaled[it,it]}"\n')
    check_texts(set_scale(trace, "none"))


TRY = '[experiment]\nstep = "weights"\ntext = "{weights[it,animal] then %}"\nscale = "none"\n'
ASK = '[[questions]]\ntext = "Grows?"\nwatch = "weights[it,it]"\nset = { "X[it,0]" = 1 }\nwhy = "{X[it,0] then}"\n'


def test_what_a_lesson_proposes_is_read_and_can_be_done() -> None:
    """The number after the change would have been that before it."""
    trace = lesson_with(f'{TRY}{ASK}[end]\nlearned = "All."\n')
    check_texts(trace)
    example = trace.example
    assert example.experiment is not None
    assert example.learned is not None
    (question,) = example.questions
    assert after(trace, example.experiment.change).scale is None
    assert after(trace, question.change).value(Address("X", 3, 0)) == 1.0
    assert after(set_number(trace, FIRST_NUMBER, 9.0), question.change).value(FIRST_NUMBER) == trace.value(FIRST_NUMBER)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (TRY.replace('"weights"', '"masked"'), "experiment.step: there is no step 'masked'; it has embeddings"),
        (TRY.replace('"none"', '"sqrt("'), "experiment: "),
        (
            TRY.replace("it,animal] then", "it,dog] then"),
            'experiment.text: {weights[it,dog]}: weights: no column is "dog"',
        ),
        (TRY.replace('scale = "none"', ""), "experiment.text: has {weights[it,animal] then}; nothing is changed here"),
        (ASK.replace("it,it", "it,dog"), 'questions, entry 0: weights: no column is "dog"'),
        (ASK.replace("X[it,0]", "scores[it,it]"), "questions, entry 0: scores[it,it] is computed"),
        (ASK.replace('"X[it,0]" = 1', '"X[it,9]" = 1'), "questions, entry 0: X: "),
    ],
)
def test_what_cannot_be_tried_or_asked_is_told(lines: str, problem: str) -> None:
    """The question would have had no answer when it is asked in class."""
    with pytest.raises(ExampleError) as refusal:
        check_texts(lesson_with(lines))
    assert str(refusal.value.problems[0]).startswith(problem)
