"""A task of two layers beside PyTorch, which finds the gradients by itself. Left out where torch is not installed."""

from __future__ import annotations

import tomllib
from typing import Any

import numpy as np
import pytest

from qkvtui.trace.learning import descent_of, learn_of, task_of
from qkvtui.trace.trace import Trace
from tests.blocks.drawn import read
from tests.blocks.learning import words_to_learn
from tests.cli.program import REPOSITORY

torch = pytest.importorskip("torch")
CURVES: dict[str, Any] = {
    "relu": torch.nn.functional.relu,
    "gelu": torch.nn.functional.gelu,
    "gelu_tanh": lambda x: torch.nn.functional.gelu(x, approximate="tanh"),
    "silu": torch.nn.functional.silu,
}


def as_tensors(structure: Any) -> Any:
    """The tables of a file, with tensors that autograd follows for its tables of numbers."""
    if isinstance(structure, dict):
        return {key: value if key == "learn" else as_tensors(value) for key, value in structure.items()}
    if isinstance(structure, list) and structure and isinstance(structure[0], dict):
        return [as_tensors(one) for one in structure]
    is_table = isinstance(structure, list) and np.asarray(structure, dtype=object).dtype == object
    if is_table and not isinstance(structure[0], str):
        return torch.tensor(structure, dtype=torch.float64, requires_grad=True)
    return structure


def normed(x: Any, kind: str, epsilon: float, gain: Any, bias: Any) -> Any:
    """Its own LayerNorm; RMSNorm as its documentation has it."""
    if kind == "layer":
        return torch.nn.functional.layer_norm(x, x.shape[-1:], gain, bias, epsilon)
    found = torch.nn.functional.rms_norm(x, x.shape[-1:], gain, epsilon)
    return found if bias is None else found + bias


def attended(x: Any, p: dict[str, Any], settings: dict[str, Any]) -> Any:
    """Its own attention, heads side by side."""
    heads = settings.get("heads", 1)
    kv_heads = settings.get("kv_heads", heads)
    q, k, v = (x @ p[f"W_{one}"] + p.get(f"b_{one}", 0.0) for one in "QKV")
    q = q.unflatten(-1, (heads, -1)).transpose(0, 1)
    k, v = (one.unflatten(-1, (kv_heads, -1)).transpose(0, 1) for one in (k, v))
    k, v = (one.repeat_interleave(heads // kv_heads, 0) for one in (k, v))
    found = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=settings.get("causal", False))
    found = found.transpose(0, 1).flatten(1)
    return found @ p["W_O"] + p.get("b_O", 0.0) if "W_O" in p else found


def layer(x: Any, block: dict[str, Any]) -> Any:
    """What one block leaves."""
    p, norm = block["parameters"], block.get("norm", "none")
    kind, epsilon = block.get("kind", "layer"), block.get("epsilon", 1e-5)

    def size(rows: Any, letter: str, *when: str) -> Any:
        return normed(rows, kind, epsilon, p.get(f"g_{letter}"), p.get(f"b_{letter}n")) if norm in when else rows

    stream = size(x + attended(size(x, "1", "before"), p, block.get("attention", {})), "1", "after")
    if block.get("mlp", "none") == "none":
        return stream
    entering = size(x if block.get("parallel") else stream, "2", "before", "mlp")
    curve, hidden = CURVES[block["mlp"]], entering @ p["W_1"] + p.get("b_1", 0.0)
    inner = curve(entering @ p["W_G"] + p.get("b_G", 0.0)) * hidden if block.get("gated") else curve(hidden)
    return size(stream + inner @ p["W_2"] + p.get("b_2", 0.0), "2", "after")


def loss(model: dict[str, Any]) -> Any:
    """The mean of the cross-entropies of the words that are wanted."""
    vocabulary, readout, losses = model["vocabulary"], model["readout"], []
    words, last = vocabulary["tokens"], model["blocks"][-1]
    for sentence in model["learn"]["sentences"]:
        tokens = sentence["tokens"]
        x = vocabulary["E"][[words.index(token) for token in tokens]]
        x = x + sines(*x.shape) if vocabulary.get("positions") == "sinusoidal" else x
        if torch.is_tensor(vocabulary.get("positions")):
            x = x + vocabulary["positions"][: len(tokens)]
        for block in model["blocks"]:
            x = layer(x, block)
        if readout.get("norm"):
            epsilon = last.get("epsilon", 1e-5)
            x = normed(x, last.get("kind", "layer"), epsilon, readout.get("g_U"), readout.get("b_Un"))
        logits = x @ (vocabulary["E"].T if readout.get("tied") else readout["W_U"]) + readout.get("b_U", 0.0)
        logits = logits / readout.get("temperature", 1.0)
        if "word" in sentence:
            asked = sentence.get("query", len(tokens) - 1)
            rows, wanted = [tokens.index(asked) if isinstance(asked, str) else asked], [sentence["word"]]
        else:
            rows, wanted = list(range(len(tokens) - 1)), tokens[1:]
        target = torch.tensor([words.index(word) for word in wanted])
        losses.append(torch.nn.functional.cross_entropy(logits[rows], target, reduction="none"))
    return torch.cat(losses).mean()


def sines(count: int, width: int) -> Any:
    """Sinusoidal positions (Vaswani et al. 2017, section 3.5)."""
    place, column = torch.arange(count, dtype=torch.float64)[:, None], torch.arange(0, width, 2, dtype=torch.float64)
    angles = (place / 10000 ** (column / width)).repeat_interleave(2, 1)[:, :width]
    return torch.where(torch.arange(width) % 2 == 0, angles.sin(), angles.cos())


def check(structure: dict[str, Any]) -> None:
    """The loss and every gradient, to 1e-8."""
    example, model = read(structure), as_tensors(structure)
    expected = loss(model)
    expected.backward()
    found = Trace(example).backward
    assert found.loss == pytest.approx(expected.item(), rel=1e-12)
    gradients = descent_of(example, task_of(example)).packing.unpack(found.gradient)
    assert set(gradients) == set(learn_of(example).train)
    for name, gradient in gradients.items():
        plain, _, at = name.partition("@")
        tables = [model["vocabulary"], model["readout"], model["blocks"][int(at or 0)]["parameters"]]
        (tensor,) = (table[plain] for table in tables if plain in table)
        wanted = np.zeros(tensor.shape) if tensor.grad is None else tensor.grad.numpy()
        least = 1e-9 * max(1.0, float(np.abs(wanted).max()))  # what cancels has the digits of its summands
        np.testing.assert_allclose(gradient, wanted, rtol=1e-8, atol=least, err_msg=name)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("seed", range(28))
def test_two_layers_learn_as_torch_would_have_them_learn(seed: int) -> None:
    """A gradient that is wrong in one curve or norm still makes the loss fall, and nobody would have seen it."""
    check(words_to_learn(seed, 2))


def test_the_lesson_of_two_layers_has_torchs_gradients() -> None:
    """What a learner opens number by number was not what a framework computes."""
    check(tomllib.loads((REPOSITORY / "examples" / "two-layers-learn.toml").read_text(encoding="utf-8")))
