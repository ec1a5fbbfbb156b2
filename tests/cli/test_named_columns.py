"""Names of columns on the command line: read everywhere, shown to readers, kept from what programs read."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.program import run

NAMED = "animal-sentence"


def output(*arguments: str | Path) -> str:
    """What a command that goes well writes."""
    ended = run(*arguments)
    assert (ended.status, ended.messages) == (0, "")
    return ended.output


def test_json_labels_its_columns_by_name_and_addresses_by_index() -> None:
    """A notebook had to know what column 3 is; or a script broke over an address in another language."""
    for language, name in (("en", "living"), ("zh", "生物")):
        found = json.loads(output("print", NAMED, "--format", "json", "--lang", language))
        columns = {step["id"]: step["columns"] for step in found["steps"]}
        assert [columns[step][0] for step in ("embeddings", "queries", "keys", "values", "output")] == [name] * 5
        assert columns["scores"][0] == "The"
    tree = json.loads(output("why", NAMED, "queries[it,生物]", "--format", "json", "--lang", "en"))
    assert tree["address"] == "queries[it,0]"
    sheet = output("print", NAMED, "--blank", "queries", "--format", "csv", "--lang", "en")
    assert '"queries[it,0]"' in sheet


def test_the_command_line_takes_names() -> None:
    """`--set 'X[it,living]=0'` was refused, and `why` knew no names."""
    assert "3.60 → 2.10" in output("print", NAMED, "--set", "X[it,living]=0", "--step", "queries", "--before")
    assert "W_Q[points back,living]" in output("why", NAMED, "queries[it,living]", "--lang", "en")


def test_a_worksheet_is_graded_by_name_and_by_index(tmp_path: Path) -> None:
    """A learner who copied the addresses from the page lost every point."""
    answers = tmp_path / "mine.csv"
    rows = (
        ("queries[it,living]", "3.60"),
        ("queries[it,地点]", "0"),
        ("queries[it,2]", "-0.2"),
        ("queries[#7,动作]", "-2.8"),
    )
    answers.write_text("".join(f'"{cell}",{answer}\n' for cell, answer in rows), encoding="utf-8")
    assert "4 of 4" in output("check", NAMED, "--answers", answers, "--lang", "en")
