"""Who may look at whom."""

from __future__ import annotations

import numpy as np
import pytest

from qkvtui.engine.masks import additive_mask, causal_mask, combine_masks, padding_mask

pytestmark = pytest.mark.filterwarnings("error")

NO = -np.inf


def test_a_boolean_mask_forbids_where_it_says_false() -> None:
    """true and false of a file's mask change places: every query sees just what it must not."""
    assert additive_mask(np.array([[True, False], [False, True]])).tolist() == [[0, NO], [NO, 0]]


def test_a_causal_query_looks_at_itself_and_at_what_came_before() -> None:
    """The triangle stands on its head, or a token cannot see itself."""
    assert causal_mask(3, 3).tolist() == [[0, NO, NO], [0, 0, NO], [0, 0, 0]]
    assert causal_mask(2, 4).tolist() == [[0, NO, NO, NO], [0, 0, NO, NO]]
    assert causal_mask(3, 1).tolist() == [[0], [0], [0]]


def test_a_block_of_causal_rows_is_cut_from_the_whole_triangle() -> None:
    """In a long text the rows after the first screen see the future, or forget the past."""
    whole = causal_mask(7, 5)
    for first in range(7):
        for count in range(1, 7 - first + 1):
            assert np.array_equal(causal_mask(count, 5, first), whole[first : first + count])


def test_padding_is_hidden_from_every_query() -> None:
    """A query attends to a token that is only there to fill the row."""
    assert padding_mask(np.array([True, False, True])).tolist() == [[0, NO, 0]]


def test_what_one_mask_forbids_no_other_allows() -> None:
    """A causal example with padding attends to the padding, or to the future."""
    combined = combine_masks(causal_mask(2, 3), None, padding_mask(np.array([False, True, True])))
    assert combined is not None
    assert combined.tolist() == [[NO, NO, NO], [NO, 0, NO]]


def test_numbers_of_several_masks_add_up_and_none_is_none() -> None:
    """A bias on the scores is lost beside a second mask; or an example without masks shows a masked step."""
    combined = combine_masks(np.array([[1.5, -2.0]]), np.array([[0.5], [NO]]))
    assert combined is not None
    assert combined.tolist() == [[2.0, -1.5], [NO, NO]]
    assert combine_masks(None, None) is None
    assert combine_masks() is None


def test_combining_leaves_the_masks_as_they_were() -> None:
    """Opening the example a second time, or another head of it, finds the mask changed."""
    masks = [np.zeros((2, 2)), causal_mask(2, 2), np.ones((1, 2))]
    for mask in masks:
        mask.flags.writeable = False
    combine_masks(*masks)
    assert masks[0].tolist() == [[0, 0], [0, 0]]


def test_the_smallest_numbers_add_up_quietly() -> None:
    """Two masks that both write the smallest float for "no" print a warning across the page."""
    lowest = np.full((1, 1), np.finfo(np.float64).min)
    combined = combine_masks(lowest, lowest)
    assert combined is not None
    assert combined.tolist() == [[NO]]
