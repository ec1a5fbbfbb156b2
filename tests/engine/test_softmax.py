"""What makes softmax softmax, also at the ends of the number range."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from qkvtui.engine.arrays import FloatArray
from qkvtui.engine.softmax import softmax, softmax_stages

pytestmark = pytest.mark.filterwarnings("error")

FORBIDDEN = -np.inf


def scores_up_to(largest: float, forbidden: bool = True) -> st.SearchStrategy[FloatArray]:
    """Matrices of scores, some of them −∞ where that is allowed."""
    numbers = st.floats(-largest, largest, allow_subnormal=False)
    return hnp.arrays(
        np.float64,
        hnp.array_shapes(min_dims=2, max_dims=3, max_side=5),
        elements=st.one_of(numbers, st.just(FORBIDDEN)) if forbidden else numbers,
    )


any_scores = st.one_of(scores_up_to(10), scores_up_to(1e4), scores_up_to(1e300), scores_up_to(1.7e308))


@given(any_scores)
def test_the_weights_of_a_row_sum_to_1_or_are_all_0(scores: FloatArray) -> None:
    """ "Attends 51 % to animal" on a page whose percentages add up to more or less than 100, or to nan."""
    weights = softmax(scores)
    nothing = np.isneginf(scores).all(axis=-1)
    assert (weights >= 0).all()
    np.testing.assert_allclose(weights[~nothing].sum(axis=-1), 1, rtol=1e-15 * 10)
    assert (weights[nothing] == 0).all()


@given(any_scores)
def test_a_forbidden_key_weighs_exactly_0(scores: FloatArray) -> None:
    """A token behind the mask still colours the query's sentence a little."""
    assert (softmax(scores)[np.isneginf(scores)] == 0).all()


@given(any_scores)
def test_a_larger_score_never_weighs_less(scores: FloatArray) -> None:
    """The bars of the weights stand in another order than the scores they came from."""
    order = np.argsort(scores, axis=-1)
    assert (np.diff(np.take_along_axis(softmax(scores), order, axis=-1), axis=-1) >= 0).all()


@given(scores_up_to(5, forbidden=False))
def test_clearly_different_scores_weigh_differently(scores: FloatArray) -> None:
    """Two tokens with different scores get the same weight, as if softmax had looked along the other axis."""
    weights = softmax(scores)
    ratios = np.log(weights[..., :1] / weights)
    np.testing.assert_allclose(ratios, scores[..., :1] - scores, atol=1e-12)


@given(scores_up_to(100), st.floats(-1e3, 1e3))
def test_a_constant_added_to_a_row_changes_nothing(scores: FloatArray, constant: float) -> None:
    """The lesson says that the shift by the maximum is harmless, and its numbers contradict it."""
    np.testing.assert_allclose(softmax(scores + constant), softmax(scores), rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("largest", [1e4, 1e300, np.finfo(np.float64).max])
def test_huge_scores_of_either_sign_give_a_plain_answer(largest: float) -> None:
    """nan, or a warning printed across the page, for the example that shows why scores are scaled."""
    scores = np.array([[largest, -largest, 0.0], [-largest, -largest, FORBIDDEN], [0.0, -largest, largest]])
    assert softmax(scores).tolist() == [[1, 0, 0], [0.5, 0.5, 0], [0, 0, 1]]


def test_float32_meets_its_own_largest_numbers_quietly() -> None:
    """A model's own "minus infinity", the smallest float32, prints a warning across the page."""
    lowest = np.finfo(np.float32).min
    weights = softmax(np.array([[lowest, -lowest], [lowest, lowest], [lowest, FORBIDDEN]], dtype=np.float32))
    assert weights.dtype == np.float32
    assert weights.tolist() == [[0, 1], [0.5, 0.5], [1, 0]]


def test_a_row_that_may_look_at_nothing_is_zeros_at_every_stage() -> None:
    """nan in the softmax page of a query whose row is fully masked."""
    stages = softmax_stages(np.full((2, 3), FORBIDDEN))
    assert np.isneginf(stages.maximum).all()
    assert np.isneginf(stages.shifted).all()
    assert (stages.exponentials == 0).all()
    assert (stages.total == 0).all()
    assert (stages.weights == 0).all()


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_a_score_that_is_no_number_is_not_shown_as_a_query_that_looks_at_nothing(broken: float) -> None:
    """An overflow reads "this query may look at nothing": a wrong picture where an error belongs."""
    assert np.isnan(softmax(np.array([[1.0, broken, 2.0]]))).all()


@given(scores_up_to(10))
def test_softmax_over_columns_is_softmax_over_the_rows_of_the_transpose(scores: FloatArray) -> None:
    """The switch "softmax over columns" shows another wrong matrix than the mistake really gives."""
    np.testing.assert_allclose(softmax(scores, axis=-2), softmax(scores.mT).mT, rtol=1e-14)
    stages = softmax_stages(scores, axis=-2)
    assert stages.maximum.shape == stages.total.shape == (*scores.shape[:-2], 1, scores.shape[-1])


def test_softmax_of_a_hand_example() -> None:
    """Softmax of ln 1, ln 2, ln 5 is 1/8, 2/8, 5/8; a page with other numbers teaches another function."""
    stages = softmax_stages(np.log([[1.0, 2.0, 5.0]]))
    np.testing.assert_allclose(stages.weights, [[0.125, 0.25, 0.625]], rtol=1e-15)
    np.testing.assert_allclose(stages.exponentials, [[0.2, 0.4, 1.0]], rtol=1e-15)
    np.testing.assert_allclose(stages.total, [[1.6]], rtol=1e-15)
