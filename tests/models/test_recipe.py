"""The lines of Python in `qkvtui capture --help`, run on stand-ins for torch and transformers."""

from __future__ import annotations

import contextlib
import sys
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from qkvtui.files.read import load
from qkvtui.help_texts import CAPTURE
from qkvtui.trace.trace import Trace
from tests.cli.program import run

WORDS = ["The", "cat", "slept"]
SCALE = 0.3
RNG = np.random.default_rng(3)
Q = RNG.normal(size=(1, 4, 3, 2)).astype(np.float32)
K, V = (RNG.normal(size=(1, 2, 3, 2)).astype(np.float32) for _ in "KV")  # two query heads share one
LOWEST = float(np.finfo(np.float32).min)


class Tensor:
    """As much of a tensor as the recipe asks of one."""

    def __init__(self, given: Any) -> None:
        self._given = given

    def float(self) -> Any:
        return np.asarray(self._given, np.float32)


class Tokenizer:
    """Cuts at blanks."""

    def __call__(self, text: str, return_tensors: str) -> Mapping[str, Any]:
        return {"input_ids": np.arange(len(WORDS))[None]}

    def batch_decode(self, rows: Any) -> list[str]:
        return [" ".join(WORDS[index] for index in row) for row in rows]


class Registry:
    """Functions by name, as AttentionInterface and AttentionMaskInterface keep them."""

    def __init__(self) -> None:
        self.known: dict[str, Callable[..., Any]] = {}

    def register(self, name: str, function: Callable[..., Any]) -> None:
        self.known[name] = function


def no_mask(name: str) -> None:
    """What transformers hands to an attention for which no mask function is registered."""


def stand_ins(*, causal: bool) -> dict[str, ModuleType]:
    """The modules that the recipe imports; the model has one layer."""
    attentions, masks = Registry(), Registry()

    def eager_attention_forward(module: Any, q: Any, k: Any, v: Any, mask: Any, **more: Any) -> tuple[str, None]:
        return "attended", None

    attention_of_model = type("TinyAttention", (), {"__module__": "modeling_tiny"})()

    def eager_mask(name: str) -> Any:
        return np.where(np.tri(3), 0, LOWEST).astype(np.float32)[None, None] if causal else None

    def model_of(path: str, attn_implementation: str) -> Callable[..., None]:
        def forward(input_ids: Any) -> None:
            mask = masks.known.get(attn_implementation, no_mask)(attn_implementation)
            attention = attentions.known[attn_implementation]
            assert attention(attention_of_model, Q, K, V, mask, dropout=0.0, scaling=SCALE) == ("attended", None)

        return forward

    class AutoTokenizer:
        from_pretrained = staticmethod(lambda path: Tokenizer())

    class AutoModel:
        from_pretrained = staticmethod(model_of)

    return {
        "torch": module("torch", as_tensor=Tensor, no_grad=contextlib.nullcontext),
        "transformers": module(
            "transformers",
            AttentionInterface=attentions,
            AttentionMaskInterface=masks,
            AutoTokenizer=AutoTokenizer,
            AutoModel=AutoModel,
        ),
        "modeling_tiny": module("modeling_tiny", eager_attention_forward=eager_attention_forward),
        "transformers.masking_utils": module("masking_utils", eager_mask=eager_mask),
    }


def module(name: str, **content: Any) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(content)
    return made


