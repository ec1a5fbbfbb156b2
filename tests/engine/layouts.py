"""Random attention layers of every layout the program accepts, for the graph and for the oracle alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from qkvtui.engine.arrays import BoolArray, FloatArray
from qkvtui.engine.masks import additive_mask, causal_mask, combine_masks, padding_mask
from qkvtui.graph.example import Example
from qkvtui.trace.trace import Trace
from tests import samples
from tests.oracle import Heads, Matrix, Reference, Row, reference

seeds = st.integers(min_value=0, max_value=2**32 - 1)
sizes = st.integers(min_value=1, max_value=6)
scales: st.SearchStrategy[float | str] = st.sampled_from(["1/sqrt(d_k)", "none", 0.25, 2.0, -1.0, 0.0])


@dataclass(frozen=True)
class Layout:
    """A layer with its input, as arrays; mask and padding as a file gives them."""

    x: FloatArray
    y: FloatArray | None
    parameters: dict[str, FloatArray]
    heads: int
    kv_heads: int
    scale: float | str
    causal: bool
    mask: BoolArray | FloatArray | None
    padding: BoolArray | None

    @property
    def added(self) -> FloatArray | None:
        """All masks as one that is added to the scaled scores."""
        queries, keys = len(self.x), len(self.x if self.y is None else self.y)
        mask: FloatArray | None = None
        if self.mask is not None:
            mask = (
                additive_mask(self.mask.astype(np.bool_))
                if self.mask.dtype == np.bool_
                else self.mask.astype(np.float64)
            )
        return combine_masks(
            causal_mask(queries, keys) if self.causal else None,
            mask,
            None if self.padding is None else padding_mask(self.padding),
        )

    @property
    def width(self) -> int:
        """How many numbers a row of the last step has."""
        if "W_O" in self.parameters:
            return int(self.parameters["W_O"].shape[1])
        return int(self.parameters["W_V"].shape[1]) * self.heads // self.kv_heads

    @property
    def example(self) -> Example:
        """What a file of these tables is read as."""
        return samples.of(
            "layout",
            tuple(f"q{row}" for row in range(len(self.x))),
            {"X": self.x} if self.y is None else {"X": self.x, "Y": self.y},
            self.parameters,
            context=None if self.y is None else tuple(f"k{row}" for row in range(len(self.y))),
            heads=self.heads,
            kv_heads=self.kv_heads,
            scale=self.scale,
            causal=self.causal,
            mask=self.mask,
            padding=self.padding,
        )

    def by_graph(self) -> Trace:
        """The layer as the program computes it."""
        return Trace(self.example)

    def by_oracle(self) -> Reference:
        """The layer as plain Python computes it, from the numbers that a file would hold."""
        inputs = {"X": self.x.tolist()} if self.y is None else {"X": self.x.tolist(), "Y": self.y.tolist()}
        attention: dict[str, Any] = {
            "heads": self.heads,
            "kv_heads": self.kv_heads,
            "scale": self.scale,
            "causal": self.causal,
        }
        if self.mask is not None:
            attention["mask"] = self.mask.tolist()
        if self.padding is not None:
            attention["padding"] = self.padding.tolist()
        return reference(inputs, {name: p.tolist() for name, p in self.parameters.items()}, attention)


@st.composite
def layouts(draw: st.DrawFn, dtype: type[np.floating[Any]] = np.float64) -> Layout:
    """Layouts of 1 to 6 tokens; the numbers come from a seed, so that shrinking works on the layout."""
    rng = np.random.default_rng(draw(seeds))
    numbers = draw(st.sampled_from(["between -1 and 1", "small integers"]))

    def array(*shape: int) -> FloatArray:
        if numbers == "small integers":  # equal scores and zeros
            return rng.integers(-1, 2, shape).astype(dtype)
        return rng.uniform(-1, 1, shape).astype(dtype)

    t, s, m = draw(sizes), draw(sizes), draw(st.integers(1, 5))
    k, v = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    heads = draw(st.integers(1, 4))
    kv_heads = draw(st.sampled_from([g for g in range(1, heads + 1) if heads % g == 0]))
    cross = draw(st.booleans())
    keys = s if cross else t
    widths = {"Q": heads * k, "K": kv_heads * k, "V": kv_heads * v}
    parameters = {f"W_{name}": array(m, width) for name, width in widths.items()}
    parameters |= {f"b_{name}": array(width) for name, width in widths.items() if draw(st.booleans())}
    if draw(st.booleans()):
        parameters["W_O"] = array(heads * v, m)
        if draw(st.booleans()):
            parameters["b_O"] = array(m)
    return Layout(
        x=array(t, m),
        y=array(s, m) if cross else None,
        parameters=parameters,
        heads=heads,
        kv_heads=kv_heads,
        scale=draw(scales),
        causal=draw(st.booleans()),
        mask=draw(masks(t, keys, rng)),
        padding=rng.random(keys) < 0.7 if draw(st.booleans()) else None,
    )


@st.composite
def masks(draw: st.DrawFn, t: int, s: int, rng: np.random.Generator) -> BoolArray | FloatArray | None:
    """No mask, a boolean or an additive one; now and then with a row that may look at nothing."""
    kind = draw(st.sampled_from(["none", "boolean", "additive"]))
    if kind == "none":
        return None
    allowed = rng.random((t, s)) < 0.7
    if draw(st.booleans()):
        allowed[rng.integers(t)] = False
    if kind == "boolean":
        return allowed
    return np.where(allowed, rng.uniform(-2, 2, (t, s)), -np.inf)


def agree(
    found: FloatArray,
    expected: Row | Matrix | Heads,
    dtype: type[np.floating[Any]] = np.float64,
    cancels: bool = True,
) -> None:
    """Fails unless the numbers agree to 1e-12 (float32: 1e-5) of each, and have the type they should have.

    Where a sum may have cancelled, 64 units in the last place of the largest number beside it (of 1 at least)
    are allowed too: the terms of the sum were as large as that, and their rounding is all that is left.
    """
    assert found.dtype == dtype
    assert found.shape == np.shape(expected)
    wanted = np.array(expected, dtype=np.float64)
    largest = np.abs(wanted[np.isfinite(wanted)]).max(initial=1.0)
    np.testing.assert_allclose(
        found,
        wanted,
        rtol=1e-12 if dtype is np.float64 else 1e-5,
        atol=64 * float(np.finfo(dtype).eps) * largest if cancels else 0,
    )
