"""Models of every family opened whole: their numbers, and where each of them comes from."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from qkvtui.models.whole import model_example
from qkvtui.operations.tensors import Address
from qkvtui.trace.addresses import parse_address
from qkvtui.trace.trace import Trace
from qkvtui.trace.why import MOST_OF_A_MODEL, Node, why
from tests.models.families import FAMILIES, TEXTS, TinyFamily, family, in_transformers
from tests.models.families_oracle import told_by

pytest.importorskip("tokenizers", reason="the extra `models` is not installed: tokenizers is missing")

CLOSE = 1e-5


def opened(tiny: TinyFamily, language: str = "en") -> Trace:
    return Trace(model_example(str(tiny.path), TEXTS[language]))


def left_of(trace: Trace) -> np.ndarray:
    """What a layer leaves, normed where that is the end of the model."""
    return trace.matrix("normed_left" if trace.has("normed_left") else "left")


def weights_of(trace: Trace) -> np.ndarray:
    return np.array([trace.matrix("weights", head) for head in range(trace.shape.heads)])


def logits_of(trace: Trace) -> np.ndarray | None:
    name = next((one for one in ("capped_logits", "logits") if trace.has(one)), None)
    return None if name is None else trace.matrix(name)


@pytest.mark.sampled(8)
@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("name", FAMILIES)
def test_every_layer_is_what_numpy_makes_of_the_tensors(name: str, language: str, tmp_path: Path) -> None:
    """A norm at the wrong place, a forgotten scale or the wrong heads gave numbers that look right."""
    tiny = family(name, tmp_path / name)
    trace = opened(tiny, language)
    told = told_by(tiny.tensors, tiny.config, list(trace.example.ids))
    layers = [trace.at_layer(layer) for layer in range(len(trace.example.layers))]
    assert len(layers) == len(told.left)
    for layer, left, weights in zip(layers, told.left, told.weights, strict=True):
        assert np.abs(left_of(layer) - left).max() < CLOSE
        assert np.abs(weights_of(layer) - weights).max() < CLOSE
    found = logits_of(layers[-1])
    assert (found is None) == (told.logits is None)
    if found is not None and told.logits is not None:
        assert np.abs(found - told.logits).max() < CLOSE


@pytest.mark.sampled(12)
@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("name", FAMILIES)
def test_every_layer_is_what_transformers_makes_of_the_folder(name: str, language: str, tmp_path: Path) -> None:
    """Somebody would have compared the screen with what their own program prints, and found other numbers."""
    tiny = family(name, tmp_path / name)
    torch, model = in_transformers(tiny)
    trace = opened(tiny, language)
    with torch.no_grad():
        told = model(torch.tensor([trace.example.ids]), output_hidden_states=True, output_attentions=True)
    for index in range(len(trace.example.layers)):
        layer = trace.at_layer(index)
        assert np.abs(left_of(layer) - told.hidden_states[index + 1][0].numpy()).max() < CLOSE
        assert np.abs(weights_of(layer) - told.attentions[index][0].numpy()).max() < CLOSE
    found = logits_of(trace.at_layer(len(trace.example.layers) - 1))
    if found is not None and hasattr(told, "logits"):
        assert np.abs(found - told.logits[0].numpy()).max() < CLOSE


@pytest.mark.parametrize("name", ["smollm", "llama3", "mistral", "qwen2"])
def test_a_folder_of_transformers_4_is_the_same_model(name: str, tmp_path: Path) -> None:
    """Most folders there are were written by older versions, which say theta elsewhere: all places would be wrong."""
    new, old = family(name, tmp_path / "new"), family(name, tmp_path / "old", older=True)
    last = len(opened(new).example.layers) - 1
    assert (left_of(opened(new).at_layer(last)) == left_of(opened(old).at_layer(last))).all()


PLACE = re.compile(
    r"model\.safetensors, (?P<tensor>[\w.]+)"
    r"(?:, row (?P<row>\d+))?, column (?P<column>\d+)(?:, and (?P<less>\d+) more)?"
)


def leaves(node: Node) -> list[Node]:
    below = [one for term in node.terms for one in leaves(term)]
    return [node] if node.given else below


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", FAMILIES)
def test_every_number_opens_down_to_the_tensor_of_the_file(name: str, tmp_path: Path) -> None:
    """The row and the column that `why` names held another number, or none."""
    tiny = family(name, tmp_path / name)
    trace = opened(tiny).at_layer(1)
    tensors = set()
    for step, layer in (("queries", trace), ("values", trace), ("left", trace), ("embeddings", trace.at_layer(0))):
        cell = Address(step, 1, 1, 1 if trace.graph.rows[step].per_head else 0)
        for leaf in leaves(why(layer, cell, depth=6, most=2)):
            found = PLACE.fullmatch(str(leaf.given[0]))
            if found is None:
                assert str(leaf.given[0]).startswith(("attention.", "blocks[", "vocabulary.", "readout.")), leaf
                continue
            tensor = tiny.tensors[found["tensor"]]
            index = (int(found["row"]), int(found["column"])) if found["row"] else (int(found["column"]),)
            assert leaf.value == pytest.approx(float(tensor[index]) + float(found["less"] or 0), rel=1e-6), leaf
            tensors.add(found["tensor"])
    assert len(tensors) > 5


def test_an_address_in_a_layer_names_the_models_own_tensor(tmp_path: Path) -> None:
    """Whoever wanted to look a number up in PyTorch would have had to guess where it is."""
    trace = opened(family("gpt2", tmp_path / "gpt2"))
    said = why(trace, parse_address(trace, "W_K@2[5,3]")).given[0]
    assert str(said) == "model.safetensors, transformer.h.2.attn.c_attn.weight, row 5, column 19"
    trace = opened(family("bert", tmp_path / "bert"))
    said = why(trace, parse_address(trace, "W_K@2[5,3]")).given[0]
    assert str(said) == "model.safetensors, encoder.layer.2.attention.self.key.weight, row 3, column 5"


def numbers_in(node: Node) -> int:
    return 1 + sum(map(numbers_in, node.terms))


def test_without_a_depth_a_number_of_a_late_layer_is_opened_as_far_as_a_reader_follows(tmp_path: Path) -> None:
    """Everything below it is opened: `why` of a model's number ran for minutes, and ended in thousands of lines."""
    trace = opened(family("bert", tmp_path / "bert"))
    last = trace.at_layer(len(trace.layers or ()) - 1)
    tree = why(last, Address("left", 1, 1))
    assert 50 < numbers_in(tree) <= MOST_OF_A_MODEL
    depth = next(depth for depth in range(1, 30) if why(last, Address("left", 1, 1), depth=depth) == tree)
    assert numbers_in(why(last, Address("left", 1, 1), depth=depth + 1)) > MOST_OF_A_MODEL