@pytest.fixture(params=[True, False], ids=["decoder", "encoder"])
def causal(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Runs the recipe in `tmp_path`, on a model that is causal or is not."""
    for name, stand_in in stand_ins(causal=request.param).items():
        monkeypatch.setitem(sys.modules, name, stand_in)
    monkeypatch.chdir(tmp_path)
    lines = [line for line in "\n".join(CAPTURE.notes).split("\n") if line.startswith("  ")]
    exec(textwrap.dedent("\n".join(lines)), {"NAME": "there"})
    return bool(request.param)


def test_what_the_recipe_saves_is_what_the_model_attends_to(causal: bool, tmp_path: Path) -> None:
    """Whoever followed the help would have got a decoder's head that looks ahead, or another scale."""
    ended = run("capture", "--from", "arrays.npz", "-o", "it.toml")
    assert (ended.status, ended.messages) == (0, "")
    assert ("there was no mask" in ended.output) == (not causal)
    trace = Trace(load(str(tmp_path / "it.toml")))
    assert trace.example.tokens == tuple(WORDS)
    scores = SCALE * Q[0] @ K[0].repeat(2, 0).swapaxes(1, 2)  # (h, t, s)
    seen = np.exp(np.where(np.tri(3), scores, -np.inf) if causal else scores)
    for head in range(4):
        assert trace.matrix("weights", head) == pytest.approx(seen[head] / seen[head].sum(-1, keepdims=True), abs=1e-6)


def test_the_recipe_can_be_copied_from_a_terminal() -> None:
    """A line of it would have been broken in two."""
    assert max(len(line) for note in CAPTURE.notes if note.startswith(" ") for line in note.split("\n")) <= 79


_MODEL = {
    **{"vocab_size": 50, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4},
    **{"intermediate_size": 32, "max_position_embeddings": 64},
}
_SHARED = {**_MODEL, "num_key_value_heads": 2}
_SMALL = {**_SHARED, "head_dim": 4, "sliding_window": 3}
FAMILIES: dict[str, dict[str, Any]] = {
    "Bert": _MODEL,
    "Llama": _SHARED,
    "Qwen3": {**_SHARED, "head_dim": 4},
    "Gemma2": {**_SMALL, "attn_logit_softcapping": 0.5, "query_pre_attn_scalar": 4},
    "Gemma3Text": _SMALL,
    "GptOss": {**_SMALL, "num_local_experts": 2, "num_experts_per_tok": 1},
    "GPTNeoX": _MODEL,
    "T5": {"vocab_size": 50, "d_model": 16, "d_kv": 4, "d_ff": 32, "num_layers": 2, "num_heads": 4},
}
"""Families whose scores are each made in a way of their own."""


@pytest.mark.parametrize("family", FAMILIES)
def test_the_recipe_saves_what_real_models_attend_to(family: str, tmp_path: Path) -> None:
    """Whoever followed the help would have got another head than the model's, and nothing to tell."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    hf = pytest.importorskip("transformers", reason="transformers is not installed")
    lines = next(note for note in CAPTURE.notes if note.startswith("  "))
    told: dict[str, Any] = {}
    exec(textwrap.dedent(lines.partition("  tokenizer = ")[0]), told)
    keep, weights = told["keep"], []

    def watched(*given: Any, **more: Any) -> Any:
        done = keep(*given, **more)
        weights.append(done[1])
        return done

    hf.AttentionInterface.register("keep", watched)
    torch.manual_seed(3)
    config = getattr(hf, f"{family}Config")(**FAMILIES[family])
    model = getattr(hf, f"{family}Model")._from_config(config, attn_implementation="keep").eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.6)
    ids = torch.tensor([[3, 7, 9, 3, 11, 12, 7]])
    with torch.no_grad():
        model(ids, **({"decoder_input_ids": ids} if family == "T5" else {}))
    assert len(told["layers"]) == len(weights) >= 2
    for layer, wanted in zip(told["layers"], weights, strict=True):
        np.savez(tmp_path / "arrays.npz", **{name: torch.as_tensor(x).float().detach() for name, x in layer.items()})
        ended = run("capture", "--from", tmp_path / "arrays.npz", "-o", tmp_path / "it.toml", "--force")
        assert (ended.status, ended.messages) == (0, "")
        trace = Trace(load(str(tmp_path / "it.toml")))
        for head in range(4):
            assert trace.matrix("weights", head) == pytest.approx(wanted[0, head].numpy(), abs=1e-5)
