"""Worksheets of lessons with several layers: each is about one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import run


@pytest.mark.parametrize("example", ["two-layers", "two-layers#left@1[it,0]"])
def test_the_key_to_a_sheet_of_one_layer_gets_all_points(example: str, tmp_path: Path) -> None:
    """A traceback in place of the sheet; or what was right in layer 1 was graded as layer 0."""
    key = tmp_path / "key.csv"
    assert run("print", example, "--blank", "all", "--key", "-o", key).status == 0
    found = run("check", "--answers", key, "--format", "json")
    assert found.status == 0
    layer = "1" if "@1" in example else "0"
    assert {line.partition("@")[2][0] for line in key.read_text().splitlines()[1:]} == {layer}


def test_an_answer_to_another_layer_is_not_taken_for_one_to_this(tmp_path: Path) -> None:
    """left@1 was graded as left@0, and wrong."""
    answers = tmp_path / "answers.csv"
    answers.write_text('address,answer\n"left@1[it,3]",0.99\n')
    found = run("check", "two-layers", "--answers", answers)
    assert "left@1[it,3]: belongs to another layer; the sheet is about layer 0" in found.output + found.messages
