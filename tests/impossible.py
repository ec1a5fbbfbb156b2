"""Examples that can be opened, and that have pages with impossible numbers further on."""

from __future__ import annotations

from pathlib import Path

_LARGE = """format = 1
title = "t"
tokens = ["it", "animal"]
[vocabulary]
tokens = ["it", "animal"]
E = [[1, 0], [0, 1]]
[[blocks]]
norm = "none"
mlp = "relu"
[blocks.parameters]
W_Q = [[1, 0], [0, 1]]
W_K = [[1, 0], [0, 1]]
W_V = [[1, 0], [0, 1]]
W_1 = [[1e60, 0], [0, 1]]
W_2 = [[1e60, 0], [0, 1]]
"""
_STOP = """
[[stops]]
address = "fed[it,0]"
text = "look"
"""
_DEEP = """format = 1
title = "deep"
tokens = ["a", "b"]
[vocabulary]
tokens = ["a", "b"]
E = [[1e50, 0], [0, 1e50]]
[[blocks]]
[blocks.parameters]
W_Q = [[1e-50, 0], [0, 1e-50]]
W_K = [[1e-50, 0], [0, 1e-50]]
W_V = [[1e30, 0], [0, 1e30]]
W_O = [[1, 0], [0, 1]]
[[blocks]]
[blocks.parameters]
W_Q = [[1e30, 0], [0, 1e30]]
W_K = [[1e30, 0], [0, 1e30]]
W_V = [[1e30, 0], [0, 1e30]]
W_O = [[1e30, 0], [0, 1e30]]
"""


def impossible_step(folder: Path, *, is_stop: bool = False) -> str:
    """A file whose step `fed` overflows, from the opened numbers on; with `is_stop` it is to be opened there."""
    return _written(folder, _LARGE + _STOP * is_stop)


def impossible_layer(folder: Path) -> str:
    """A file whose second layer overflows."""
    return _written(folder, _DEEP)


def _written(folder: Path, text: str) -> str:
    path = folder / "large.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)
