"""GGUF files made by hand, from the description of the format (ggml, docs/gguf.md); and tiny models in them."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.models.tiny import BERT_WORDS, HEADS, INNER, LAYERS, POSITIONS, WIDTH, Tiny

KINDS = {
    **{"F32": 0, "F16": 1, "Q4_0": 2, "Q4_1": 3, "Q5_0": 6, "Q5_1": 7, "Q8_0": 8},
    **{"Q4_K": 12, "Q5_K": 13, "Q6_K": 14, "F64": 28, "BF16": 30},
}
Stored = tuple[str, tuple[int, ...], bytes]
"""The kind of a tensor, its shape with rows first, and its bytes."""


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def setting(name: str, value: object) -> bytes:
    """A setting as the format has it: its name, the number of its type, its value."""
    match value:
        case bool():
            return text(name) + struct.pack("<IB", 7, value)
        case int():
            return text(name) + struct.pack("<II", 4, value)
        case float():
            return text(name) + struct.pack("<If", 6, value)
        case str():
            return text(name) + struct.pack("<I", 8) + text(value)
        case [str(), *_]:
            return text(name) + struct.pack("<IIQ", 9, 8, len(value)) + b"".join(text(str(one)) for one in value)
        case [int(), *_]:
            return text(name) + struct.pack("<IIQ", 9, 5, len(value)) + np.array(value, "<i4").tobytes()
        case [float(), *_]:
            return text(name) + struct.pack("<IIQ", 9, 6, len(value)) + np.array(value, "<f4").tobytes()
    raise TypeError(value)


def gguf_bytes(settings: Mapping[str, object], tensors: Mapping[str, Stored], *, version: int = 3) -> bytes:
    """A whole file; each tensor begins at a multiple of 32."""
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(settings))
    head += b"".join(setting(name, value) for name, value in settings.items())
    data = b""
    for name, (kind, shape, content) in tensors.items():
        data += bytes(-len(data) % 32)
        axes = struct.pack(f"<I{len(shape)}Q", len(shape), *reversed(shape))
        head += text(name) + axes + struct.pack("<IQ", KINDS[kind], len(data))
        data += content
    return head + bytes(-len(head) % 32) + data


def plain(array: NDArray[Any]) -> Stored:
    """Float32, as they are."""
    return "F32", array.shape, array.astype("<f4").tobytes()


BERT_PARTS = {
    "attn_q": "attention.self.query",
    "attn_k": "attention.self.key",
    "attn_v": "attention.self.value",
    "attn_output": "attention.output.dense",
    "attn_output_norm": "attention.output.LayerNorm",
    "ffn_up": "intermediate.dense",
    "ffn_down": "output.dense",
    "layer_output_norm": "output.LayerNorm",
}
GPT2_PARTS = {
    "attn_norm": "ln_1",
    "attn_qkv": "attn.c_attn",
    "attn_output": "attn.c_proj",
    "ffn_norm": "ln_2",
    "ffn_up": "mlp.c_fc",
    "ffn_down": "mlp.c_proj",
}


def bert_gguf(tiny: Tiny, path: Path) -> Path:
    """The tiny BERT as llama.cpp would write it."""
    table = tiny.tensors
    tensors = {
        "token_embd.weight": plain(table["embeddings.word_embeddings.weight"]),
        "position_embd.weight": plain(table["embeddings.position_embeddings.weight"]),
        "token_types.weight": plain(table["embeddings.token_type_embeddings.weight"]),
    }
    for part in ("weight", "bias"):
        tensors[f"token_embd_norm.{part}"] = plain(table[f"embeddings.LayerNorm.{part}"])
        for layer in range(LAYERS):
            for name, called in BERT_PARTS.items():
                tensors[f"blk.{layer}.{name}.{part}"] = plain(table[f"encoder.layer.{layer}.{called}.{part}"])
    settings: dict[str, object] = {
        "general.architecture": "bert",
        "general.license": "mit",
        "bert.block_count": LAYERS,
        "bert.embedding_length": WIDTH,
        "bert.context_length": POSITIONS,
        "bert.feed_forward_length": INNER,
        "bert.attention.head_count": HEADS,
        "bert.attention.layer_norm_epsilon": 1e-5,
        "bert.attention.causal": False,
        "tokenizer.ggml.model": "bert",
        "tokenizer.ggml.token_type_count": 2,
        "tokenizer.ggml.tokens": [_phantom(word) for word in BERT_WORDS],
    }
    path.write_bytes(gguf_bytes(settings, tensors))
    return path


def _phantom(word: str) -> str:
    if word.startswith("["):
        return word
    return word[2:] if word.startswith("##") else f"▁{word}"


def gpt2_gguf(tiny: Tiny, path: Path, **changed: object) -> Path:
    """The tiny GPT-2 as llama.cpp would write it: matrices turned, as (out, in)."""
    table = tiny.tensors
    tensors = {"token_embd.weight": plain(table["wte.weight"]), "position_embd.weight": plain(table["wpe.weight"])}
    for layer in range(LAYERS):
        for name, called in GPT2_PARTS.items():
            for part in ("weight", "bias"):
                tensors[f"blk.{layer}.{name}.{part}"] = plain(table[f"h.{layer}.{called}.{part}"].T)
    model = json.loads((tiny.path / "tokenizer.json").read_text(encoding="utf-8"))["model"]
    pieces: dict[str, int] = model["vocab"]
    merges: Sequence[Sequence[str]] = model["merges"]
    settings: dict[str, object] = {
        "general.architecture": "gpt2",
        "gpt2.block_count": LAYERS,
        "gpt2.embedding_length": WIDTH,
        "gpt2.context_length": POSITIONS,
        "gpt2.feed_forward_length": 4 * WIDTH,
        "gpt2.attention.head_count": HEADS,
        "gpt2.attention.layer_norm_epsilon": 1e-5,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.tokens": sorted(pieces, key=pieces.__getitem__),
        "tokenizer.ggml.merges": [one if isinstance(one, str) else " ".join(one) for one in merges],
        **changed,
    }
    path.write_bytes(gguf_bytes(settings, tensors))
    return path
