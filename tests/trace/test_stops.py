"""A teacher's stops: read from the file, found in the trace, refused where they name nothing."""

from __future__ import annotations

import re

import pytest

from qkvtui.errors import ExampleError
from qkvtui.files.read import load, parse_example
from qkvtui.trace.addresses import parse_address
from qkvtui.trace.asked import GROWS, SHRINKS, STAYS, hidden_by, right_choice
from qkvtui.trace.stops import stop_places
from qkvtui.trace.told import after, check_texts
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import cell_of


def with_stops(text: str) -> Trace:
    """`animal` with these lines at its end."""
    document = load("animal").document
    assert document is not None
    return Trace(parse_example(f"{document.text}\n{text}"))


def test_stops_are_places_in_their_order_with_their_texts() -> None:
    """The lesson would go elsewhere than the teacher meant, or say something else there."""
    trace = with_stops(
        '[[stops]]\naddress = "scores[it,animal]"\ntext = { en = "Why?", zh = "为什么？" }\n'
        '[[stops]]\naddress = "W_Q[0,1]"\n'
    )
    first, second = stop_places(trace)
    assert cell_of(trace, first.place).name == "scores"
    assert first.text is not None
    assert (first.text.in_language("en"), first.text.in_language("zh")) == ("Why?", "为什么？")
    assert (cell_of(trace, second.place).name, second.text) == ("queries", None)


def checked(text: str) -> None:
    """Raise ExampleError for what is wrong with these lines."""
    trace = with_stops(text)
    check_texts(trace)
    stop_places(trace)


ASKS = '[[stops]]\naddress = "weights[it,animal]"\ntext = "How much?"\n'
CHOOSE = 'choose = ["little", "much"]\nright = 1\n'


@pytest.mark.parametrize(
    ("lines", "hidden", "in_sight"),
    [
        ("predict = true\n", {"weights"}, {"weights[it,street]"}),
        ("predict = true\nscale = 'none'\n", set(), {"weights[it,animal]"}),
        (CHOOSE, {"weights", "exp", "sum", "max"}, {"scores[it,animal]"}),
        (f"{CHOOSE}blank = false\n", set(), {"weights[it,animal]"}),
        ("blank = ['scores', 'output']\n", {"scores", "output"}, {"weights[it,animal]"}),
        ("blank = true\n", {"weights", "exp", "sum", "max"}, {"scores[it,animal]"}),
        ("watch = 'weights[it,it]'\nscale = 'none'\n", set(), {"weights[it,it]"}),
    ],
)
def test_what_a_stop_asks_for_is_hidden_and_nothing_else(lines: str, hidden: set[str], in_sight: set[str]) -> None:
    """The answer would have stood beside the question, or what it is worked out from would have been missing."""
    trace = with_stops(ASKS + lines)
    check_texts(trace)
    (stop,) = stop_places(trace)
    found = hidden_by(trace, stop.question, stop.blank, stop.place)
    assert {part.name for part in found.parts} == hidden
    assert not any(found.hides_cell(parse_address(trace, address)) for address in in_sight)


