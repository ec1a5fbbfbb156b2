"""An example without matrices: the rows of X ask, are found and are handed over."""

from __future__ import annotations

import json

import numpy as np
import pytest

from qkvtui.cli import main
from qkvtui.errors import ExampleError
from qkvtui.files.read import parse_example
from qkvtui.operations.tensors import Address
from qkvtui.trace.trace import Trace
from qkvtui.trace.why import why

_PLAIN = """format = 1
title = "Who is like whom?"
tokens = ["river", "bank", "money"]
[inputs]
X = [[2, 0.5], [1, 1], [-0.25, 2]]
"""


def _by_hand(scale: float, causal: bool) -> tuple[np.ndarray, np.ndarray]:
    x = np.array([[2, 0.5], [1, 1], [-0.25, 2]])
    scores = np.einsum("im,jm->ij", x, x) * scale
    if causal:
        scores[np.triu_indices(3, 1)] = -np.inf
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return shares, np.einsum("ij,jm->im", shares, x)


@pytest.mark.parametrize(
    ("settings", "scale", "causal"),
    [
        ("", 2**-0.5, False),
        ('[attention]\nscale = "none"', 1.0, False),
        ("[attention]\ncausal = true", 2**-0.5, True),
    ],
)
def test_rows_that_ask_for_themselves_give_softmax_of_x_x_transposed_times_x(
    settings: str, scale: float, causal: bool
) -> None:
    """A reader would have seen shares that the sentence's own rows do not give."""
    trace = Trace(parse_example(_PLAIN + settings))
    shares, output = _by_hand(scale, causal)
    assert [step.id for step in trace.steps if step.id in ("queries", "keys", "values")] == []
    np.testing.assert_allclose(trace.matrix("weights"), shares, rtol=1e-12)
    np.testing.assert_allclose(trace.matrix("output"), output, rtol=1e-12)


def test_every_number_without_matrices_opens_down_to_x() -> None:
    """A learner would have met a number that comes from nowhere."""
    trace = Trace(parse_example(_PLAIN + '[attention]\nscale = "none"\n'))
    nodes = [why(trace, Address("output", row, column)) for row in range(3) for column in range(2)]
    leaves: set[str] = set()
    while nodes:
        node = nodes.pop()
        nodes.extend(node.terms)
        leaves |= {node.address.split("[")[0]} if node.given else set()
    assert leaves == {"embeddings"}


def test_a_file_that_has_some_matrices_is_told_which_one_it_forgot() -> None:
    """An author who forgot W_K would have got another lesson without a word."""
    with pytest.raises(ExampleError, match=r"parameters\.W_K: is missing"):
        parse_example(_PLAIN + "[parameters]\nW_Q = [[1, 0], [0, 1]]\nW_V = [[1, 0], [0, 1]]\n")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("heads = 2", "heads: has nothing to share"),
        ('norm = "rms"', "g_Q: is missing"),
        ('scoring = "general"', "W_S: is missing"),
        ('scoring = "additive"', "v_S: is missing"),
    ],
)
def test_a_setting_that_needs_a_matrix_says_so_where_there_is_none(settings: str, message: str) -> None:
    """An author would have seen a traceback in place of what is missing."""
    with pytest.raises(ExampleError, match=message):
        parse_example(f"{_PLAIN}[attention]\n{settings}\n")


def test_a_lesson_without_matrices_does_not_speak_of_them(tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    """A beginner would have read of W_Q, of queries and of keys in the lesson that comes before them."""
    path = tmp_path / "plain.toml"
    path.write_text(_PLAIN + '[attention]\nscale = "none"\n', encoding="utf-8")
    for language, words in (("en", ("W_Q", " query", " key", " value")), ("zh", ("W_Q", "的查询", "的键", "的值"))):
        assert main(["print", str(path), "--lang", language]) == 0
        text = capsys.readouterr().out
        assert [word for word in words if word in text] == []
    assert main(["print", str(path), "--format", "json"]) == 0
    ids = [step["id"] for step in json.loads(capsys.readouterr().out)["steps"]]
    assert ids == ["embeddings", "scores", "weights", "output"]
