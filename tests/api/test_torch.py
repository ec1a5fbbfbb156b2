"""A layer of PyTorch as an example: the recipe of the README, run. Left out where torch is not installed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import qkvtui
from tests.package.readmes import FIRST, OTHERS, read

torch = pytest.importorskip("torch")
TOKENS = ["it", "was", "tired"]


def recipe() -> list[str]:
    """The lines of the README that take a layer apart."""
    (block,) = (one for one in read(FIRST).blocks("python") if "in_proj_weight" in one)
    lines = block.splitlines()
    return lines[lines.index("# a layer of PyTorch in three lines") + 1 :]


def captured(layer: Any, x: Any, **also: Any) -> qkvtui.ComputedExample:
    """What the recipe makes of a layer."""
    known = {"qkvtui": qkvtui, "tokens": TOKENS, "layer": layer, "x": x, **also}
    exec("\n".join(recipe()), known)
    trace = known["trace"]
    assert isinstance(trace, qkvtui.ComputedExample)
    return trace


def test_the_recipe_has_three_lines_in_every_language() -> None:
    """A reader of one language would have been given another recipe, or a longer one than was promised."""
    assert len(recipe()) == 3
    for language in OTHERS:
        assert recipe()[0] in "".join(read(language).blocks("python"))


def test_the_recipe_gives_the_layers_own_weights_and_outputs() -> None:
    """A captured layer would have shown numbers that the layer does not have."""
    torch.manual_seed(0)
    layer = torch.nn.MultiheadAttention(8, 2, batch_first=True)
    torch.nn.init.normal_(layer.in_proj_bias)
    torch.nn.init.normal_(layer.out_proj.bias)
    x = torch.randn(1, 3, 8)
    ahead = torch.ones(3, 3, dtype=torch.bool).triu(1)
    output, weights = layer(x, x, x, attn_mask=ahead, average_attn_weights=False)
    trace = captured(layer, x)
    for head in range(2):
        np.testing.assert_allclose(trace[f"weights@{head}"], weights[0, head].detach(), atol=1e-6)
    np.testing.assert_allclose(trace["projected"], output[0].detach(), atol=1e-5)
    assert trace["weights"]["it", "was"] == 0


def test_queries_keys_and_values_of_half_precision_are_taken_from_any_layer() -> None:
    """A model in bfloat16 would have been refused, though float32 holds its numbers exactly."""
    torch.manual_seed(1)
    q, k, v = (torch.randn(1, 2, 3, 4, dtype=torch.bfloat16, requires_grad=True) for _ in range(3))
    trace = qkvtui.from_arrays(TOKENS, Q=q[0], K=k[0], V=v[0], causal=True)
    exact = torch.nn.functional.scaled_dot_product_attention(q.double(), k.double(), v.double(), is_causal=True)
    for head in range(2):
        np.testing.assert_allclose(trace[f"output@{head}"], exact[0, head].detach(), atol=1e-6)
