"""Pages of an example of which a source printed single numbers only."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from qkvtui.trace.published import comparisons, order_conflict
from qkvtui.trace.trace import Trace
from tests.cli.program import printed, run
from tests.files.samples import PROJECTED, TOP, read

TEXT = f'{TOP}{PROJECTED}[published]\nweights = {{ one = [0.5, "?"] }}\n"scores[one,two]" = 22\n"keys[two,0]" = 7.0\n'


@pytest.fixture
def partly(tmp_path: Path) -> Path:
    path = tmp_path / "partly.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_only_what_was_printed_is_compared() -> None:
    """A gap would have been called wrong, or have been proof that no softmax gives the row."""
    trace = Trace(read(TEXT))
    assert [(one.step, one.row, one.column) for one in comparisons(trace)] == [
        ("keys", 1, 0),
        ("scores", 0, 1),
        ("weights", 0, 0),
    ]
    assert not any(math.isnan(one.published) for one in comparisons(trace))
    assert order_conflict(trace, 0) is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_show_nothing_where_nothing_was_printed(partly: Path, language: str) -> None:
    """`nan ✗` would have stood on the page as if the source had printed it."""
    page = printed(partly, "--lang", language, "--step", "scores,weights")
    assert "22 ✓" in page
    assert "nan" not in page.lower()


def test_json_has_only_what_was_printed(partly: Path) -> None:
    """NaN is no JSON."""
    found = json.loads(printed(partly, "--format", "json"))["published"]
    assert [(one["step"], one["published"]) for one in found] == [("keys", 7), ("scores", 22), ("weights", 0.5)]
    checked = run("check", partly, "--format", "json")
    assert json.loads(checked.output)["files"][0]["published"] == 3
    assert "nan" not in run("check", partly).output.lower()
