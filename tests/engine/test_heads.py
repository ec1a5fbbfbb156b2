"""Heads apart and together, and the projections around them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from qkvtui.engine.heads import share_heads, split_heads
from qkvtui.trace.trace import Trace
from tests import samples
from tests.engine.layouts import Layout, layouts, seeds

pytestmark = pytest.mark.filterwarnings("error")

side = st.integers(1, 4)
leading = hnp.array_shapes(min_dims=0, max_dims=2, max_side=3) | st.just(())


def test_head_i_owns_its_run_of_neighbouring_columns() -> None:
    """Head 0 of a model from torch shows every second column of W_Q instead of the first half."""
    x = np.array([[0, 1, 2, 3], [4, 5, 6, 7]], dtype=np.float64)
    assert split_heads(x, 2).tolist() == [[[0, 1], [4, 5]], [[2, 3], [6, 7]]]


@given(leading, side, side, side, seeds)
def test_heads_are_split_behind_any_leading_axes(
    before: tuple[int, ...], heads: int, rows: int, width: int, seed: int
) -> None:
    """A batch of sentences mixes the columns of different heads or tokens."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(*before, rows, heads * width))
    apart = split_heads(x, heads)
    assert apart.shape == (*before, heads, rows, width)
    for head in range(heads):
        assert np.array_equal(apart[..., head, :, :], x[..., head * width : (head + 1) * width])


def test_neighbouring_query_heads_share_a_key_value_head() -> None:
    """In grouped-query attention head 1 shows the keys of head 2."""
    x = np.arange(4.0).reshape(2, 1, 2)
    assert share_heads(x, 4).tolist() == [[[0, 1]], [[0, 1]], [[2, 3]], [[2, 3]]]
    assert share_heads(x, 2).tolist() == x.tolist()
    assert share_heads(x[:1], 3).tolist() == [[[0, 1]]] * 3


@given(leading, side, side)
def test_sharing_works_behind_any_leading_axes(before: tuple[int, ...], groups: int, served: int) -> None:
    """A batch of sentences in grouped-query attention shares sentences instead of heads."""
    x = np.random.default_rng(0).normal(size=(*before, groups, 3, 2))
    shared = share_heads(x, groups * served)
    for head in range(groups * served):
        assert np.array_equal(shared[..., head, :, :], x[..., head // served, :, :])


@pytest.mark.parametrize(("groups", "heads"), [(2, 1), (2, 3), (3, 4), (4, 2)])
def test_heads_that_cannot_be_shared_evenly_are_refused(groups: int, heads: int) -> None:
    """More key/value heads than heads give an empty page without a word."""
    with pytest.raises(ValueError, match=f"{heads} heads cannot share {groups}"):
        share_heads(np.zeros((groups, 1, 1)), heads)


@given(layouts())
def test_a_layer_is_attention_of_its_projections(layout: Layout) -> None:
    """The steps before the scores and those after them belong to different examples."""
    trace = layout.by_graph()
    heads = range(layout.heads)
    inputs = {
        letter: np.stack([trace.matrix(step, head) for head in heads])
        for letter, step in (("Q", "queries"), ("K", "keys"), ("V", "values"))
    }
    settings = dataclasses.asdict(trace.example.attention) | {"kv_heads": layout.heads}
    again = Trace(samples.of("given", trace.example.tokens, inputs, {}, context=trace.example.keys, **settings))
    for head in heads:
        assert np.array_equal(again.matrix("output", head), trace.matrix("output", head))
    if layout.heads > 1:
        output = np.stack([trace.matrix("output", head) for head in heads])
        assert np.array_equal(trace.matrix("heads"), np.concatenate(list(output), axis=-1))
    assert trace.matrix("embeddings").tolist() == layout.x.tolist()


@given(layouts())
def test_a_layer_leaves_inputs_and_parameters_alone(layout: Layout) -> None:
    """Computing an example changes it: the same file printed twice in one call gives two pages."""
    arrays = {"x": layout.x, **layout.parameters}
    copies = {name: array.copy() for name, array in arrays.items()}
    for array in arrays.values():
        array.flags.writeable = False
    trace = layout.by_graph()
    for step in trace.steps:
        trace.matrix(step.id)
    for name, array in arrays.items():
        assert np.array_equal(array, copies[name]), name
