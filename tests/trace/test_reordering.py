"""A token moved in its sentence takes its numbers along; only what knows of places notices."""

from __future__ import annotations

import numpy as np
import pytest

from qkvtui.errors import UsageError
from qkvtui.trace.addresses import parse_address
from qkvtui.trace.before import attention_shifts, row_before, value_before
from qkvtui.trace.changes import set_number
from qkvtui.trace.reordering import swapped
from qkvtui.trace.walk import keep_place, start
from qkvtui.tui.state import lesson_of


@pytest.mark.parametrize("name", ["order", "animal", "animal-sentence", "two-heads", "padding"])
def test_without_positions_every_token_keeps_its_output(name: str) -> None:
    """The lesson says that the order does not count, and a token that was moved got another output."""
    before = lesson_of(name).trace
    after = swapped(before, 0, 1)
    assert after.example.tokens == (before.example.tokens[1], before.example.tokens[0], *before.example.tokens[2:])
    for row in range(after.shape.queries):
        old = row_before(after, "output", row)
        assert old is not None
        assert np.allclose(after.row("output", row), old)
        assert not attention_shifts(after, row)
    assert not np.allclose(after.row("output", 0), before.row("output", 0))


@pytest.mark.parametrize("name", ["causal", "alibi", "rotary", "window"])
def test_what_knows_of_places_notices(name: str) -> None:
    """A mask or a position went along with the token as if it were its own."""
    before = lesson_of(name).trace
    after = swapped(before, 1, 2)
    moved = [row for row in range(after.shape.queries) if attention_shifts(after, row)]
    assert moved


def test_undone_all_is_as_it_was_and_the_same_token_asks() -> None:
    """After `u` another token asked."""
    before = lesson_of("animal").trace
    after = swapped(before, 3, 2)
    place = start(before)
    there = keep_place(before, after, place)
    assert after.example.tokens[there.query] == before.example.tokens[place.query] == "it"
    assert after.example.tokens[there.key] == before.example.tokens[place.key]
    assert keep_place(after, before, there) == place
    again = set_number(after, parse_address(after, "X[it,0]"), 0.9)
    assert value_before(again, parse_address(again, "X[it,0]")) == 0.5


def test_padding_moves_with_its_token() -> None:
    """A real word was hidden, and the padding looked at."""
    before = lesson_of("padding").trace
    last = before.shape.queries - 1
    after = swapped(before, 0, last)
    padding = after.example.attention.padding
    assert padding is not None
    assert not padding[0]
    assert padding[last]


@pytest.mark.parametrize(("name", "word"), [("animal-learn", "learned"), ("nothing-to-see", "mask")])
def test_what_is_given_place_by_place_stays(name: str, word: str) -> None:
    """A mask of the file hid other words than its author said, or a target was another word's."""
    with pytest.raises(UsageError, match=word):
        swapped(lesson_of(name).trace, 0, 1)


def test_in_cross_attention_only_those_who_ask_are_moved() -> None:
    """The other sentence was mixed up with it."""
    before = lesson_of("translation").trace
    after = swapped(before, 0, 1)
    assert after.example.keys == before.example.keys
    assert np.allclose(after.matrix("keys"), before.matrix("keys"))
    assert np.allclose(after.row("output", 0), before.row("output", 1))
