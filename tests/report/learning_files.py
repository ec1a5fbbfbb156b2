"""Files with a learning task of each objective, as a user would write them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import run

ANIMAL = """\
format = 1
title = "Whom does 'it' mean?"
tokens = ["The", "animal", "street", "it", "tired"]
query = "it"
[inputs]
X = [[0.2, 0.1], [0.9, 0.8], [0.7, 0.1], [0.5, 0.5], [0.1, 0.9]]
[parameters]
W_Q = [[1, 0], [0, 1]]
W_K = [[1, 0], [0, 1]]
W_V = [[1, 0], [0, 1]]
[learn]
target = { it = [0.05, 0.45, 0.02, 0.40, 0.08] }
train = ["W_Q", "W_K"]
rate = 1.0
steps = 60
"""

OUTPUT = ANIMAL.replace(
    "target = { it = [0.05, 0.45, 0.02, 0.40, 0.08] }", 'objective = "output"\ntarget = { it = [0.3, -0.6] }'
).replace('train = ["W_Q", "W_K"]', 'train = ["W_V"]')

AWKWARD = ANIMAL.replace('"street"', '"a|b`[x](y)*"').replace('"tired"', '"<b>,\\"_\\""')
"""The same with tokens that Markdown and CSV would take for signs of their own."""

LABEL = """\
format = 1
title = "Hungry or wet?"
tokens = ["it", "eats"]
[parameters]
W_Q = [[0.3, 0.1], [-0.2, 0.4]]
W_K = [[0.2, 0.5], [0.1, -0.3]]
W_V = [[0.4, -0.1], [0.2, 0.3]]
W_R = [[0.1, -0.2], [0.3, 0.1]]
[learn]
objective = "label"
train = ["W_Q", "W_K", "W_V", "W_R"]
optimizer = "adam"
rate = 0.1
steps = 40
[learn.vocabulary]
it = [0.1, 0.2]
eats = [1.0, 0.0]
sleeps = [0.9, 0.1]
rains = [0.0, 1.0]
pours = [0.1, 0.9]
[[learn.sentences]]
tokens = ["it", "eats"]
label = "animal"
[[learn.sentences]]
tokens = ["it", "rains"]
label = "weather"
[[learn.test]]
tokens = ["it", "sleeps"]
label = "animal"
[[learn.test]]
tokens = ["it", "pours"]
label = "weather"
"""

HEADS = """\
format = 1
title = "Two heads, and a target for the second"
tokens = ["The", "animal", "it", "tired"]
query = "it"
[inputs]
X = [[0.2, 0.1], [0.9, 0.8], [0.5, 0.5], [0.1, 0.9]]
[parameters]
W_Q = [[1, 0, 0.3, 0.1], [0, 1, -0.4, 0.9]]
W_K = [[1, 0, 0.2, -0.5], [0, 1, 0.7, 0.4]]
W_V = [[1, 0, 0, 1], [0, 1, 1, 0]]
[attention]
heads = 2
[learn]
head = 1
target = { it = [0.1, 0.6, 0.2, 0.1] }
train = ["W_Q", "W_K"]
rate = 1.0
steps = 20
"""


def saved(folder: Path, text: str, name: str = "task.toml") -> Path:
    """The file, written."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def told(path: Path, *options: str) -> str:
    """The output of `qkvtui learn`, which must go well."""
    ended = run("learn", path, *options)
    assert (ended.status, ended.messages) == (0, "")
    return ended.output


def as_json(path: Path, *options: str) -> dict[str, Any]:
    """The same as JSON."""
    found: dict[str, Any] = json.loads(told(path, "--format", "json", *options))
    return found


def in_one_line(path: Path, *options: str) -> str:
    """The page without its line breaks."""
    return " ".join(told(path, *options).split())


EVERY_TASK = pytest.mark.parametrize(
    "task", [ANIMAL, OUTPUT, AWKWARD, LABEL, HEADS], ids=["animal", "output", "awkward", "label", "heads"]
)
