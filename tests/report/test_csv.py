"""A lesson as a table with a row for each number."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence

import pytest

from qkvtui.files.find import bundled_names
from qkvtui.localized import LANGUAGES
from tests import samples
from tests.cli.program import printed, run
from tests.report.reading import json_of
from tests.samples import each

Record = dict[str, str]


def table(*arguments: str) -> list[Record]:
    """The rows of `print --format csv`."""
    return list(csv.DictReader(io.StringIO(printed(*arguments, "--format", "csv")), strict=True))


def of_step(rows: Sequence[Record], step: str, head: str) -> list[Record]:
    """The rows of one step, without those of the context beside X."""
    return [row for row in rows if (row["step"], row["head"]) == (step, head) and not row["address"].startswith("Y[")]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", each(bundled_names(), ("animal", "two-heads", "journey-causal", "translation")))
def test_the_table_has_every_number_of_json_to_the_last_digit(name: str, language: str) -> None:
    """A plot made from the table would have been of other numbers than the lesson."""
    asked = (samples.of_one_layer(name), "--lang", language, "--head", "all")
    rows, found = table(*asked), json_of(*asked)
    parts = [("", step) for step in found["steps"]]
    parts += [
        (str(one["head"]) if found["heads"] > 1 else "", step) for one in found["heads_detail"] for step in one["steps"]
    ]
    count = 0
    for head, step in parts:
        cells = of_step(rows, step["id"], head)
        wanted = [
            (row.removeprefix("'"), column, -math.inf if value is None else value)
            for row, values in zip(step["rows"], step["values"], strict=True)
            for column, value in zip(step["columns"], values, strict=True)
        ]
        assert [(cell["row"].removeprefix("'"), cell["column"], float(cell["value"])) for cell in cells] == wanted
        count += len(cells)
    assert count == len([row for row in rows if not row["address"].startswith("Y[")])


def test_the_terms_of_a_number_give_it() -> None:
    """The column would have held the terms of another number."""
    for row in table("animal", "--digits", "6"):
        if row["step"] in ("queries", "scores", "output"):
            value = sum(math.prod(map(float, part.strip("() ").split(" × "))) for part in row["terms"].split(" + "))
            assert value == pytest.approx(float(row["value"]), abs=1e-5)
    by_address = {row["address"]: row["terms"] for row in table("animal")}
    assert by_address["embeddings[it,0]"] == "inputs.X, row 3, column 0"
    assert by_address["weights[it,animal]"] == "1.00 ÷ 3.90, 1.00 = exp(0.60 - 0.60)"
    ascii_terms = {row["address"]: row["terms"] for row in table("animal", "--ascii")}
    assert ascii_terms["scores[it,animal]"] == "0.50 x 0.90 + 0.50 x 0.80"


def test_an_address_of_the_table_is_one_for_why() -> None:
    """A number of the table could not have been looked up where two tokens are alike."""
    for row in table("order", "--step", "scores,output"):
        assert float(run("why", "order", row["address"], "--depth", "0", "--format", "json").json["value"]) == float(
            row["value"]
        )


def test_what_a_change_changed_stands_beside_it() -> None:
    """Before and after would have had to be joined from two runs."""
    rows = table("animal", "--scale", "none", "--before", "--step", "weights")
    plain = table("animal", "--step", "weights")
    assert [row["before"] for row in rows] == [row["value"] for row in plain]
    assert all(row["before"] != row["value"] for row in rows)
    assert "before" not in plain[0]


def test_several_lessons_are_told_apart() -> None:
    """Two lessons in one table would have been one with twice as many tokens."""
    rows = table("animal", "bank", "--step", "scores")
    assert [row["example"] for row in rows] == ["animal"] * 25 + ["bank"] * len(table("bank", "--step", "scores"))


def test_no_token_is_worked_out_by_a_spreadsheet() -> None:
    """A file from the internet with the token =HYPERLINK(…) would have run in the reader's spreadsheet."""
    example = 'format = 1\ntitle = "t"\ntokens = ["=1+1", "@a", "b"]\n[inputs]\nX = [[1, 0], [0, -1], [1, 1]]\n'
    text = run("print", "-", "--format", "csv", stdin=example).output
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert "'=1+1" in cells
    assert [one for one in cells if re.match(r"[=+@]|-(?![\d.]+$|inf$)", one)] == []
