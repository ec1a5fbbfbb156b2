"""A language that has only been begun, in a copy of the program."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import REPOSITORY, environment

COMMANDS = """
from qkvtui.cli import main

for language in ("en", "xx"):
    for line in (
        "list",
        "print animal --digits 3",
        "print animal --random --seed 3 --blank all",
        "print two-heads --format json --tokens-as columns",
        "why animal weights[it,animal]",
        "check animal",
        "learn animal-learn --steps 2",
    ):
        print(main([*line.split(), "--lang", language]))
    print("\\f")
"""


@pytest.mark.parametrize(
    "begun",
    [pytest.param("", marks=pytest.mark.slow), '[words]\nstep = "Schritt {number} von {count}"\n'],
    ids=["empty", "one text"],
)
def test_what_another_language_does_not_say_yet_is_said_in_english(begun: str, tmp_path: Path) -> None:
    """With a translation that was only begun, every command ended in a traceback, in English too."""
    shutil.copytree(REPOSITORY / "qkvtui", tmp_path / "qkvtui")
    (tmp_path / "examples").symlink_to(REPOSITORY / "examples")
    (tmp_path / "qkvtui" / "narration" / "xx.toml").write_text(begun, encoding="utf-8")
    localized = tmp_path / "qkvtui" / "localized.py"
    known = localized.read_text(encoding="utf-8")
    localized.write_text(known.replace('LANGUAGES = ("en", "zh"', 'LANGUAGES = ("en", "zh", "xx"'), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-c", COMMANDS],
        capture_output=True,
        text=True,
        env=environment(PYTHONPATH=str(tmp_path)),
        cwd=tmp_path,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    english, other, _ = ended.stdout.split("\f\n")
    assert "Schritt 1 von 11" in other if begun else other == english
