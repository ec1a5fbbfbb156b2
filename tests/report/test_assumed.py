"""What a file leaves open, and how it was read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import printed, run

TEXT = """format = 1
title = "Two new tokens"
tokens = ["new0", "new1"]
context = ["p0", "p1", "p2"]
[inputs]
Q = [[1], [2]]
K = [[1], [2], [0]]
V = [[1], [2], [3]]
[attention]
causal = true
[published]
decimals = 2
weights = [[1, 0, 0], [0.12, 0.88, 0]]
"""


@pytest.mark.parametrize(("language", "words"), [("en", "it is read as"), ("zh", "is_causal 一样")])
def test_a_mask_that_was_read_in_one_of_two_ways_is_told_in_check_and_on_its_page(
    tmp_path: Path, language: str, words: str
) -> None:
    """The picture would have been another one than the author meant, without a word."""
    path = tmp_path / "two.toml"
    path.write_text(TEXT, encoding="utf-8")
    page = printed(path, "--step", "masked", "--lang", language, "--width", "400")
    checked = run("check", path, "--lang", language).output
    assert words in page
    assert words in checked
    assert "first" in checked
    path.write_text(TEXT.replace("true", '"first"'), encoding="utf-8")
    assert words not in printed(path, "--step", "masked", "--lang", language, "--width", "400")
    assert words not in run("check", path, "--lang", language).output
