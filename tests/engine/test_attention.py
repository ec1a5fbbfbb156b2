"""What must hold of attention whatever the numbers are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qkvtui.engine.arrays import FloatArray
from qkvtui.engine.attention import attention_weights, default_scale, row_blocks
from qkvtui.engine.masks import causal_mask
from qkvtui.engine.outputs import attend_output
from qkvtui.engine.softmax import softmax, softmax_stages
from qkvtui.trace import row_blocks as row_blocks_module
from qkvtui.trace.trace import Trace
from tests import samples
from tests.engine.layouts import Layout, layouts, seeds, sizes

pytestmark = pytest.mark.filterwarnings("error")


def random_qkv(seed: int, t: int, s: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(t, 3)), rng.normal(size=(s, 3)), rng.normal(size=(s, 2))


def attention(q: FloatArray, k: FloatArray, v: FloatArray, **settings: Any) -> Trace:
    """The example that gives these Q, K and V, computed."""
    inputs: Mapping[str, FloatArray] = {"Q": q.copy(), "K": k.copy(), "V": v.copy()}
    tokens, keys = (tuple(map(str, range(len(array)))) for array in (q, k))
    return Trace(samples.of("given", tokens, inputs, {}, context=keys, **settings))


@given(layouts())
def test_every_row_of_weights_sums_to_1_or_looks_at_nothing(layout: Layout) -> None:
    """The shares of a query's attention do not add up to the whole, in a layout nobody tried."""
    trace = layout.by_graph()
    logits = trace.graph.rows["weights"].operation.sources[0]
    for head in range(layout.heads):
        nothing = np.isneginf(trace.matrix(logits, head)).all(axis=-1)
        sums = trace.matrix("weights", head).sum(axis=-1)
        np.testing.assert_allclose(sums, np.where(nothing, 0.0, 1.0), rtol=1e-14, atol=0)
        assert (trace.matrix("output", head)[nothing] == 0).all()


@given(seeds, sizes, sizes)
def test_the_scale_is_applied_before_softmax_and_kept(seed: int, t: int, s: int) -> None:
    """The page says "÷ √3" and the weights are those of the unscaled scores."""
    q, k, v = random_qkv(seed, t, s)
    standard = attention(q, k, v)
    assert standard.scale == default_scale(3) == pytest.approx(1 / math.sqrt(3), rel=1e-15)
    expected = softmax(q @ k.T / math.sqrt(3))
    np.testing.assert_allclose(standard.matrix("weights"), expected, rtol=1e-13)
    np.testing.assert_allclose(attention_weights(q, k), expected, rtol=1e-13)
    for unscaled in (attention(q, k, v, scale="none"), attention(q, k, v, scale=1.0)):
        logits = unscaled.graph.rows["weights"].operation.sources[0]
        assert np.array_equal(unscaled.matrix(logits), unscaled.matrix("scores"))
    assert attention(q, k, v, scale="none").scale is None
    assert attention(q, k, v, scale=1.0).scale == 1
    assert attention(q, k, v, scale=0.0).matrix("weights") == pytest.approx(1 / s)


@given(seeds, st.integers(2, 6))
def test_a_causal_token_never_depends_on_a_later_one(seed: int, n: int) -> None:
    """The lesson on language models, where the future leaks: editing the last word moves the first."""
    q, k, v = random_qkv(seed, n, n)
    before = attention(q, k, v, causal=True)
    assert (before.matrix("weights")[np.triu_indices(n, 1)] == 0).all()
    for later in range(1, n):
        changed = [array.copy() for array in (q, k, v)]
        for array in changed:
            array[later] = 1e3 * (array[later] + 1)
        after = attention(*changed, causal=True)
        assert np.array_equal(after.matrix("weights")[:later], before.matrix("weights")[:later])
        assert np.array_equal(after.matrix("output")[:later], before.matrix("output")[:later])
        assert not np.array_equal(after.row("output", later), before.row("output", later))


@given(seeds, sizes, sizes)
def test_the_order_of_the_keys_does_not_matter(seed: int, t: int, s: int) -> None:
    """The lesson "attention knows no order" is contradicted by its own numbers."""
    q, k, v = random_qkv(seed, t, s)
    order = np.random.default_rng(seed).permutation(s)
    before, after = attention(q, k, v), attention(q, k[order], v[order])
    np.testing.assert_allclose(after.matrix("weights"), before.matrix("weights")[:, order], rtol=1e-12)
    np.testing.assert_allclose(after.matrix("output"), before.matrix("output"), rtol=1e-12, atol=1e-14)


@given(seeds, sizes, sizes)
def test_the_queries_do_not_know_of_each_other(seed: int, t: int, s: int) -> None:
    """Choosing another query shows the row of a third one."""
    q, k, v = random_qkv(seed, t, s)
    order = np.random.default_rng(seed).permutation(t)
    before, after = attention(q, k, v), attention(q[order], k, v)
    np.testing.assert_allclose(after.matrix("weights"), before.matrix("weights")[order], rtol=1e-12)
    np.testing.assert_allclose(after.matrix("output"), before.matrix("output")[order], rtol=1e-12, atol=1e-14)


