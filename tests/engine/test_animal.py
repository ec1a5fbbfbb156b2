"""The example of the first lesson, small enough to have been computed with pencil and paper."""

from __future__ import annotations

import numpy as np
import pytest

from qkvtui.trace.trace import Trace
from tests import samples
from tests.oracle import reference

pytestmark = pytest.mark.filterwarnings("error")

TOKENS = ("The", "animal", "street", "it", "tired")
X = [[0.2, 0.1], [0.9, 0.8], [0.7, 0.1], [0.5, 0.5], [0.1, 0.9]]
IDENTITY = [[1.0, 0.0], [0.0, 1.0]]
IT = TOKENS.index("it")

SCORES = [
    [0.05, 0.26, 0.15, 0.15, 0.11],
    [0.26, 1.45, 0.71, 0.85, 0.81],
    [0.15, 0.71, 0.50, 0.40, 0.16],
    [0.15, 0.85, 0.40, 0.50, 0.50],
    [0.11, 0.81, 0.16, 0.50, 0.82],
]
WEIGHTS_OF_IT = [0.156, 0.257, 0.187, 0.200, 0.200]
# 0.156·X[The] + 0.257·X[animal] + … with the weights before rounding
OUTPUT_OF_IT = [0.513, 0.520]


def test_the_program_gives_the_numbers_of_the_first_lesson() -> None:
    """The first page a learner opens shows numbers that pencil and paper do not confirm."""
    eye = np.array(IDENTITY)
    trace = Trace(samples.of("lesson", TOKENS, {"X": np.array(X)}, {"W_Q": eye, "W_K": eye, "W_V": eye}))
    np.testing.assert_allclose(trace.matrix("scores"), SCORES, atol=1e-15)
    np.testing.assert_allclose(trace.matrix("scaled"), np.array(SCORES) / np.sqrt(2), atol=1e-15)
    assert trace.row("weights", IT).round(3).tolist() == WEIGHTS_OF_IT
    assert trace.row("output", IT).round(3).tolist() == OUTPUT_OF_IT


def test_the_oracle_gives_the_numbers_of_the_first_lesson() -> None:
    """The reference is wrong itself, and agrees with a wrong program."""
    found = reference({"X": X}, {"W_Q": IDENTITY, "W_K": IDENTITY, "W_V": IDENTITY})
    assert [[round(score, 12) for score in row] for row in found.scores[0]] == SCORES
    assert [round(weight, 3) for weight in found.weights[0][IT]] == WEIGHTS_OF_IT
    assert [round(number, 3) for number in found.output[0][IT]] == OUTPUT_OF_IT
    assert list(found.steps()) == ["queries", "keys", "values", "scores", "scaled", "weights", "output"]


def test_the_oracle_takes_queries_keys_and_values_as_given() -> None:
    """An example that starts from Q, K and V has nothing to be compared with."""
    found = reference({"Q": X, "K": X, "V": IDENTITY + X[:3]}, None, {"scale": "none", "causal": True})
    assert found.values == [IDENTITY + X[:3]]
    assert found.output[0][0] == [1, 0]
    assert list(found.steps()) == ["queries", "keys", "values", "scores", "masked", "weights", "output"]
    several = reference({"Q": [X, X, X, X], "K": [X, X[::-1]], "V": [X, X]}, {}, {"heads": 4, "kv_heads": 2})
    assert several.keys == [X, X, X[::-1], X[::-1]]
    assert several.steps(2)["scores"][0] == pytest.approx(SCORES[0][::-1])
    assert list(several.steps(2))[-1] == "heads"
