"""Tiny models with random numbers, written as Hugging Face folders."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("safetensors", reason="the extra `models` is not installed: safetensors is missing")
pytest.importorskip("tokenizers", reason="the extra `models` is not installed: tokenizers is missing")

Tensors = dict[str, NDArray[np.float32]]
WIDTH, HEADS, LAYERS, INNER, POSITIONS = 12, 3, 3, 20, 16
TEXT = "the animals was tired."
BERT_WORDS = ["[UNK]", "[PAD]", "[CLS]", "[SEP]", "the", "animal", "was", "tired", "##s", "."]
BERT_TOKENS = ("[CLS]", "the", "animal", "##s", "was", "tired", ".", "[SEP]")
GPT2_TOKENS = ("the", "animal", "##s", "was", "tired", ".")


@dataclass(frozen=True)
class Tiny:
    """A folder and what was written into it."""

    path: Path
    config: Mapping[str, Any]
    tensors: Tensors
    """Without the prefix."""
    ids: tuple[int, ...]
    """What TEXT is to the model."""
    tokens: tuple[str, ...]


def bert(path: Path, *, prefix: str = "", kind: str = "bert", old_names: bool = False, **settings: object) -> Tiny:
    """A BERT, or with `kind` a relative of it; `settings` go into config.json."""
    first = 2 if kind == "roberta" else 0
    config: dict[str, Any] = {
        "model_type": kind,
        "hidden_size": WIDTH,
        "num_attention_heads": HEADS,
        "num_hidden_layers": LAYERS,
        "intermediate_size": INNER,
        "max_position_embeddings": POSITIONS + first,
        "type_vocab_size": 1 if kind == "roberta" else 2,
        "pad_token_id": 1,
        "hidden_act": "gelu",
        "layer_norm_eps": 1e-5,
        **settings,
    }
    tensors = _Random()
    tensors.table("embeddings.word_embeddings.weight", len(BERT_WORDS), WIDTH)
    tensors.table("embeddings.position_embeddings.weight", POSITIONS + first, WIDTH)
    tensors.table("embeddings.token_type_embeddings.weight", config["type_vocab_size"], WIDTH)
    tensors.norm("embeddings.LayerNorm")
    for index in range(LAYERS):
        layer = f"encoder.layer.{index}"
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            tensors.linear(f"{layer}.attention.{part}", WIDTH, WIDTH)
        tensors.norm(f"{layer}.attention.output.LayerNorm")
        tensors.linear(f"{layer}.intermediate.dense", INNER, WIDTH)
        tensors.linear(f"{layer}.output.dense", WIDTH, INNER)
        tensors.norm(f"{layer}.output.LayerNorm")
    ids = (2, 4, 5, 8, 6, 7, 9, 3)
    tiny = Tiny(path, config, tensors.found, ids, BERT_TOKENS)
    stored = {_old(name) if old_names else name: array for name, array in tensors.found.items()}
    return _written(tiny, {prefix + name: array for name, array in stored.items()}, _bert_tokenizer())


def gpt2(path: Path, *, prefix: str = "", **settings: object) -> Tiny:
    """A GPT-2; `settings` go into config.json."""
    config: dict[str, Any] = {
        "model_type": "gpt2",
        "n_embd": WIDTH,
        "n_head": HEADS,
        "n_layer": LAYERS,
        "n_inner": None,
        "n_positions": POSITIONS,
        "activation_function": "gelu_new",
        "layer_norm_epsilon": 1e-5,
        **settings,
    }
    words = ["the", "Ġanimal", "s", "Ġwas", "Ġtired", "."]
    tokenizer, ids = byte_level(words)
    tensors = _Random()
    tensors.table("wte.weight", max(ids) + 1, WIDTH)
    tensors.table("wpe.weight", POSITIONS, WIDTH)
    for index in range(LAYERS):
        layer = f"h.{index}"
        tensors.norm(f"{layer}.ln_1")
        tensors.linear(f"{layer}.attn.c_attn", WIDTH, 3 * WIDTH, bias=3 * WIDTH)
        tensors.linear(f"{layer}.attn.c_proj", WIDTH, WIDTH)
        tensors.norm(f"{layer}.ln_2")
        tensors.linear(f"{layer}.mlp.c_fc", WIDTH, 4 * WIDTH, bias=4 * WIDTH)
        tensors.linear(f"{layer}.mlp.c_proj", 4 * WIDTH, WIDTH, bias=WIDTH)
    tiny = Tiny(path, config, tensors.found, ids, GPT2_TOKENS)
    return _written(tiny, {prefix + name: array for name, array in tensors.found.items()}, tokenizer)


def save_tensors(path: Path, tensors: Mapping[str, NDArray[Any]]) -> None:
    """A .safetensors file."""
    from safetensors.numpy import save_file

    save_file(dict(tensors), str(path))


def save_as_brain_floats(path: Path, upper: Mapping[str, NDArray[Any]]) -> None:
    """A .safetensors file of bfloat16, which NumPy does not have, from the upper halves of float32."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    data = b""
    for name, bits in upper.items():
        start = len(data)
        data += bits.astype("<u2").tobytes()
        header[name] = {"dtype": "BF16", "shape": bits.shape, "data_offsets": [start, len(data)]}
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