@given(seeds, st.integers(1, 20), sizes, st.integers(1, 40), st.booleans())
def test_blocks_of_rows_give_the_rows_of_the_whole(seed: int, t: int, s: int, cells: int, causal: bool) -> None:
    """In a text of thousands of tokens, scrolling shows other numbers than the same text when it is short."""
    q, k, v = random_qkv(seed, t, s)
    whole = attention(q, k, v, causal=causal)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_blocks_module, "row_blocks", lambda queries, keys: row_blocks(queries, keys, cells))
        blocks = attention(q, k, v, causal=causal)
    np.testing.assert_allclose(blocks.matrix("weights"), whole.matrix("weights"), rtol=1e-12)
    np.testing.assert_allclose(blocks.matrix("output"), whole.matrix("output"), rtol=1e-12, atol=1e-14)
    for rows in row_blocks(t, s, cells):
        if not causal:
            np.testing.assert_allclose(attention_weights(q[rows], k), whole.matrix("weights")[rows], rtol=1e-12)


@given(st.integers(0, 200), st.integers(0, 200), st.integers(1, 1000))
def test_blocks_cover_every_row_once_in_order_and_keep_the_limit(t: int, s: int, cells: int) -> None:
    """A long text loses a row, shows one twice, or fills the memory of the machine."""
    blocks = list(row_blocks(t, s, cells))
    assert [row for block in blocks for row in range(t)[block]] == list(range(t))
    for block in blocks:
        rows = block.stop - block.start
        assert rows >= 1
        assert rows == 1 or rows * s <= cells


def test_blocks_are_as_large_as_the_limit_allows() -> None:
    """A long text takes minutes, because every row is computed alone."""
    assert list(row_blocks(7, 10, 30)) == [slice(0, 3), slice(3, 6), slice(6, 7)]
    assert len(list(row_blocks(16_384, 16_384))) <= 16_384 // 8


def test_leading_axes_are_batches_of_their_own() -> None:
    """Two sentences, or two heads, computed together see each other."""
    rng = np.random.default_rng(3)
    q, k, v = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(3, 6, 5)), rng.normal(size=(2, 1, 6, 2))
    weights, output = attention_weights(q, k), attend_output(q, k, v)
    assert weights.shape == (2, 3, 4, 6)
    for i in range(2):
        for j in range(3):
            alone = attention(q[i, j], k[j], v[i, 0])
            np.testing.assert_allclose(weights[i, j], alone.matrix("weights"), rtol=1e-12)
            np.testing.assert_allclose(output[i, j], alone.matrix("output"), rtol=1e-12, atol=1e-14)


def test_what_a_caller_gives_is_left_alone_and_may_be_read_only() -> None:
    """Looking at a step changes the example, so that `u` brings back other numbers and `w` writes them."""
    given_arrays = (*random_qkv(1, 4, 4), causal_mask(4, 4))
    copies = [array.copy() for array in given_arrays]
    for array in given_arrays:
        array.flags.writeable = False
    q, k, v, mask = given_arrays
    attention_weights(q, k)
    attend_output(q, k, v)
    example = samples.of("given", ("a", "b", "c", "d"), {"Q": q, "K": k, "V": v}, {}, mask=mask)
    for step in (trace := Trace(example)).steps:
        trace.matrix(step.id)
    for array, copy in zip(given_arrays, copies, strict=True):
        assert np.array_equal(array, copy)


def test_the_callers_own_arrays_stay_writable() -> None:
    """The optimiser of a learning task stops with "assignment destination is read-only"."""
    q, k, v = random_qkv(1, 2, 2)
    attention_weights(q, k)
    attend_output(q, k, v)
    softmax_stages(q)
    q[0, 0] = 7
    assert q[0, 0] == 7


@given(layouts())
def test_the_numbers_of_a_graph_cannot_be_changed(layout: Layout) -> None:
    """A view rounds the numbers it draws, and the next view computes with the rounded ones."""
    trace = layout.by_graph()
    names = {*trace.graph.rows, *trace.example.inputs, *trace.example.parameters}
    assert names >= {"queries", "keys", "values", "scores", "weights", "output", "exp", "sum", "max"}
    for name in names:
        assert not trace.row(name, 0).flags.writeable, name
    stages = softmax_stages(np.array([[1.0, 2.0]]))
    for array in (stages.maximum, stages.shifted, stages.exponentials, stages.total, stages.weights):
        assert not array.flags.writeable
    assert not attend_output(*random_qkv(1, 3, 3)).flags.writeable


def test_stages_are_compared_and_hashed_as_themselves() -> None:
    """The screen compares old state with new and stops with "truth value of an array is ambiguous"."""
    first, second = softmax_stages(np.ones((2, 2))), softmax_stages(np.ones((2, 2)))
    assert first != second
    assert len({first, second, first}) == 2


def test_numbers_too_large_to_multiply_are_never_hidden() -> None:
    """Inputs of 1e200 overflow: a warning runs across the page, or the query "may look at nothing"."""
    huge = np.array([[1e200, 1e200]])
    weights = attention_weights(huge, np.vstack([huge, -huge]))
    assert np.isnan(weights).any()
    assert np.isnan(attend_output(huge, np.vstack([huge, -huge]), np.ones((2, 1)))).all()


def test_a_mask_too_large_for_float32_forbids_quietly() -> None:
    """A float32 example with −1e300 for "no" in its mask prints a warning across the page."""
    q = np.ones((1, 1), dtype=np.float32)
    k, mask = np.ones((2, 1), dtype=np.float32), np.array([[0.0, -1e300]])
    weights = attention(q, k, q.repeat(2, 0), mask=mask).matrix("weights")
    assert weights.dtype == np.float32
    assert weights.tolist() == [[1, 0]]
