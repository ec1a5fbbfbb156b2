"""Fresh numbers: small, whole, worth looking at, and the same for the same seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from qkvtui.errors import UsageError
from qkvtui.graph.example import Example
from qkvtui.trace.fresh import LARGEST, with_fresh_numbers
from qkvtui.trace.trace import Trace
from tests import samples

SMALL = [
    name
    for name in samples.LESSONS
    if name not in ("awkward_tokens", "sixty", "forty", "large_numbers") and name not in samples.MODELS
]


def arrays(example: Example) -> dict[str, Any]:
    """All its numbers."""
    return {name: array.tolist() for name, array in (*example.inputs.items(), *example.parameters.items())}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", samples.each(SMALL))
def test_fresh_numbers_are_small_and_whole_and_stand_where_the_old_ones_stood(name: str) -> None:
    """A class would have had to multiply 0.4472 by -1.3093 by hand."""
    old = samples.example(name)
    new = with_fresh_numbers(old, 7)
    assert arrays(new).keys() == arrays(old).keys()
    for group, before in ((new.inputs, old.inputs), (new.parameters, old.parameters)):
        for letter, array in group.items():
            assert array.shape == before[letter].shape
            assert array.dtype == np.float64
            assert not array.flags.writeable
            assert set(np.unique(array)) <= {-2, -1, 0, 1, 2, 3}
    for letter, array in new.parameters.items():
        if array.ndim == 2:
            nonzero = np.count_nonzero(array, axis=0)
            assert ((nonzero >= 1) & (nonzero <= 2)).all(), letter
    assert (new.tokens, new.query, new.context) == (old.tokens, old.query, old.context)
    assert new.attention == old.attention or new.attention.mask is old.attention.mask
    assert (new.about, new.source, new.published, new.stops) == (None, None, None, ())


@pytest.mark.sampled(1)
@pytest.mark.parametrize("seed", samples.each(range(10), range(3)))
def test_there_is_something_to_see_in_the_row_that_asks(seed: int) -> None:
    """All scores would have been the same, or 0, or softmax would have given everything to one token."""
    for name in ("animal", "plain", "causal"):
        trace = Trace(with_fresh_numbers(samples.example(name), seed))
        for query in range(trace.shape.queries):
            allowed = np.isfinite(trace.mask_row(query))
            scores = trace.row("scores", query)[allowed]
            asks = query == trace.example.query
            if len(scores) > 1:
                assert np.ptp(scores) > 0, (name, query)
            if asks:
                assert np.abs(scores).max() <= 20
                assert trace.row("weights", query)[allowed].min() > 0.003
        if name == "animal":
            scores = trace.row("scores", trace.example.query)
            assert scores.all()
            assert len(np.unique(scores)) >= 4


@pytest.mark.slow
def test_the_same_seed_gives_the_same_numbers_and_another_one_others() -> None:
    """Two learners with one sheet would have had two sets of answers."""
    animal = samples.example("animal")
    first = with_fresh_numbers(animal, 7)
    assert arrays(with_fresh_numbers(animal, 7)) == arrays(first)
    assert len({str(arrays(with_fresh_numbers(animal, seed))) for seed in range(20)}) == 20


def test_these_are_the_numbers_of_seed_7() -> None:
    """A sheet printed last year could not have been graded with this version."""
    fresh = with_fresh_numbers(samples.example("animal"), 7)
    assert arrays(fresh) == {
        "X": [[2, 1], [1, 1], [0, 1], [1, 2], [0, 1]],
        "W_Q": [[-1, 0], [1, 1]],
        "W_K": [[0, 1], [1, 0]],
        "W_V": [[1, 1], [-1, 0]],
    }


def test_the_title_says_so_in_both_languages() -> None:
    """A reader would have taken the numbers for those of the source."""
    title = with_fresh_numbers(samples.example("animal"), 7).title
    assert title.in_language("en") == "What does 'it' refer to? (fresh numbers, seed 7)"
    assert title.in_language("zh") == "“it”指的是谁？（换一组数，种子 7）"


def test_an_example_too_large_for_the_hand_is_refused() -> None:
    """A class would have been given 4,000 numbers, after a minute of looking for them."""
    forty = samples.example("forty")
    assert sum(array.size for array in forty.inputs.values()) + 40 * 40 > LARGEST / 2
    with pytest.raises(UsageError, match="too large to be worked out by hand"):
        with_fresh_numbers(forty, 1)
