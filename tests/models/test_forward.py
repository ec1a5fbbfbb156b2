"""What enters a head, and what it does, against the same model in plain Python."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qkvtui.engine.activations import ACTIVATIONS, erf
from qkvtui.engine.arrays import FloatArray
from qkvtui.graph.example import Example
from qkvtui.models.curves import CURVES as OURS
from qkvtui.models.whole import read_model
from qkvtui.trace.captured import capture_layer
from qkvtui.trace.survey import survey
from qkvtui.trace.trace import Trace
from tests.models.plain import CURVES, Entered, bert_layers, gpt2_layers
from tests.models.tiny import HEADS, LAYERS, TEXT, WIDTH, Tiny, bert, gpt2
from tests.oracle import reference

CLOSE = 1e-5
D_K = WIDTH // HEADS


def quiet(done: int, count: int) -> None:
    """Nobody watches."""


def captured(tiny: Tiny, layer: int, head: int) -> Example:
    return capture_layer(read_model(str(tiny.path), TEXT), layer, head, None, quiet)


def expected(tiny: Tiny, bend: str = "") -> list[Entered]:
    """Each layer in plain Python, from float64 copies of the tensors."""
    tensors: dict[str, Any] = {name: array.astype(np.float64).tolist() for name, array in tiny.tensors.items()}
    if tiny.config["model_type"] == "gpt2":
        return gpt2_layers(tensors, tiny.config, tiny.ids, bend or "gelu_new")
    return bert_layers(tensors, tiny.config, tiny.ids, bend or "gelu")


def far(one: FloatArray, other: Any) -> float:
    """How far apart they are, relative to numbers above 1."""
    wanted = np.array(other)
    assert one.shape == wanted.shape
    return float((np.abs(one - wanted) / np.maximum(1.0, np.abs(wanted))).max())


def assert_agrees(tiny: Tiny, bend: str = "") -> None:
    layers = expected(tiny, bend)
    for layer, entered in enumerate(layers):
        for head in range(HEADS):
            example = captured(tiny, layer, head)
            columns = slice(head * D_K, (head + 1) * D_K)
            assert example.inputs["X"].dtype == np.float32
            assert far(example.inputs["X"], entered.x) < CLOSE
            for letter in "QKV":
                wanted = np.array(entered.parameters[f"W_{letter}"])[:, columns]
                assert far(example.parameters[f"W_{letter}"], wanted) == 0
                assert far(example.parameters[f"b_{letter}"], entered.parameters[f"b_{letter}"][columns]) == 0
            assert far(Trace(example).matrix("weights", 0), entered.weights[head]) < CLOSE


@pytest.mark.parametrize("prefix", ["", "bert."])
def test_every_head_of_a_bert_is_the_one_in_plain_python(tmp_path: Path, prefix: str) -> None:
    """A learner would have seen another head than the model's, with nothing to tell."""
    assert_agrees(bert(tmp_path / "model", prefix=prefix))


def test_a_roberta_counts_its_positions_from_the_padding(tmp_path: Path) -> None:
    """Every token would have been taken for one that stands two places earlier."""
    assert_agrees(bert(tmp_path / "model", prefix="roberta.", kind="roberta"))


def test_old_names_of_normalisation_are_known(tmp_path: Path) -> None:
    """bert-base-uncased itself, which says gamma and beta, would have been refused."""
    assert_agrees(bert(tmp_path / "model", prefix="bert.", old_names=True))


@pytest.mark.parametrize("prefix", ["", "transformer."])
def test_every_head_of_a_gpt2_is_the_one_in_plain_python(tmp_path: Path, prefix: str) -> None:
    """GPT-2's normalisation before the head, or its side-by-side matrices, would have been missed."""
    tiny = gpt2(tmp_path / "model", prefix=prefix)
    assert_agrees(tiny)
    assert captured(tiny, 1, 2).attention.causal


def test_a_gpt2_that_divides_by_the_layer_keeps_its_scale(tmp_path: Path) -> None:
    """Attention in the last layers would have looked much sharper than it is."""
    tiny = gpt2(tmp_path / "model", scale_attn_by_inverse_layer_idx=True)
    assert_agrees(tiny)
    assert captured(tiny, 0, 0).attention.scale == "1/sqrt(d_k)"
    assert captured(tiny, 1, 0).attention.scale == pytest.approx(1 / math.sqrt(D_K) / 2)