@pytest.mark.parametrize(
    ("change", "outcome"), [("1", STAYS), ("4", GROWS), ("-4", SHRINKS)], ids=["stays", "grows", "shrinks"]
)
def test_what_becomes_of_a_watched_number_is_computed(change: str, outcome: int) -> None:
    """A learner who was right would have been told to be wrong, after the teacher had changed a number."""
    lines = f'watch = "scores[it,animal]"\nset = {{ "W_K[0,0]" = {change} }}\n'
    trace = with_stops(ASKS + lines)
    (stop,) = stop_places(trace)
    assert stop.question is not None
    before = trace.value(parse_address(trace, "scores[it,animal]"))
    then = after(trace, stop.question.change).value(parse_address(trace, "scores[it,animal]"))
    expected = STAYS if before == then else GROWS if then > before else SHRINKS
    assert right_choice(trace, stop.question) == expected == outcome


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    ("lines", "place", "problem"),
    [
        ("predict = 1\n", "stops, entry 0.predict", "is the number 1"),
        (f"predict = true\n{CHOOSE}", "stops, entry 0", "has choose and predict"),
        ('choose = ["one"]\nright = 0\n', "stops, entry 0.choose", "has 1 answer"),
        (f"choose = {list('abcdefghij')}\nright = 0\n", "stops, entry 0.choose", "has 10 answers"),
        ('choose = ["a", "b"]\nright = 2\n', "stops, entry 0.right", "is 2"),
        ('watch = "weights[it,it]"\n', "stops, entry 0.watch", "watches a number that nothing changes"),
        ('why = "So."\n', "stops, entry 0.why", "belongs to a question"),
        ('scale = "none"\n', "stops, entry 0.scale", "belongs to a question"),
        ("blank = 3\n", "stops, entry 0.blank", "is the number 3"),
        ('blank = ["score"]\n', "stops, entry 0.blank", "is no step"),
        ('blank = ["embeddings"]\n', "stops, entry 0, blank", "nothing to fill in at embeddings"),
        ('blank = ["masked"]\n', "stops, entry 0, blank", "nothing to fill in at masked"),
        (CHOOSE + 'why = "{weights[it,dog]}"\n', "stops, entry 0.why", 'no column is "dog"'),
        (CHOOSE + 'set = { "scores[it,it]" = 1 }\n', "stops, entry 0", "scores[it,it] is computed"),
    ],
)
def test_what_a_stop_cannot_ask_is_refused_with_its_place(lines: str, place: str, problem: str) -> None:
    """The question would have had no answer in class, or the wrong one."""
    with pytest.raises(ExampleError) as refusal:
        checked(ASKS + lines)
    (found,) = refusal.value.problems
    assert found.place == place
    assert problem in found.problem


def test_a_number_of_the_file_is_not_to_be_predicted_and_a_choice_needs_a_text() -> None:
    """The answer would have stood in sight elsewhere, or two answers without a question."""
    for lines, told in (
        ('[[stops]]\naddress = "X[it,0]"\npredict = true\n', "stops, entry 0.predict: 'X[it,0]': nothing is computed"),
        (f'[[stops]]\naddress = "weights[it,it]"\n{CHOOSE}', "stops, entry 0.text: is missing; it is what is asked"),
    ):
        with pytest.raises(ExampleError, match=re.escape(told)):
            check_texts(with_stops(lines))


def test_a_walk_is_that_of_the_stops_or_the_whole() -> None:
    """A slip in the word would have led the class past everything between the stops."""
    document = load("animal").document
    assert document is not None
    assert parse_example(f'walk = "whole"\n{document.text}').walk == "whole"
    assert load("animal").walk == "stops"
    with pytest.raises(ExampleError, match='walk: is the text "all"'):
        parse_example(f'walk = "all"\n{document.text}')


def test_an_example_without_stops_has_none() -> None:
    """The walk through `animal` would be cut short."""
    assert stop_places(Trace(load("animal"))) == ()


def test_every_stop_that_names_nothing_is_told() -> None:
    """The teacher would mend one address, run it again, and learn of the next."""
    trace = with_stops('[[stops]]\naddress = "scores[it,dog]"\n[[stops]]\naddress = "nowhere"\n')
    with pytest.raises(ExampleError) as refusal:
        stop_places(trace)
    places = [problem.place for problem in refusal.value.problems]
    assert places == ["stops, entry 0, address", "stops, entry 1, address"]
    assert 'no column is "dog"' in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ('[[stops]]\ntext = "Where?"\n', "stops, entry 0.address", "is missing"),
        ("[[stops]]\naddress = 3\n", "stops, entry 0.address", "is the number 3"),
        ('[[stops]]\nadress = "X[0,0]"\naddress = "X[0,0]"\n', "stops, entry 0.adress", "is unknown"),
        ('[stops]\naddress = "X[0,0]"\n', "stops", "is a table"),
    ],
)
def test_a_stop_that_is_none_is_refused_with_its_place(text: str, place: str, problem: str) -> None:
    """A slip in the file would be passed over, and the stop be missing in class."""
    with pytest.raises(ExampleError) as refusal:
        with_stops(text)
    (found,) = refusal.value.problems
    assert found.place == place
    assert problem in found.problem
