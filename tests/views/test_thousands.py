"""Thousands of tokens: every page is there at once, shows what matters, and counts and sums the rest."""

from __future__ import annotations

import re
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from types import FrameType

import numpy as np
import pytest
from rich.console import Console

from qkvtui.files.read import load
from qkvtui.operations.tensors import Address
from qkvtui.pages.comparison import most_different
from qkvtui.trace.attends import Attends, Ranking, attends, indices_of
from qkvtui.trace.hidden import hidden_cell
from qkvtui.trace.terms import opened
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import Place, move_cell, start, to_query, to_step
from qkvtui.views.look import Look
from tests.thousands import write_thousands
from tests.views.drawings import body, compared_body, heading_lines, opened_body, sentence_lines

LOOK = Look(80, 17)
TOKENS = 4096


@pytest.fixture(scope="module", params=[True, pytest.param(False, marks=pytest.mark.slow)], ids=["x", "qkv"])
def trace(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Trace:
    """4,096 tokens."""
    return Trace(load(str(write_thousands(tmp_path_factory.mktemp("long"), TOKENS, projected=request.param))))


def drawn(trace: Trace, place: Place, look: Look = LOOK) -> str:
    """All that the screen shows at a place."""
    above = (*heading_lines(trace, place, look), *sentence_lines(trace, place, look.sized(80, 4)))
    return "\n".join(line.plain for line in above) + "\n" + below_the_sentence(trace, place, look)


def below_the_sentence(trace: Trace, place: Place, look: Look = LOOK) -> str:
    """The page alone."""
    console = Console(file=StringIO(), width=look.width, color_system=None)
    console.print(body(trace, place, look))
    assert isinstance(console.file, StringIO)
    return re.sub(" +$", "", console.file.getvalue(), flags=re.MULTILINE)


@contextmanager
def counted_calls() -> Iterator[list[int]]:
    """How many functions of Python are called: what loops over all tokens calls thousands."""
    calls = [0]

    def count(frame: FrameType, event: str, argument: object) -> None:
        calls[0] += event == "call"

    sys.setprofile(count)
    try:
        yield calls
    finally:
        sys.setprofile(None)


def places(trace: Trace) -> Iterator[Place]:
    """Each step, with the cell moved and with another query."""
    begun = start(trace)
    for step in range(len(trace.steps)):
        place = to_step(trace, begun, step)
        yield from (place, move_cell(trace, place, 1), to_query(trace, place, 7))


@pytest.mark.slow
def test_no_page_of_thousands_of_tokens_takes_longer_the_more_there_are(trace: Trace) -> None:
    """Every keyboard key would have taken seconds, as many as there are thousands of tokens."""
    small = Trace(trace.example)
    for place in places(small):
        drawn(small, place)  # what is cached is not counted
        with counted_calls() as calls:
            drawn(small, place)
        assert calls[0] < 40_000, place


@pytest.mark.slow
def test_no_page_holds_a_number_for_each_pair_of_tokens(trace: Trace) -> None:
    """4,096 × 4,096 weights would have taken 64 MiB, and 16,384 of them a gigabyte."""
    tracemalloc.start()
    for place in places(Trace(trace.example)):
        drawn(trace, place)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 48 * 2**20


@pytest.mark.sampled(1)
@pytest.mark.parametrize("step", ["weights", "summary", "output"])
def test_of_thousands_of_tokens_those_with_the_largest_weights_are_shown(trace: Trace, step: str) -> None:
    """The page listed neighbours with a weight of 0.00 each, and not whom the query looks at."""
    place = move_cell(trace, to_step(trace, start(trace), trace.step(step).number - 1), 0)
    page = below_the_sentence(trace, place)
    listed = {match[1] for match in re.finditer(r"^ *▸?(t\d+) ", page, re.MULTILINE)}
    ranked = attends(trace, place.query).ranked
    assert {ranked[0].token, f"t{place.key}", f"t{place.query}"} <= listed
    hidden = re.search(r"^ *\+(\d+) ", page, re.MULTILINE)
    assert hidden is not None
    assert int(hidden[1]) == TOKENS - len(listed)


def test_the_tokens_that_are_not_shown_are_added_up(trace: Trace) -> None:
    """The weights on the page came to 0.1, and nothing said where the other 0.9 are."""
    page = drawn(trace, to_step(trace, start(trace), trace.step("weights").number - 1))
    lines = re.finditer(r"^ *▸?t\d+ .* \[?(\d\.\d\d)\]?(?: +[█▌]*)?$", page, re.MULTILINE)
    shown = [float(match[1]) for match in lines]
    rest = re.search(r"^ *\+\d+ .* (\d\.\d\d)$", page, re.MULTILINE)
    assert rest is not None
    assert float(rest[1]) + sum(shown) == pytest.approx(1, abs=0.005 * (len(shown) + 1))


def test_a_sum_of_thousands_is_opened_term_by_term(trace: Trace) -> None:
    """Opening an output made a list of 8,192 addresses on every keyboard key."""
    cell = Address("output", 5, 3)
    found = opened(trace, cell)
    assert len(found.groups) == TOKENS
    assert found.operand(2 * TOKENS - 1) == Address("values", TOKENS - 1, 3)
    assert found.operand(10**6) == Address("values", TOKENS - 1, 3)
    assert found.groups.place_of(7) == (3, 1)
    assert found.groups.first_of(3) == 6
    place = start(trace, query=5)
    opened_body(trace, place, (cell,), 7, LOOK)
    with counted_calls() as calls:
        opened_body(trace, place, (cell,), 7, LOOK)
    assert calls[0] < 40_000


def test_a_hidden_number_is_hidden_among_thousands(trace: Trace) -> None:
    """A prediction told the number by what the others come to."""
    place = to_step(trace, start(trace), trace.step("weights").number - 1)
    hidden = hidden_cell(Address("weights", place.query, place.key))
    page = drawn(trace, place, Look(80, 17, hidden=hidden))
    assert "____" in page
    assert re.search(r"^ *\+\d+ +⋮ +⋮ +⋮ +⋮$", page, re.MULTILINE)


def test_two_queries_of_thousands_are_compared_at_once(trace: Trace) -> None:
    """`c` looked through hundreds of rows of thousands of weights each."""
    other = most_different(trace, 2048)
    assert other != 2048
    with counted_calls() as calls:
        most_different(trace, 2048)
        compared_body(trace, start(trace), (other,), LOOK)
    assert calls[0] < 40_000


def test_equal_shares_of_thousands_are_one_tie() -> None:
    """Thousands of equal shares were compared each with each."""
    weights = np.full(TOKENS, 1 / TOKENS)
    ranking = Ranking(tuple(map(str, range(TOKENS))), np.arange(TOKENS), weights)
    found = Attends(0, ranking, float(TOKENS))
    with counted_calls() as calls:
        assert [len(group) for group in found.ties] == [TOKENS]
        assert len(found.first) == TOKENS
        assert indices_of(found.first)[-1] == TOKENS - 1
    assert calls[0] < 1000
    assert found.first[2].token == "2"