def test_a_gpt2_without_scale_says_so(tmp_path: Path) -> None:
    """The lesson would have shown a division that the model does not make."""
    assert captured(gpt2(tmp_path / "model", scale_attn_weights=False), 0, 0).attention.scale == "none"


@pytest.mark.parametrize("bend", ["gelu_new", "relu", "silu"])
def test_the_curve_is_the_one_that_the_configuration_names(tmp_path: Path, bend: str) -> None:
    """From the second layer on, every number would have been a little wrong."""
    assert_agrees(bert(tmp_path / "model", hidden_act=bend), bend)


@pytest.mark.parametrize("name", sorted(CURVES))
def test_each_curve_agrees_with_its_definition(name: str) -> None:
    """Large or small numbers would have been bent otherwise than in the model."""
    x = np.concatenate([np.linspace(-9, 9, 4001), [0.0, -0.0, 30.0, -30.0]])
    assert far(ACTIVATIONS[OURS[name]][0](x), [CURVES[name](float(one)) for one in x]) < 1e-10
    assert ACTIVATIONS[OURS[name]][0](x.astype(np.float32)).dtype == np.float32


def test_the_error_function_is_exact_enough_for_float64() -> None:
    """Exact GELU would have been an approximation after all."""
    x = np.linspace(-7, 7, 10_001)
    assert far(erf(x), [math.erf(float(one)) for one in x]) < 1e-10
    assert erf(np.array([-np.inf, np.inf])).tolist() == [-1.0, 1.0]
    assert np.isnan(erf(np.array([np.nan]))).all()


@pytest.mark.parametrize("make", [bert, gpt2])
def test_the_list_gives_each_head_its_own_weights(tmp_path: Path, make: Any) -> None:
    """The head one chose from the list would have done something else when it was captured."""
    tiny = make(tmp_path / "model")
    layers = expected(tiny)
    found = survey(read_model(str(tiny.path), TEXT), "tired", None, quiet)
    assert sorted((one.layer, one.head) for one in found.heads) == [(i, j) for i in range(LAYERS) for j in range(HEADS)]
    for one in found.heads:
        wanted = layers[one.layer].weights[one.head][found.query]
        assert far(one.weights, wanted) < CLOSE
        assert one.top.weight == max(one.weights)
        assert tiny.tokens[one.top.index] == one.top.token
    shares = [one.word.weight if one.word else 0.0 for one in found.heads]
    assert shares == sorted(shares, reverse=True)


def test_the_list_looks_for_distant_words_only(tmp_path: Path) -> None:
    """The top of the list would have been heads that look one token back, or at [CLS]."""
    found = survey(read_model(str(bert(tmp_path / "bert").path), TEXT), "tired", None, quiet)
    assert {one.word.token for one in found.heads if one.word} <= {"the", "animal", "##s"}
    found = survey(read_model(str(gpt2(tmp_path / "gpt2").path), TEXT), "tired", 1, quiet)
    assert {one.word.token for one in found.heads if one.word} <= {"animal", "##s"}
    assert {one.layer for one in found.heads} == {1}
    found = survey(read_model(str(gpt2(tmp_path / "gpt2").path), TEXT), "0", None, quiet)
    assert {one.word for one in found.heads} == {None}


@pytest.mark.parametrize("make", [bert, gpt2])
def test_a_whole_layer_is_its_heads_and_what_mixes_them(tmp_path: Path, make: Any) -> None:
    """`]` would have led to another head than the model's, or the last step away from what W_O makes of them."""
    tiny = make(tmp_path / "model")
    for layer, entered in enumerate(expected(tiny)):
        example = capture_layer(read_model(str(tiny.path), TEXT), layer, None, None, quiet)
        trace = Trace(example)
        for head in range(HEADS):
            assert far(trace.matrix("weights", head), entered.weights[head]) < CLOSE
        for name in ("W_Q", "b_V", "W_O", "b_O"):
            assert far(example.parameters[name], entered.parameters[name]) == 0
        settings = {"heads": HEADS, "kv_heads": HEADS, "causal": example.attention.causal}
        wanted = reference({"X": entered.x}, entered.parameters, settings)
        assert wanted.projected is not None
        assert far(trace.matrix("projected", 0), wanted.projected) < 3 * CLOSE  # W_O adds up all heads
