"""Whom a query attends to: order, ties, and how many tokens that is in effect."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qkvtui.trace.attends import Attended, Attends, attends, effective_number
from qkvtui.trace.trace import Trace
from tests import samples

NAMES = pytest.mark.parametrize("name", samples.LESSONS)


def effective(weights: list[float]) -> float:
    """The product of (1/a)^a, which is what exp of the entropy comes to; 0 where all weights are 0."""
    return math.prod((1 / a) ** a for a in weights if a > 0) if any(weights) else 0.0


@pytest.mark.sampled(12)
@NAMES
def test_tokens_are_ranked_by_weight_and_equal_ones_stand_in_their_order(name: str) -> None:
    """The answer of the lesson named the wrong token first, or another one of two equals from run to run."""
    trace = samples.trace(name)
    for head in range(trace.shape.heads):
        for query in range(trace.shape.queries):
            found = attends(trace, query, head)
            weights = trace.row("weights", query, head).tolist()
            order = sorted(range(len(weights)), key=lambda key: (-weights[key], key))
            assert [one.index for one in found.ranked] == order
            assert [one.weight for one in found.ranked] == [weights[key] for key in order]
            assert [one.token for one in found.ranked] == [trace.example.keys[key] for key in order]
            assert found.query == query


@pytest.mark.sampled(12)
@NAMES
def test_the_effective_number_of_tokens_is_exp_of_the_entropy(name: str) -> None:
    """The lesson said that attention is spread over more tokens than there are, or over none."""
    trace = samples.trace(name)
    for query in range(trace.shape.queries):
        found = attends(trace, query)
        weights = trace.row("weights", query).tolist()
        assert found.effective == pytest.approx(effective(weights), rel=1e-9)
        assert found.blind == (not any(weights))
        assert found.blind or 1 - 1e-12 <= found.effective <= len(weights) * (1 + 1e-12)


@given(st.lists(st.just(0.0) | st.floats(1e-12, 1), min_size=1, max_size=12).filter(any))
def test_the_effective_number_lies_between_one_and_all(raw: list[float]) -> None:
    """Tiny weights made the number nan, or less than one token."""
    weights = np.array(raw) / np.sum(raw)
    found = effective_number(weights)
    assert found == pytest.approx(effective(weights.tolist()), rel=1e-9)
    assert 1 - 1e-9 <= found <= len(raw) * (1 + 1e-9)


def test_the_effective_number_is_the_count_where_all_get_the_same() -> None:
    """ "Spread as if evenly over 2.9 of 3 tokens", where it is spread evenly over all three."""
    assert effective_number(np.full(8, 1 / 8)) == pytest.approx(8)
    assert effective_number(np.array([0.0, 1.0, 0.0])) == 1.0
    assert effective_number(np.zeros(3)) == 0.0
    assert effective_number(np.full(4, 0.25, dtype=np.float32)) == pytest.approx(4, rel=1e-6)


def ranking(*weights: float) -> Attends:
    """A ranking of these weights."""
    ranked = tuple(Attended(index, f"t{index}", weight) for index, weight in enumerate(weights))
    return Attends(0, ranked, 1.0)


def indices(group: Sequence[Attended]) -> list[int]:
    """The tokens of a group."""
    return [one.index for one in group]


def test_tokens_with_the_same_share_are_a_tie_and_others_are_not() -> None:
    """The lesson called tokens equal that differ in the digits on the page, or named one of two winners."""
    found = ranking(0.3, 0.3 * (1 - 1e-12), 0.2, 0.1, 0.1, 0.0, 0.0)
    assert indices(found.first) == [0, 1]
    assert [indices(group) for group in found.ties] == [[0, 1], [3, 4]]
    assert indices(ranking(0.3, 0.3 * (1 - 1e-8)).first) == [0]
    assert ranking(0.6, 0.4).ties == ()


def test_tokens_that_get_nothing_are_no_tie() -> None:
    """Under a causal mask the lesson listed all tokens to come as "equal shares"."""
    trace = samples.trace("causal")
    assert attends(trace, 0).ties == ()
    assert indices(attends(trace, 0).first) == [0]


def test_a_blind_query_attends_to_no_one() -> None:
    """The lesson named a token that a fully masked query attends to "most", with weight 0."""
    found = attends(samples.trace("blind"), 1)
    assert found.blind
    assert found.first == ()
    assert found.ties == ()
    assert [one.weight for one in found.ranked] == [0.0, 0.0, 0.0]


def test_in_another_head_other_tokens_are_attended_to() -> None:
    """The second head's page ranked the first head's weights."""
    trace: Trace = samples.trace("three_heads")
    rankings = {tuple(one.index for one in attends(trace, 4, head).ranked) for head in range(3)}
    assert len(rankings) > 1
