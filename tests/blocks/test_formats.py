"""Files with blocks in formats that are read by others."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.blocks.drawn import drawn
from tests.cli.program import printed
from tests.samples import each


@pytest.mark.parametrize("seed", each(range(40), range(6)))
def test_the_python_script_computes_the_same_numbers(seed: int, tmp_path: Path) -> None:
    """A reader who ran the script was told that a number does not hold, or got a traceback."""
    path = tmp_path / "drawn.json"
    path.write_text(json.dumps(drawn(seed, layers=1 + seed % 2)), encoding="utf-8")
    script = printed(path, "--format", "python", "--head", "all")
    done = subprocess.run([sys.executable, "-"], input=script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