class _Random:
    """Tensors with random numbers, large enough for the heads to differ."""

    def __init__(self) -> None:
        self.found: Tensors = {}
        self._rng = np.random.default_rng(6)

    def table(self, name: str, rows: int, columns: int) -> None:
        self.found[name] = self._rng.normal(0, 0.6, (rows, columns)).astype(np.float32)

    def linear(self, name: str, rows: int, columns: int, bias: int | None = None) -> None:
        self.table(f"{name}.weight", rows, columns)
        self.found[f"{name}.bias"] = self._rng.normal(0, 0.3, bias or rows).astype(np.float32)

    def norm(self, name: str) -> None:
        self.found[f"{name}.weight"] = self._rng.normal(1, 0.2, WIDTH).astype(np.float32)
        self.found[f"{name}.bias"] = self._rng.normal(0, 0.2, WIDTH).astype(np.float32)


def _old(name: str) -> str:
    if "LayerNorm" not in name:
        return name
    return name.replace(".weight", ".gamma").replace(".bias", ".beta")


def _written(tiny: Tiny, stored: Tensors, tokenizer: Any) -> Tiny:
    tiny.path.mkdir(parents=True, exist_ok=True)
    (tiny.path / "config.json").write_text(json.dumps(tiny.config), encoding="utf-8")
    save_tensors(tiny.path / "model.safetensors", stored)
    tokenizer.save(str(tiny.path / "tokenizer.json"))
    return tiny


def _bert_tokenizer() -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

    words = {word: index for index, word in enumerate(BERT_WORDS)}
    tokenizer = Tokenizer(models.WordPiece(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = [("[CLS]", 2), ("[SEP]", 3)]
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=special)
    tokenizer.enable_truncation(4)  # sentence-transformers leaves such settings in the file
    tokenizer.enable_padding(length=12, pad_id=1, pad_token="[PAD]")
    return tokenizer


def byte_level(words: Iterable[str], first: Sequence[str] = ()) -> tuple[Any, tuple[int, ...]]:
    """A tokenizer of bytes behind its `first` pieces, with merges that make these words whole; and their rows."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    names = [*first, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    pieces = {piece: index for index, piece in enumerate(names)}
    merges: list[tuple[str, str]] = []
    for word in words:
        made = word[0]
        for letter in word[1:]:
            if (made, letter) not in merges:
                merges.append((made, letter))
            made += letter
            pieces.setdefault(made, len(pieces))
    tokenizer = Tokenizer(models.BPE(pieces, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer, tuple(pieces[word] for word in words)
