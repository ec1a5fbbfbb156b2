"""Files with blocks in formats that are read by others."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from qkvtui.report.tex import formula
from tests.blocks.drawn import drawn
from tests.cli.program import printed
from tests.samples import each


@pytest.mark.sampled(1)
@pytest.mark.parametrize("seed", each(range(40), range(6)))
def test_the_python_script_computes_the_same_numbers(seed: int, tmp_path: Path) -> None:
    """A reader who ran the script was told that a number does not hold, or got a traceback."""
    path = tmp_path / "drawn.json"
    path.write_text(json.dumps(drawn(seed, layers=1 + seed % 2)), encoding="utf-8")
    script = printed(path, "--format", "python", "--head", "all")
    done = subprocess.run([sys.executable, "-"], input=script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("form", ["text", "latex"])
@pytest.mark.parametrize("seed", range(12))
def test_signs_of_a_block_are_written_in_what_the_reader_has(seed: int, form: str, tmp_path: Path) -> None:
    """N₂ and ε were no ASCII, and pdfLaTeX stopped at them."""
    path = tmp_path / "drawn.json"
    path.write_text(json.dumps(drawn(seed, layers=1 + seed % 2)), encoding="utf-8")
    page = printed(path, *(["--ascii"] if form == "text" else ["--format", "latex"]))
    assert not {sign for sign in page if sign in "ε₂₃Φ"}
    assert page.isascii() or form == "latex"


def test_the_names_of_a_block_are_formulas() -> None:
    r"""b_1n stood as b\_1n in a formula of LaTeX."""
    assert formula("F = N₂ W_1 + b_1n") == r"F = N_2  W_{1} + b_{1n}"
