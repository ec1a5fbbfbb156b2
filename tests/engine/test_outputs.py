"""The fast way to the output of attention."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qkvtui.engine import outputs as outputs_module
from qkvtui.engine.arrays import FloatArray
from qkvtui.engine.outputs import attend_output
from qkvtui.trace.trace import Trace
from tests import samples


def explained(q: FloatArray, k: FloatArray, v: FloatArray, scale: float | None) -> FloatArray:
    """(..., t, v): the step `output` of an example that gives Q, K and V; all leading axes are heads."""
    heads = q.shape[:-2]
    q, k, v = (array.reshape(-1, *array.shape[-2:]) for array in (q, k, v))
    trace = Trace(
        samples.of(
            "given",
            tuple(map(str, range(q.shape[1]))),
            {"Q": q, "K": k, "V": v},
            {},
            context=tuple(map(str, range(k.shape[1]))),
            heads=len(q),
            kv_heads=len(q),
            scale="1/sqrt(d_k)" if scale is None else scale,
        )
    )
    return np.stack([trace.matrix("output", head) for head in range(len(q))]).reshape(*heads, *q.shape[1:2], -1)


@given(st.data())
def test_the_fast_output_is_that_of_the_explained_attention(data: st.DataObject) -> None:
    """The fast way would have given other numbers than the one that is explained."""
    draw = data.draw
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    kind: np.dtype[Any] = np.dtype(draw(st.sampled_from(("float32", "float64"))))
    t, s, d_k, d_v = (draw(st.integers(1, most)) for most in (40, 40, 9, 9))
    heads = draw(st.sampled_from(((), (1,), (3,), (2, 2))))
    size = draw(st.sampled_from((0.1, 1.0, 30.0)))
    q = (size * rng.normal(size=(*heads, t, d_k))).astype(kind)
    k = rng.normal(size=(*heads, s, d_k)).astype(kind)
    v = rng.normal(size=(*heads, s, d_v)).astype(kind)
    scale = draw(st.sampled_from((None, 1.0, 0.0, -0.5)))
    threads, rows, keys = (draw(st.sampled_from(one)) for one in ((1, 2, 3), (1, 7, 512), (1, 5, 256)))
    expected = explained(q, k, v, scale)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outputs_module, "ROWS", rows)
        patch.setattr(outputs_module, "KEYS", keys)
        found = attend_output(q, k, v, scale=scale, threads=threads)
    assert found.dtype == kind
    assert found.shape == expected.shape
    scores = 1.0 + float(np.abs(q @ k.mT).max()) * abs(1.0 if scale is None else scale)
    allowed = 20 * scores * float(np.finfo(found.dtype).eps) * float(np.abs(v).max())
    assert float(np.abs(found - expected).max()) <= allowed


@pytest.mark.slow
def test_no_whole_matrix_of_scores_is_held() -> None:
    """Full attention over 4,096 tokens would have taken 64 MiB for its scores alone, and more for its weights."""
    q = np.ones((4096, 8), np.float32)
    tracemalloc.start()
    attend_output(q, q, q)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * 2**20
