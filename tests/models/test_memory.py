"""How much of a model's file stays in memory: what was looked at is given back."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from qkvtui.files.tensors import TensorFile
from qkvtui.models.gguf import GgufFile
from qkvtui.models.weights import HeldTensor, StoredTensors, Weights
from tests.models.made_gguf import gguf_bytes
from tests.models.tiny import save_tensors

ROWS, WIDTH = 4096, 2048
SHAPE = (ROWS, WIDTH)
SIZE = ROWS * WIDTH * 4
NUMBERS = np.ones(SHAPE, np.float32)


def mapped_memory() -> int:
    """Bytes of files that count as this process's."""
    found = re.search(r"RssFile:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) * 1024


def stored(path: Path, kind: str) -> StoredTensors:
    if kind == "gguf":
        path.write_bytes(gguf_bytes({}, {"w": ("F32", SHAPE, NUMBERS.tobytes())}))
        return GgufFile(str(path))
    save_tensors(path, {"w": NUMBERS})
    return TensorFile(str(path))


@pytest.mark.parametrize("kind", ["gguf", "safetensors"])
def test_what_was_looked_at_of_a_model_is_given_back(kind: str, tmp_path: Path) -> None:
    """Who walked through a model held all of its file in memory, thirty times in a class of thirty."""
    weights = Weights({"w": HeldTensor(stored(tmp_path / "model", kind), "model", "w")}, "model", ("F32",))
    before = mapped_memory()
    assert weights.part("w", SHAPE, 0, ROWS).sum() == ROWS * WIDTH  # looked at once more: it may be the file itself
    again = weights.part("w", SHAPE, 0, 1)
    assert again.shape == (1, WIDTH)
    assert mapped_memory() - before < SIZE // 4
