"""A number that does not hold never looks like the printed one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qkvtui.graph.printed import Published
from qkvtui.localized import LANGUAGES
from qkvtui.narration.formats import step_format
from qkvtui.trace.published import comparisons
from qkvtui.trace.trace import Trace
from tests import samples
from tests.cli.program import run

NEARLY = """format = 1
title = "nearly"
tokens = ["a", "b"]
query = "b"
[inputs]
X = [[1, 1], [0, 2]]
[parameters]
W_Q = [[2, 0], [1, 1]]
W_K = [[1, 0], [0, 1]]
W_V = [[1, 0], [0, 1]]
[published]
weights = [[0.8044, 0.1956], [0.5002, 0.4998]]
output = { b = [0.5002, 1.5] }
"""


@pytest.mark.parametrize("name", ["plain", "all_masks", "causal"])
def test_whatever_is_printed_wrong_looks_wrong(name: str) -> None:
    """Beside a ✗ stood the same number twice."""
    rng = np.random.default_rng(len(name))
    trace = samples.trace(name)
    for step in ("scores", "weights", "output"):
        values = trace.matrix(step).copy()
        values += rng.choice([0, 1e-4, 3e-6, 0.02], values.shape)
        rows = {row: tuple(of_row.tolist()) for row, of_row in enumerate(values) if np.isfinite(of_row).all()}
        printing = Trace(replace(trace.example, published=Published({step: rows}, 7)))
        written = step_format(printing, step, 0, 2)
        for one in comparisons(printing):
            assert one.agrees or written.text(one.published) != written.text(one.computed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_and_the_sentence_show_digits_until_they_differ(
    language: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """“The source printed 0.50, but the numbers here give 0.50.”"""
    path = tmp_path_factory.mktemp("nearly") / "nearly.toml"
    path.write_text(NEARLY, encoding="utf-8")
    said = run("print", path, "--lang", language).output
    assert "0.5002 ✗" in said
    assert "0.5000" in said
    assert "0.50 ✗" not in said


@pytest.mark.sampled(3)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "change", [("--causal",), ("--set", "X[b,0]=0.5"), ("--scale", "none"), ("--softmax", "columns")]
)
def test_no_source_is_blamed_for_a_run_that_the_reader_has_changed(
    language: str, change: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """After `m`: “The source printed 0.07109, but the numbers here give 0.07055” ✗; it had printed another run."""
    path = tmp_path_factory.mktemp("nearly") / "nearly.toml"
    path.write_text(NEARLY, encoding="utf-8")
    own = run("print", path, "--lang", language).output
    changed = run("print", path, "--lang", language, *change).output
    before = {"en": "printed before", "zh": "原文（改前）"}[language]
    assert "✗" in own
    assert "✗" not in changed
    assert before in changed
    assert before not in own
    if language == "en":
        assert "The source printed" in own
        assert "The source printed" not in changed
        assert "printed for the unchanged run" in changed
