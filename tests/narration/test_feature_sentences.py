"""Where columns have names, sentences read the numbers: what a token asks for, offers, hands over and becomes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qkvtui.localized import LANGUAGES, Localized
from qkvtui.narration.narrate import narrate
from qkvtui.narration.sentences import Role, text_of
from qkvtui.narration.slips import Wrong, slip_sentence
from qkvtui.operations.tensors import Address
from qkvtui.trace.changes import set_number
from qkvtui.trace.slips import Explanation, hand
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import Place, start, to_step
from tests import samples
from tests.trace.lessons import in_general

SAID = {
    "embeddings": "“it” has points back 0.70 and living 0.50.",
    "queries": "“it” asks for living 3.60.",
    "keys": "“animal” offers living 1.80 and state 0.80.",
    "values": "“animal” hands over living 0.90 and state 0.40.",
    "scores": "Largest first: living 6.48 = 3.60 × 1.80; state -0.16 = (-0.20) × 0.80.",
    "output": "“it” alone would hand over living 0.50; now it is living 0.67, state 0.32 and place 0.02.",
}
SAID_IN_CHINESE = {
    "embeddings": "“it”有回指 0.70、生物 0.50。",
    "queries": "“it”不想要的是动作 -2.80、状态 -0.20",
    "keys": "“it”要找的是生物 3.60。",
    "values": "“animal”交出的是生物 0.90、状态 0.40。",
    "scores": "从大到小：生物 6.48 = 3.60 × 1.80；状态 -0.16 = (-0.20) × 0.80。",
    "output": "“it”自己能交出的是生物 0.50，混合以后变成了生物 0.67、状态 0.32、地点 0.02。",
}
READ_BY_NAME = ("Read by name", "Not wanted", "To compare", "Which feature", "Before and after", "has a name")


def at(trace: Trace, step: str) -> Place:
    """A step, as the file's query asks."""
    return to_step(trace, start(trace), trace.step(step).number - 1)


def told(trace: Trace, step: str, language: str = "en", hidden: frozenset[str] = frozenset()) -> str:
    """The sentences of a step, one a line."""
    trace = in_general(trace)
    return "\n".join(text_of(one) for one in narrate(trace, at(trace, step), language, 2, hidden))


@pytest.mark.parametrize(("language", "said"), [("en", SAID), ("zh", SAID_IN_CHINESE)])
def test_every_step_reads_its_numbers_by_name(language: str, said: dict[str, str]) -> None:
    """A learner saw [3.60, 0.00, -0.20, -2.80] and not that "it" asks for something living."""
    trace = samples.trace("animal-sentence")
    for step, sentence in said.items():
        assert sentence in told(trace, step, language)


@pytest.mark.parametrize("name", ["animal", "journey", "illustrated"])
def test_without_names_nothing_is_read_by_name(name: str) -> None:
    """The page of a file without names spoke of features that it does not have."""
    trace = samples.trace(name)
    for step in trace.steps:
        assert not any(start in told(trace, step.id) for start in READ_BY_NAME)


def test_only_what_is_shown_to_be_there_is_told() -> None:
    """A token that asks for nothing was said to ask, or a change that there is not was announced."""
    trace = samples.trace("animal-sentence")
    for column in (0, 4):
        trace = set_number(trace, Address("X", 7, column), 0.0001)
    assert "asks for" not in told(trace, "queries")
    assert "Not wanted" not in told(trace, "queries")
    assert "Which feature" not in told(trace, "scores")
    same = replace(trace.example, inputs={"X": np.ones((11, 6))})
    assert "“it” now is" in told(Trace(same), "output")
    assert "alone would" not in told(Trace(same), "output")


def test_rows_that_are_compared_as_they_are_have_the_names_of_x() -> None:
    """In the very first lesson, which has no matrices, the columns were only counted again after the first step."""
    x = np.array([[3.0, 1], [3, 2], [0, 4]])
    example = samples.of("plain", ("cat", "dog", "car"), {"X": x}, {}, scale="none")
    trace = Trace(replace(example, features={"X": samples.names(("living", "fast"))}))
    assert "living 9 = 3 × 3; fast 2 = 1 × 2." in told(trace, "scores")
    assert "“cat” alone would hand over living 3 and fast 1" in told(trace, "output")


@pytest.mark.parametrize(
    ("hidden", "step", "gone"),
    [
        ("queries", "queries", ("asks for", "Not wanted")),
        ("queries", "keys", ("asks for",)),
        ("keys", "scores", ("Which feature",)),
        ("scores", "scores", ("Which feature",)),
        ("values", "output", ("alone would",)),
        ("output", "output", ("alone would", "now is")),
    ],
)
def test_a_hidden_number_is_not_told_by_name(hidden: str, step: str, gone: tuple[str, ...]) -> None:
    """A worksheet printed the answer in the sentence below its blanks."""
    trace = samples.trace("animal-sentence")
    shown = told(trace, step, hidden=frozenset((hidden,)))
    assert not any(one in shown for one in gone)
    assert all(one in told(trace, step) or one == "now is" for one in gone)


def test_a_name_is_shown_as_it_is_and_not_at_length() -> None:
    """A name in brackets was taken for markup, or filled the page."""
    trace = samples.trace("named_across")
    spans = [
        span
        for step in ("embeddings", "queries")
        for language in LANGUAGES
        for one in narrate(trace, at(trace, step), language, 2)
        for span in one
        if span.text in ("[/red]", "a,b", "]") or span.text.startswith("aaaa")
    ]
    assert spans
    assert {span.role for span in spans} == {Role.TOKEN}
    assert max(len(span.text) for span in spans) <= 40


def test_of_many_features_the_largest_are_told() -> None:
    """A query of twelve names took the whole page."""
    example = samples.projected("many", ("a", "b"), m=2, k=12, v=2)
    named = tuple(Localized({"": f"f{index}"}) for index in range(12))
    matrix = {**example.parameters, "W_Q": np.arange(1.0, 25).reshape(2, 12)}
    x = {"X": np.ones((2, 2))}
    trace = Trace(replace(example, features={"Q": named}, parameters=matrix, inputs=x))
    assert "“a” asks for f11 36, f10 34, f9 32, f8 30 and 8 more." in told(trace, "queries")


def test_a_slip_names_the_columns_it_is_about() -> None:
    """`t` said that the product queries[it,0] × keys[animal,0] was forgotten, under a table that has names."""
    trace = samples.trace("animal-sentence")
    part = "queries[it,0] × keys[animal,0]"
    wrong = Wrong(Address("scores", 7, 1), -0.16, 2)
    said = text_of(slip_sentence(trace, Explanation((hand.PRODUCT_FORGOTTEN,), (part,), -0.16), wrong, "zh"))
    assert "queries[it,生物] × keys[animal,生物]" in said
    other = text_of(slip_sentence(trace, Explanation(("bias-forgotten",), ("b_Q",), 1.0), wrong, "en"))
    assert "(b_Q)" in other
