"""Small sound examples for the tests to change, and short ways to read them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from qkvtui.errors import ExampleError
from qkvtui.files.clean import clean_line
from qkvtui.files.find import Located
from qkvtui.files.read import load_located, parse_example
from qkvtui.files.write import composed
from qkvtui.graph.document import Kind
from qkvtui.graph.example import Example

TOP = """format = 1
title = "Two words"
tokens = ["one", "two"]
"""
PROJECTED = """
[inputs]
X = [[1, 2], [3, 4]]
[parameters]
W_Q = [[1, 0], [0, 1]]
W_K = [[2, 0], [0, 2]]
W_V = [[3, 0], [0, 3]]
"""
DIRECT = """
[inputs]
Q = [[1, 2], [3, 4]]
K = [[1, 0], [0, 1]]
V = [[5, 6, 7], [8, 9, 0]]
"""
LABELLED = """format = 1
title = "What is it?"
tokens = ["it", "is", "wide"]
[parameters]
W_Q = [[1, 0], [0, 1]]
W_K = [[2, 0], [0, 2]]
W_V = [[3, 0], [0, 3]]
W_R = [[0.5, 0], [0, 0.5]] # reads the label
b_R = [0, 0]
[learn] # what "it" is
objective = "label"
train = ["W_Q", "E", "W_R", "b_R"]
rate = 0.1 # quick
steps = 20
[learn.vocabulary]
it = [0.5, 0.25] # "it"
is = [0, 0.125]
wide = [1, 0]
tired = [0, 1] # unlike wide
[[learn.sentences]] # the one on the screen
tokens = ["it", "is", "wide"]
query = "it"
label = "street"
[[learn.sentences]]
tokens = ["tired", "it", "is"]
query = 1
label = "animal"
[[learn.test]]
tokens = ["is", "it", "tired"]
query = "it"
label = "animal"
"""


def read(text: str, *, kind: Kind = "toml", folder: str | None = None) -> Example:
    """The example that `text` holds."""
    return parse_example(text, file="it.toml", folder=folder, kind=kind)


def refusal(text: str, *, kind: Kind = "toml", folder: str | None = None) -> str:
    """The message with which `text` is refused."""
    with pytest.raises(ExampleError) as caught:
        read(text, kind=kind, folder=folder)
    return str(caught.value)


def read_example(path: str | os.PathLike[str]) -> Example:
    """What is read from a path, once it has been found there."""
    where = os.fspath(path)
    return load_located(Located(clean_line(Path(where).stem), where, clean_line(where)))


def example_text(example: Example) -> str:
    """What is written of an example that was read from no file."""
    return composed(replace(example, document=None), example, "toml", None).text


def edited_text(original: Example, changed: Example) -> str:
    """What is written over the file that an example was read from; the file of arrays stays as it is."""
    return composed(original, changed, "toml" if original.document is None else original.document.kind, None).text
