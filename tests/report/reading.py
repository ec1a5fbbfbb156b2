"""What readers of a format find in it: the numbers of each step, by its labels; and what JSON says they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.cli.program import run

Rows = dict[str, dict[str, str]]


@dataclass(frozen=True)
class FoundTable:
    """A table as a reader of the format finds it: for each row's label the numbers by the labels of the columns."""

    symbol: str
    rows: Rows


def json_of(*arguments: str) -> Mapping[str, Any]:
    """What `print --format json` says."""
    found: Mapping[str, Any] = run("print", *arguments, "--format", "json").json
    return found


def steps_in(found: Mapping[str, Any], new: str = "after") -> Iterator[Mapping[str, Any]]:
    """All steps of a JSON, of whatever head; what the heads made, by head and column, as pages label it.

    `new` is how pages call what an update makes of a number.
    """
    for step in found["steps"]:
        if step["id"] == "heads":
            each = len(step["columns"]) // found["heads"]
            step = {**step, "columns": [f"{at // each}:{at % each}" for at in range(len(step["columns"]))]}
        elif step["id"] == "update":
            rows = [re.sub(r"^b(.*)\.0\.(\d+)$", r"b\1[\2]", row) for row in step["rows"]]
            rows = [re.sub(r"\.(\d+)\.(\d+)$", r"[\1,\2]", row) for row in rows]
            step = {**step, "rows": rows, "columns": [new]}
        yield step
    for one in found.get("heads_detail", ()):
        yield from one["steps"]


def agrees(text: str, value: float | None) -> bool:
    """Whether the text can be what is printed for the number."""
    text = text.replace("−", "-")
    if value is None:
        return text.strip("\\$").replace("\\infty", "∞") in ("-∞", "-inf", "-infinity")
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]*)?(e[+-]?[0-9]+)?", text):
        return False
    mantissa, _, exponent = text.partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    return abs(float(text) - value) <= 0.500001 * 10.0**-decimals


def carries(table: FoundTable, step: Mapping[str, Any]) -> bool:
    """Whether the table has the labels and the numbers of a step, each at the precision at which it is printed."""
    labels = set(step["rows"])
    if set(table.rows) != labels or any(not set(row) >= set(step["columns"]) for row in table.rows.values()):
        return False
    if len(labels) < len(step["rows"]):
        return True  # a text twice: which of the two rows it is cannot be told from its label
    return all(
        agrees(table.rows[row][column], value)
        for row, values in zip(step["rows"], step["values"], strict=True)
        for column, value in zip(step["columns"], values, strict=True)
    )
