"""`qkvtui patch` in every format of documents, and the words and digits that tell two runs apart."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from qkvtui.localized import LANGUAGES
from tests.blocks.test_patching import ALONE, written_to
from tests.cli.program import run
from tests.report.test_svg import texts as svg_texts
from tests.report.test_told import GRIDS, carried


@pytest.mark.sampled(3)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(GRIDS))
def test_every_document_has_both_tables(kind: str, language: str) -> None:
    """The table by heads was missing in the page, or its numbers stood under other heads than in the terminal."""
    words = ("patch", "how-tired-gets-in", "--format")
    found = run(*words, "json").json["patches"]
    grids = list(GRIDS[kind](run(*words, kind, "--lang", language).output, language))
    for put in ("row", "head"):
        values = [one for one in found if one["put"] == put]
        layers = sorted({one["layer"] for one in values})
        assert carried([[one["value"] for one in values if one["layer"] == layer] for layer in layers], grids)


def test_a_figure_has_the_tables_too() -> None:
    """`-o patch.svg` was refused."""
    texts = " ".join(
        one.text or "" for one in svg_texts(fromstring(run("patch", "how-tired-gets-in", "--format", "svg").output))
    )
    assert "0.96" in texts
    assert "instead of" in texts


def test_it_names_the_words_that_differ() -> None:
    """Of a long sentence the beginning was named, which is the same in both runs."""
    watched = run("patch", "how-tired-gets-in", "--width", "100").output.splitlines()[0]
    assert watched.endswith("in the other run, “wide” instead of “tired”.")
    watched = run("patch", "how-tired-gets-in", "--lang", "zh").output.splitlines()[0]
    assert "另一次运行（把“tired”换成了“wide”）是" in watched


def test_two_numbers_that_differ_look_different(tmp_path: Path) -> None:
    """“0.04 becomes 0.04, 100% of the way to the other run.”"""
    told = "[attention]\nscale = 0.001\n"
    written_to(tmp_path / "other.toml", told, ALONE.replace("[3, 4]", "[4, 3]"))
    path = written_to(tmp_path / "one.toml", f'{told}[[patch]]\nfrom = "other.toml"\nwatch = "weights[0,1]"\n')
    (own, other), *_ = re.findall(r"([0-9.]+) here, ([0-9.]+) in the other", run("patch", path).output)
    assert own != other
