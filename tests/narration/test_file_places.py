"""Where a number stands in the file, in the reader's language."""

from __future__ import annotations

import re

import pytest

from qkvtui.localized import LANGUAGES
from qkvtui.narration.language import language_texts
from qkvtui.operations.rules import Rule
from qkvtui.operations.tensors import Address
from qkvtui.trace.addresses import parse_address
from qkvtui.trace.terms import opened
from tests import samples
from tests.cli.program import run


@pytest.mark.sampled(16)
@pytest.mark.parametrize("name", samples.LESSONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_given_number_says_where_it_comes_from_in_every_language(name: str, language: str) -> None:
    """A page ended in a traceback, or had a hole where the place in the file should be."""
    trace, texts = samples.trace(name), language_texts(language)
    cells = [Address(one, 0, 0, 0) for one in trace.graph.rows]
    for found in (opened(trace, cell) for cell in cells):
        assert bool(texts.file_places(found.places)) == (found.rule is Rule.GIVEN), found


def test_a_chinese_reader_is_told_the_place_in_chinese_and_a_script_in_english() -> None:
    """Every Chinese lesson began with `inputs.X, row 3, column 0`, or JSON changed with the language."""
    assert "来自文件：inputs.X 第 3 行第 0 列（从 0 数起）" in run("print", "animal", "--lang", "zh").output
    tree = run("why", "animal", "weights[it,animal]", "--lang", "zh", "--width", "120").output
    assert "inputs.X 第 3 行第 0 列（从 0 数起）" in tree
    assert not re.search("row|column", tree)
    same = run("why", "animal", "X[it,0]", "--lang", "zh", "--format", "json").json
    assert same["given"] == "inputs.X, row 3, column 0"


def test_each_mask_that_hides_a_number_is_named() -> None:
    """Of two masks only one was to be found in the file."""
    trace = samples.trace("all_masks")
    found = opened(trace, parse_address(trace, "mask[0,1]"))
    assert len(found.places) > 1
    assert language_texts("zh").file_places(found.places).count("；") == len(found.places) - 1
