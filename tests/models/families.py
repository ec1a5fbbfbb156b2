"""Tiny models of every family: the settings and tensors' names that transformers writes, with random numbers.

`families.json` and `encoder_decoders.json` were written by transformers 5.24 (save_pretrained); the numbers are drawn
here, always the same.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.models.tiny import byte_level, save_tensors


def _written(name: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
    return found


FAMILIES = _written("families.json")
PAIRS = _written("encoder_decoders.json")
"""Encoders with decoders."""
TEXTS = {"en": "The cat sat on the mat", "zh": "猫坐着"}


@dataclass(frozen=True)
class TinyFamily:
    """A folder, and what lies in it."""

    name: str
    path: Path
    config: dict[str, Any]
    tensors: dict[str, np.ndarray]


def family(name: str, path: Path, *, older: bool = False) -> TinyFamily:
    """The folder of a family; `older` as transformers 4 wrote it, with rope_theta beside the other settings."""
    given = {**FAMILIES, **PAIRS}[name]
    config = dict(given["config"])
    if older:
        rope = config.pop("rope_parameters")
        config["rope_theta"] = rope["rope_theta"]
        config["rope_scaling"] = None if rope["rope_type"] == "default" else rope
    rng = np.random.default_rng(sum(map(ord, name)))
    tensors = {tensor: _drawn(rng, tensor, shape, name) for tensor, shape in given["tensors"].items()}
    path.mkdir(parents=True)
    (path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    save_tensors(path / "model.safetensors", tensors)
    tokenizer, _ = byte_level(("Ġcat", "Ġthe", "Ġsat", "The"), ("<s>", "<pad>", "</s>"))
    tokenizer.save(str(path / "tokenizer.json"))
    return TinyFamily(name, path, config, tensors)


def _drawn(rng: np.random.Generator, tensor: str, shape: list[int], name: str) -> np.ndarray:
    if len(shape) > 1:
        found = rng.normal(0, 0.25, shape)
    elif tensor.endswith("weight"):
        found = rng.normal(0 if "gemma" in name else 1, 0.2, shape)
    else:
        found = rng.normal(0, 0.3, shape)
    return found.astype(np.float32)


def in_transformers(tiny: TinyFamily) -> tuple[Any, Any]:
    """PyTorch, and the folder as transformers opens it, every step as it is written; skips where one is missing."""
    torch: Any = pytest.importorskip("torch", reason="torch is not installed")
    transformers: Any = pytest.importorskip("transformers", reason="transformers is not installed")
    kind = getattr(transformers, tiny.config["architectures"][0])
    return torch, kind.from_pretrained(str(tiny.path), attn_implementation="eager", dtype=torch.float32).eval()
