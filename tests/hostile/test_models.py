"""Models from who knows where: settings, tokenizer and tensors with something wrong in them."""

from __future__ import annotations

import json
import math
import random
import struct
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.hostile.changes import broken, change_somewhere
from tests.hostile.forked import Failure, failures_of
from tests.models.families import FAMILIES, TEXTS, family
from tests.models.made_gguf import bert_gguf, gpt2_gguf
from tests.models.tiny import TEXT, bert, gpt2

pytest.importorskip("tokenizers", reason="the extra `models` is not installed: tokenizers is missing")

CASES, A_TEST = 240, 40
SETTINGS, TOKENIZER, TENSORS = "config.json", "tokenizer.json", "model.safetensors"
_LENGTH = 8
"""Bytes before the header of a .safetensors file, which say how long it is."""


def _changed_json(path: Path, rng: random.Random) -> None:
    found = json.loads(path.read_text(encoding="utf-8"))
    for _ in range(rng.choice((1, 1, 2, 4))):
        change_somewhere(found, rng)
    path.write_text(json.dumps(found), encoding="utf-8")


def _changed_bytes(path: Path, rng: random.Random) -> None:
    path.write_bytes(broken(path.read_bytes(), rng))


def _changed_header(path: Path, rng: random.Random) -> None:
    """Another name, type, shape or place of a tensor, in a header of the right length."""
    data = path.read_bytes()
    end = _LENGTH + int.from_bytes(data[:_LENGTH], "little")
    header = json.loads(data[_LENGTH:end])
    change_somewhere(header, rng)
    said = json.dumps(header).encode()
    path.write_bytes(len(said).to_bytes(_LENGTH, "little") + said + data[end:])


def _changed_setting(path: Path, rng: random.Random) -> None:
    """Another value that a model could have, but not this one."""
    found = json.loads(path.read_text(encoding="utf-8"))
    name = rng.choice(sorted(found))
    match found[name]:
        case bool():
            found[name] = not found[name]
        case int():
            found[name] = rng.choice((0, 1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 37, 1000, -1))
        case float():
            found[name] = rng.choice((0.0, 1e-12, 0.5, 1.0, -1.0, 1e4, 1e30))
        case _:
            found[name] = FAMILIES[rng.choice(sorted(FAMILIES))]["config"].get(name, 2)
    path.write_text(json.dumps(found), encoding="utf-8")


def _changed_numbers(path: Path, rng: random.Random) -> None:
    """A number of a tensor that is none, or too large."""
    data = bytearray(path.read_bytes())
    first = _LENGTH + int.from_bytes(data[:_LENGTH], "little")
    for _ in range(rng.choice((1, 3, 200))):
        at = rng.randrange((len(data) - first) // 4) * 4 + first
        data[at : at + 4] = struct.pack(
            "<f", rng.choice((math.nan, math.inf, -math.inf, 3e38, -1e30, 1e20, 1e-45, 0.0))
        )
    path.write_bytes(data)


def _changed_gguf(path: Path, rng: random.Random) -> None:
    """A bit of its settings, of what it says of its tensors, or of their numbers; or its end is missing."""
    data = bytearray(path.read_bytes())
    for _ in range(rng.choice((1, 1, 3))):
        data[rng.randrange(_LENGTH, len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(data[: rng.choice((len(data),) * 5 + (rng.randrange(len(data)),))])


CHANGES: tuple[tuple[str, Callable[[Path, random.Random], None]], ...] = (
    *[(SETTINGS, _changed_setting)] * 6,
    *[(TENSORS, _changed_numbers)] * 3,
    (SETTINGS, _changed_json),
    *[(TOKENIZER, _changed_json)] * 2,
    (TENSORS, _changed_header),
    *[(name, _changed_bytes) for name in (SETTINGS, TOKENIZER, TENSORS)],
)


def _model(folder: Path, rng: random.Random) -> tuple[str, str]:
    """A model with something wrong, and what it is to read."""
    if rng.random() < 0.25:
        tiny, write = rng.choice(((bert, bert_gguf), (gpt2, gpt2_gguf)))
        path = write(tiny(folder / "plain"), folder / "tiny.gguf")
        _changed_gguf(path, rng)
        return path.name, TEXT
    name = rng.choice(sorted(FAMILIES))
    path = family(name, folder / "model").path
    file, change = rng.choice(CHANGES)
    change(path / file, rng)
    return "model", rng.choice((*TEXTS.values(), "[/red]\x1b[2J 👨‍👩‍👧 \u202e", "cat " * 40))


def _commands(model: str, text: str, rng: random.Random) -> Iterator[tuple[str, ...]]:
    look = rng.choice(((), ("--lang", "zh"), ("--format", "json"), ("--picture", "heads"), ("--step", "probabilities")))
    yield ("print", model, text, *look)
    yield ("why", model, text, rng.choice(("weights@1[0,0]", "left@0[0,1]", "logits[0,0]", "W_Q@1[0,0]")))
    yield ("capture", model, text, "--list", *rng.choice(((), ("--format", "json"))))
    yield ("print", f"{model}#left@1", text, "--query", "0")


def failures(seed: int) -> list[Failure]:
    """What is wrong with the model of this number."""
    rng = random.Random(f"model {seed}")
    with tempfile.TemporaryDirectory() as folder:
        model, text = _model(Path(folder), rng)
        return failures_of(list(_commands(model, text, rng)), Path(folder))


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, CASES, A_TEST))
def test_a_model_with_something_wrong_is_opened_or_refused(first: int) -> None:
    """A file that was cut short, or settings that do not fit, ended in a traceback, or in gigabytes of memory."""
    found = {seed: failures(seed) for seed in range(first, first + A_TEST)}
    told = [f"{seed}: {failure.what}\n{failure.command}" for seed, each in found.items() for failure in each]
    assert not told, "\n".join(told[:8])
