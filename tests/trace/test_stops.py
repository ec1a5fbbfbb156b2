"""A teacher's stops: read from the file, found in the trace, refused where they name nothing."""

from __future__ import annotations

import pytest

from qkvtui.errors import ExampleError
from qkvtui.files.read import load, parse_example
from qkvtui.trace.stops import stop_places
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
        ('[[stops]]\nadress = "X[0,0]"\naddress = "X[0,0]"\n', "stops, entry 0.adress", "is not a name"),
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
