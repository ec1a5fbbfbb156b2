"""Thousands of tokens in print mode."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.program import run
from tests.thousands import write_thousands


@pytest.mark.slow
def test_json_of_thousands_of_tokens_is_refused_where_it_would_take_gigabytes(tmp_path: Path) -> None:
    """`print --format json` filled the memory with 16 million numbers a step, six times."""
    path = str(write_thousands(tmp_path, 4096))
    refused = run("print", path, "--format", "json")
    assert refused.status == 2
    assert "scores has 4096 × 4096 numbers" in refused.messages
    offered = refused.messages.split("--step ")[1].split()[0].split(",")
    allowed = run("print", path, "--format", "json", "--step", ",".join(offered), "--query", "100")
    assert allowed.status == 0
    found = json.loads(allowed.output)
    assert [step["id"] for step in found["steps"]] == offered
    assert len(found["attends"]) == 4096


def test_one_query_of_thousands_is_printed_as_text(tmp_path: Path) -> None:
    """The page of one query listed all tokens, or was never done."""
    path = str(write_thousands(tmp_path, 4096, projected=False))
    printed = run("print", path, "--query", "100", "--step", "weights,summary")
    assert printed.status == 0
    assert len(printed.output.splitlines()) < 200
